"""What the database does for one page: every statement it asks, with its plan."""

from app.models import db
from tests.bench.clock import listening
from tests.bench.pages import Page
from tests.bench.stage import Stage


def explain(page: Page, stage: Stage) -> None:
    """Print the plan of each statement of this page, as PostgreSQL ran it."""
    with stage.app.app_context():
        engine = db.engine
    client, path = stage.clients[page.who], page.path.format(**stage.facts)
    client.get(path)
    with listening(engine) as asked:
        client.get(path)
    with engine.connect() as connection:
        for statement, parameters in asked.statements:
            plan = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, BUFFERS) {statement}", parameters).scalars().all()
            print("", statement, *plan, sep="\n")
