"""Commands, `flask --app wsgi …`: doors that know the clock and the transaction, and exit 1 when they failed."""

import json
import sys
from collections.abc import Callable

import click
from flask import Flask, current_app

from app.commands_privacy import forget, kept
from app.domain.actor import ROLE_WORDS, Actor, Role
from app.domain.clock import now_utc
from app.domain.errors import AppError
from app.domain.policy import RULES
from app.models import connection, db
from app.services import accounts, one_time, reference
from app.services.sources.registry import SOURCES

as_json = click.option("--json", "as_json", is_flag=True, help="Print one line of counts, for machines.")


def init(app: Flask) -> None:
    for command in (
        load_reference,
        load_demo,
        sync,
        send_mail,
        run_job,
        create_user,
        suspend_user,
        rights,
        forget,
        kept,
    ):
        app.cli.add_command(command)


def tell(counts: dict[str, int], machine: bool) -> None:
    click.echo(json.dumps(counts) if machine else ", ".join(f"{name}: {count}" for name, count in counts.items()))


@click.command("load-reference")
@as_json
def load_reference(as_json: bool) -> None:
    """Load municipalities, networks, topics, goals, levels and reasons; again changes only what differs."""
    with connection.writing(db.session):
        counts = reference.load(db.session, now_utc())
    tell(counts, as_json)


@click.command("load-demo")
@as_json
def load_demo(as_json: bool) -> None:
    """Load the demo's invented people and activities. Refused in production."""
    if not current_app.extensions["settings"].demo:
        raise click.ClickException("Demo data is refused in production (APP_ENV=demo).")
    from app.demo import world

    with connection.writing(db.session):
        counts = world.load(db.session, now_utc())
    tell(counts, as_json)


@click.command("sync")
@click.argument("source", default=reference.UIT_KEY)
@click.option("--full", is_flag=True, help="Ask for everything, not only for what changed.")
@as_json
def sync(source: str, full: bool, as_json: bool) -> None:
    """Fetch what changed at a SOURCE (uitdatabank). Exits 1 when the run failed."""
    from jobs.sync import run

    if source not in SOURCES:
        raise click.ClickException(f"No such source: {source}. There is: {', '.join(SOURCES)}.")
    finished = run(source, full=full)
    tell(finished.counts, as_json)
    if finished.error:
        click.echo(finished.error, err=True)
        sys.exit(1)


@click.command("send-mail")
@as_json
def send_mail(as_json: bool) -> None:
    """Make the mails that are due and send them. Exits 1 when one failed for good."""
    from jobs.mail import run

    counts = run()
    tell(counts, as_json)
    if counts["failed"]:
        sys.exit(1)


@click.command("run-job")
@click.argument("name")
def run_job(name: str) -> None:
    """Run the job NAME of the timetable now, whatever its hour."""
    from jobs import TIMETABLE

    jobs: dict[str, Callable[[], dict[str, int]]] = {job.name: job.run for job in TIMETABLE}
    if name not in jobs:
        raise click.ClickException(f"No such job: {name}. There is: {', '.join(sorted(jobs))}.")
    tell(jobs[name](), machine=False)


@click.command("create-user")
@click.argument("email")
@click.argument("name")
@click.option("--platform", is_flag=True, help="Make this person a platform administrator.")
def create_user(email: str, name: str, platform: bool) -> None:
    """Create an account for EMAIL and NAME, and print the one-time link with which they choose a password."""
    settings = current_app.extensions["settings"]
    try:
        with connection.writing(db.session):
            user = accounts.create_user(db.session, email, name, now_utc())
            if platform:
                accounts.make_platform_administrator(db.session, user, now_utc())
            token = one_time.first_link(db.session, user, now_utc())
    except AppError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Good for 72 hours, once: {settings.base_url}/welkom/{token}")


@click.command("suspend-user")
@click.argument("email")
@click.option("--lift", is_flag=True, help="Let this person in again.")
def suspend_user(email: str, lift: bool) -> None:
    """Shut the account of EMAIL out at its next request, and end all its sessions; its mandates and history stay."""
    try:
        with connection.writing(db.session):
            user = accounts.of_email(db.session, email)
            change = accounts.unsuspend if lift else accounts.suspend
            change(db.session, Actor(), now_utc(), user)
    except AppError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{email}: {'may sign in again' if lift else 'is out, everywhere'}.")


@click.command("rights")
def rights() -> None:
    """Print who may do what, as a Markdown table made of the policy's own sentences."""
    click.echo(rights_table())


def rights_table() -> str:
    """The table of the README: a line for each role, its sentences in the order of the policy."""
    lines = ["| rol | mag |", "|---|---|"]
    for role in Role:
        sentences = dict.fromkeys(rule.sentence for rule in RULES if rule.role is role)
        lines.append(f"| {ROLE_WORDS[role]} | {'<br>'.join(sentences)} |")
    return "\n".join(lines)
