"""What the pages ask of the environment: their address, and a key of their own in Fairhold's folder."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from fairhold import engine
from fairhold.engine.secret import secret

FOLDER = Path(__file__).parent
LOOPBACK = ("127.0.0.1", "localhost", "[::1]")
ADDRESS = "FAIRHOLD_WEB_ADDRESS"


def address() -> SplitResult | None:
    """The address people type (`FAIRHOLD_WEB_ADDRESS`, as https://fairhold.example.gov.uk), or None on one machine."""
    given = os.environ.get(ADDRESS)
    if not given:
        return None
    parts = urlsplit(given)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise engine.EngineError(f"{ADDRESS} is {given!r}; give the whole address, as https://fairhold.example.gov.uk")
    return parts


def hosts() -> list[str]:
    """The host names the pages answer to; any other is refused."""
    known = address()
    return [*LOOPBACK, *([known.hostname] if known and known.hostname else [])]


def over_tls() -> bool:
    """Whether people reach the pages over TLS (a proxy in front ends it)."""
    known = address()
    return known is not None and known.scheme == "https"


def secret_key() -> str:
    """The key that signs forms, apart from all other keys. Losing it only signs people out."""
    return secret("FAIRHOLD_WEB_KEY", "web.key").hex()
