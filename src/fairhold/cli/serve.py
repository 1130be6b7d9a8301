"""`fairhold serve`: the pages, on this machine."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from fairhold import engine
from fairhold.cli import demo_clock

app = typer.Typer(add_completion=False)


@app.command()
def serve(
    host: Annotated[
        str, typer.Option(help="The address to listen on; other than this machine's own needs TLS in front.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8000,
) -> None:
    """Serve the pages until Ctrl+C. They listen on this machine alone unless --host says otherwise."""
    from fairhold.access import schema  # noqa: PLC0415
    from fairhold.web import config, server  # noqa: PLC0415  (Django is loaded only to serve)

    if not (config.FOLDER / "static/govuk/.stamp").exists():
        raise engine.EngineError("The style sheets are not built: run python tools/assets.py (make setup does it).")
    demo_clock.adopt()
    schema.migrate()
    shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host  # noqa: S104

    def ready() -> None:
        sys.stdout.write(f"Fairhold is at http://{shown}:{port}/ (Ctrl+C stops it)\n")
        sys.stdout.flush()

    try:
        server.serve(host, port, ready)
    except OSError as error:
        raise engine.EngineError(
            f"Port {port} cannot be opened ({error.strerror}): another program uses it; give another with --port."
        ) from error
    except KeyboardInterrupt:
        sys.stdout.write("Stopped.\n")
