"""The application for a WSGI server and for `flask --app wsgi`."""

import os

from app import checks
from app.factory import create_app

app = create_app()
if os.environ.get("FLASK_RUN_FROM_CLI") != "true":  # commands are there to mend what a server refuses to start on
    checks.refuse_unfit(app)
