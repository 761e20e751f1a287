"""Commands about privacy: forget what is no longer kept, see beforehand what that would be, print the table."""

import click

from app.domain import retention as table
from app.domain.clock import now_utc
from app.models import db
from app.services import retention

MOST_SHOWN = 50


@click.command("forget")
@click.option("--preview", is_flag=True, help="Tell what would go, and change nothing.")
def forget(preview: bool) -> None:
    """Delete or anonymise what docs/privacy.md says is no longer kept. The jobs do it every night."""
    if preview:
        look_ahead()
        return
    from jobs.retention import run

    for name, count in run().items():
        click.echo(f"{name}: {count}")


def look_ahead() -> None:
    """A line for each line of the table: how many, and of accounts which."""
    for kept, ids in retention.preview(db.session, now_utc()).items():  # type: ignore[arg-type]
        click.echo(f"{kept.name} ({kept.period}): {len(ids)} {kept.then}")
        if kept is table.ACCOUNT and ids:
            more = f" and {len(ids) - MOST_SHOWN} more" if len(ids) > MOST_SHOWN else ""
            click.echo(f"  accounts {', '.join(map(str, ids[:MOST_SHOWN]))}{more}")
    db.session.rollback()


@click.command("kept")
def kept() -> None:
    """Print what is kept of whom, why and how long, as the Markdown table of docs/privacy.md."""
    click.echo(table.table())
