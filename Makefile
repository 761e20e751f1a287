# The commands of Doemee. `make` alone explains them.
.DEFAULT_GOAL := help
.PHONY: help install run test lint types check bench screens readme privacy lock messages clean

PORT ?= 5000
PYTHON ?= python3
BIN := .venv/bin

help: ## explain these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' Makefile

install: .venv/installed ## make .venv with exactly the pinned packages, and compile the translations
	@if [ -d app/translations ]; then $(BIN)/pybabel -q compile -d app/translations; fi

.venv/installed: requirements.txt requirements-dev.txt
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@echo "Installing the pinned packages in .venv (a minute or two the first time)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: install ## start the demo on PORT (5000): web, jobs, local UiT server and mailbox; Ctrl-C stops it all
	@APP_ENV=demo exec $(BIN)/python -m app.demo --port $(PORT)

test: install ## run every test, on SQLite, on PostgreSQL and in a browser; installs what that needs
	@sh deploy/test-needs.sh
	@$(BIN)/python -m pytest -n 2 --dist loadgroup

lint: install ## check the style and the common mistakes
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install ## check the types of the domain and the services
	@$(BIN)/mypy

check: lint types test ## everything a commit must pass

bench: install ## measure speed, at the sizes the benchmark names
	@$(BIN)/python -m tests.bench

screens: install ## make the pictures of docs/screens anew
	@sh deploy/test-needs.sh
	@SCREENS=docs/screens $(BIN)/python -m pytest tests/e2e/test_screens.py --db sqlite

readme: install ## write the rights table of the README anew, from the policy
	@APP_ENV=demo $(BIN)/flask --app wsgi rights > rights.tmp
	@sed -i -e '/<!-- rights -->/,/<!-- \/rights -->/{/<!-- rights -->/r rights.tmp' -e '/<!--/!d}' README.md
	@rm rights.tmp

privacy: install ## write the table of docs/privacy.md anew, from the code
	@APP_ENV=demo $(BIN)/flask --app wsgi kept > kept.tmp
	@sed -i -e '/<!-- kept -->/,/<!-- \/kept -->/{/<!-- kept -->/r kept.tmp' -e '/<!--/!d}' docs/privacy.md
	@rm kept.tmp

# Hashes are compiled without hosts and paths, so that the files hold on any machine.
PIN := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes --strip-extras \
	--no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

lock: install ## pin what requirements*.in ask for; LOCK=--upgrade takes the newest
	@$(PIN) $(LOCK) -o requirements.txt requirements.in
	@$(PIN) $(LOCK) --allow-unsafe -o requirements-dev.txt requirements-dev.in

messages: install ## collect the texts to translate and bring the catalogues up to date
	@$(BIN)/python -m babel.messages.frontend -q extract -F babel.cfg -k lazy_gettext -k _l --no-location -o messages.pot app admin_views jobs
	@$(BIN)/pybabel -q update -i messages.pot -d app/translations --no-fuzzy-matching
	@rm messages.pot

clean: ## remove .venv and all that tools left behind; the data in instance/ stays
	@rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis test-results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@find . -name '*.mo' -type f -exec rm -f {} +
