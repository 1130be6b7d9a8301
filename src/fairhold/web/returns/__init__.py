"""Returns from the record: built, compared, signed by two people, frozen, taken out, acknowledged, made again."""

from __future__ import annotations

from fairhold.web.returns.build import build
from fairhold.web.returns.differences import differences
from fairhold.web.returns.overview import overview
from fairhold.web.returns.version import file, version

__all__ = ["build", "differences", "file", "overview", "version"]
