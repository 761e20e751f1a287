#!/bin/sh
# Installs the real parts that the tests meet: Chromium and PostgreSQL's programs, from Debian's packages.
# Silent when nothing is missing. Without apt-get or without root it does nothing: the tests then use the PostgreSQL
# that pip installed, and say so when there is no browser.
set -eu

missing=""
if ! command -v chromium >/dev/null && ! command -v chromium-browser >/dev/null && ! command -v google-chrome >/dev/null
then
    missing="chromium fonts-liberation"
fi
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then missing="$missing postgresql"; fi

if [ -z "$missing" ] || ! command -v apt-get >/dev/null || [ "$(id -u)" -ne 0 ]; then exit 0; fi

# Only the programs are wanted: without a cluster of its own, the package has no service to start.
no_cluster=/etc/postgresql-common/createcluster.d/doemee-tests.conf
mkdir -p "${no_cluster%/*}"
echo "create_main_cluster = false" >"$no_cluster"
log=$(mktemp)
trap 'rm -f "$no_cluster" "$log"' EXIT

echo "Installing for the tests:" $missing
export DEBIAN_FRONTEND=noninteractive
if ! { apt-get update && apt-get install -y --no-install-recommends $missing; } >"$log" 2>&1 </dev/null
then
    tail -n 20 "$log" >&2
    exit 1
fi
