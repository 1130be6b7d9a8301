"""Serves the pages with waitress. `application` is for a council's own WSGI server."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fairhold.web.settings")

from django.core.wsgi import get_wsgi_application

THREADS = 4  # a page holds two connections of the pool at most: its scope, and the ledger's or the visit's
LARGEST = 512 * 1024 * 1024  # bytes of one upload, the files of a whole borough

application: Callable[..., Iterable[bytes]] = get_wsgi_application()


def serve(host: str, port: int, ready: Callable[[], Any]) -> None:
    """Serve until interrupted; `ready` is called when the port is open."""
    from waitress.server import create_server  # noqa: PLC0415  (a council's own server does without)

    server = create_server(
        application,
        host=host,
        port=port,
        threads=THREADS,
        max_request_body_size=LARGEST,
        ident=None,
        clear_untrusted_proxy_headers=False,
    )
    ready()
    server.run()
