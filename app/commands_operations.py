"""The commands of whoever keeps this running, `flask --app wsgi …`: check, backup, restore."""

import json
import sys
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask, current_app

import jobs
from app import backups, checks
from app.domain.clock import now_utc
from app.models import db
from app.services.heartbeat import Rhythm
from app.settings import ROOT
from jobs.runner import seconds_of

as_json = click.option("--json", "as_json", is_flag=True, help="Print one line, for machines.")
BACKUPS = ROOT / "instance" / "backups"


def init(app: Flask) -> None:
    for command in (check, backup, restore):
        app.cli.add_command(command)


@click.command("check")
@click.option("--strict", is_flag=True, help="Let a warning fail too.")
@as_json
def check(strict: bool, as_json: bool) -> None:
    """Tell what is weak in the settings and the database, a line each with what to do.

    Exits 1 on an error: production does not start on one. Warnings are told, and exit 0.
    """
    rhythms = [Rhythm(job.name, seconds_of(job)) for job in jobs.TIMETABLE]
    found = checks.of_everything(current_app._get_current_object(), rhythms)  # type: ignore[attr-defined]
    errors = sum(finding.level == "error" for finding in found)
    warnings = len(found) - errors
    if as_json:
        findings = [asdict(finding) for finding in found]
        click.echo(json.dumps({"errors": errors, "warnings": warnings, "findings": findings}))
    else:
        if current_app.extensions["settings"].demo:
            click.echo("This is the demo (APP_ENV=demo). Production would say:")
        for finding in found:
            click.echo(f"{finding.level:<8} {finding}")
        click.echo(f"errors: {errors}, warnings: {warnings}")
    if errors or (strict and warnings):
        sys.exit(1)


@click.command("backup")
@click.argument("file", required=False, type=click.Path(path_type=Path))
@as_json
def backup(file: Path | None, as_json: bool) -> None:
    """Write a back-up of the whole database to FILE, while everything runs on.

    FILE may be a folder: then it gets a name with the time. Without FILE it goes to instance/backups. It is readable
    for its owner only, and never takes another's place. PostgreSQL asks for pg_dump on this machine.
    """
    now = now_utc()
    path = file or BACKUPS
    if path.is_dir() or not path.suffix:  # a folder that is still to be made, not a file of its name
        path = path / backups.default_name(now)
    try:
        with Said(as_json) as say:
            manifest = backups.backup(db.engine, path, db.metadata.tables, now, say)
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from error
    tell(as_json, path, manifest, f"Written: {path}")


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@as_json
def restore(file: Path, as_json: bool) -> None:
    """Put the back-up FILE into the database of DATABASE_URL, which must be empty.

    Its checksum is held first, and every table's rows are counted after. Sessions and one-time links of then are
    ended. PostgreSQL asks for pg_restore on this machine.
    """
    try:
        with Said(as_json) as say:
            done = backups.restore(db.engine, file, now_utc(), say)
    except backups.BackupError as error:
        raise click.ClickException(str(error)) from error
    tell(as_json, file, done.manifest, f"Restored: {file}", sessions_ended=done.sessions, links_ended=done.links)
    if not as_json:
        click.echo(f"Every table has the rows it had. Sessions ended: {done.sessions}, one-time links: {done.links}.")
        if done.behind:
            click.echo("It comes from an older version. Now run: flask --app wsgi db upgrade")


def tell(machine: bool, path: Path, manifest: backups.Manifest, words: str, **more: int) -> None:
    if machine:
        click.echo(json.dumps({"file": str(path), **asdict(manifest), **more}))
        return
    filled = sum(1 for rows in manifest.rows.values() if rows)
    click.echo(words)
    click.echo(
        f"{manifest.database} of {manifest.made_at}, migration {manifest.migration}: "
        f"{manifest.total} rows in {filled} tables."
    )


class Said:
    """Where it is, on one line of a terminal that is written over; nothing anywhere else."""

    def __init__(self, machine: bool) -> None:
        self.shown = not machine and sys.stderr.isatty()

    def __enter__(self) -> "Said":
        return self

    def __call__(self, words: str) -> None:
        if self.shown:
            click.echo(f"\r\033[K{words}", err=True, nl=False)

    def __exit__(self, *_: object) -> None:
        if self.shown:
            click.echo("\r\033[K", err=True, nl=False)
