"""The package that is built carries the compiled rules and the pages, made from the pages as they are now."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

from fairhold.insight.tables import RETURN as MEASURES
from fairhold.returns import MODULES, declared
from fairhold.rulebook import manual
from fairhold.rulebook.functions import ENGINES

TREE = Path(__file__).resolve().parents[2]


def test_a_built_package_carries_pages_and_compiled_rules(tmp_path: Path) -> None:
    script = "import sys; from hatchling.build import build_wheel; build_wheel(sys.argv[1])"
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=TREE, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    files = zipfile.ZipFile(wheel)
    for of in (*map(declared, MODULES), MEASURES):
        pages = {page.path.relative_to(TREE / "src").as_posix() for page in manual.documents(of)}
        assert pages <= set(files.namelist())
        for engine in ENGINES:
            held = json.loads(files.read(f"fairhold/rulebook/compiled/{of.name}.{engine}.json"))
            documents = manual.documents(of)
            assert len(held["rules"]) == sum(not document.is_view for document in documents)
            assert len(held["views"]) == sum(document.is_view for document in documents)
