"""How the web runs: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`. What differs a host comes from the environment."""

import logging
import os
import sys
from pathlib import Path
from typing import Any

from gunicorn import glogging

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

bind = os.environ.get("WEB_BIND", "127.0.0.1:8000")  # or unix:/run/doemee/web.sock; TLS is the proxy's
worker_class = "gthread"
workers = int(os.environ.get("WEB_CONCURRENCY", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))  # pages wait for the database, not for the processor
timeout = 60  # a worker that says nothing for so long is replaced
graceful_timeout = 18  # what a request gets to finish when we stop; the unit waits 25
keepalive = 5
preload_app = False  # each worker makes its own connections
forwarded_allow_ips = ""  # only PROXY_COUNT decides whose X-Forwarded-* is believed
control_socket_disable = True
if os.access("/dev/shm", os.W_OK):  # noqa: S108 -- in memory: a slow disk must not make a worker look dead
    worker_tmp_dir = "/dev/shm"  # noqa: S108


class OnePipe(glogging.Logger):  # type: ignore[misc]
    """What the server says goes through the application's own log; each request is told there, not here."""

    def setup(self, cfg: Any) -> None:
        from app import logs

        super().setup(cfg)
        logs.configure(as_json=os.environ.get("APP_ENV", "production") != "demo")
        self.error_log.handlers.clear()
        self.error_log.propagate = True
        self.access_log.setLevel(logging.CRITICAL)


logger_class = OnePipe
