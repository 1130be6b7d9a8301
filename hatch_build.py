"""Compiles the rules while the package is built, so that a check starts without the SQL compiler."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRules(BuildHookInterface):  # type: ignore[type-arg]
    """Writes `src/fairhold/rulebook/compiled/`, which is not under version control, and adds it to what is built."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile every return's rules. A page that cannot be compiled stops the build with its sentence."""
        sys.path.insert(0, str(Path(self.root) / "src"))
        from fairhold.returns import MODULES, declared  # noqa: PLC0415
        from fairhold.rulebook.build import build  # noqa: PLC0415

        for name in MODULES:
            build(declared(name))
        build_data["artifacts"].append("src/fairhold/rulebook/compiled/*.json")
