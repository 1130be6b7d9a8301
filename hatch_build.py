"""Compiles rules and measures while the package is built, so that a check starts without the SQL compiler."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `src/fairhold/rulebook/compiled/`, which is not under version control, and adds it to what is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every return's rules and the measures. A page that cannot be stops the build with a sentence."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from fairhold.insight.tables import RETURN as MEASURES  # noqa: PLC0415
        from fairhold.returns import MODULES, declared  # noqa: PLC0415
        from fairhold.rulebook.build import build  # noqa: PLC0415

        for each in (*map(declared, MODULES), MEASURES):
            build(each)
        build_data["artifacts"].append("src/fairhold/rulebook/compiled/*.json")
