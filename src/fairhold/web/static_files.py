"""Addresses of style sheets and scripts that change with their content, so that a browser never shows an old one."""

from __future__ import annotations

import hashlib
from functools import cache

from django.contrib.staticfiles.storage import StaticFilesStorage

from fairhold.web import config


@cache
def version(name: str) -> str:
    """The first 12 digits of the SHA-256 of a file under `static/`."""
    return hashlib.sha256(config.FOLDER.joinpath(f"static/{name}").read_bytes()).hexdigest()[:12]


class Versioned(StaticFilesStorage):  # type: ignore[misc]
    """Adds `?v=` and the file's version to each address."""

    def url(self, name: str | None) -> str:
        """The address of a file, with its version."""
        return f"{super().url(name)}?v={version(name or '')}"
