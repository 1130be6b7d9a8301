"""The package: rows and signed manifest in one archive, encrypted to the recipient's key.

One file, so that it arrives whole or not at all. Everything that tells of children lies under the encryption.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from datetime import date
from typing import Any

from fairhold.sharing import keys
from fairhold.sharing.shares import ShareError

MARKING = "OFFICIAL-SENSITIVE"
ROWS, MANIFEST, SIGNATURE = "rows", "manifest.json", "manifest.sig"
_STAMP = (1980, 1, 1, 0, 0, 0)  # an archive tells no times of ours


@dataclass(frozen=True)
class Opened:
    """What a recipient finds: the manifest and the rows, both genuine, and the name of the file of the rows."""

    manifest: dict[str, Any]
    rows: bytes
    name: str = "rows.csv"


def seal(rows: bytes, manifest: dict[str, Any], age_key: str, *, extension: str = "csv") -> bytes:
    """The encrypted package. The manifest gets the name and the hash of the rows, and our signature."""
    name = f"{ROWS}.{extension}"
    told = {
        **manifest,
        "marking": MARKING,
        "file": name,
        "sha256": hashlib.sha256(rows).hexdigest(),
        "signed_by": keys.ours().signing,
    }
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True).encode()
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        for part, data in ((MANIFEST, text), (SIGNATURE, keys.sign(text)), (name, rows)):
            out.writestr(zipfile.ZipInfo(part, _STAMP), data, zipfile.ZIP_DEFLATED)
    return keys.encrypt(archive.getvalue(), age_key)


def opened(data: bytes, identity: str, signer: str, *, on: date) -> Opened:
    """A package opened with the recipient's identity. Raises ShareError unless `signer` signed it, hash and rows agree,
    and its time is not up."""
    parts = _parts(keys.decrypt(data, identity))
    text = parts.pop(MANIFEST, b"")
    if not keys.signed(text, parts.pop(SIGNATURE, b""), signer):
        raise ShareError("The package is not signed by the council's key: do not use it, tell the council.")
    manifest: dict[str, Any] = json.loads(text)
    name = manifest.get("file", "rows.csv")
    if parts.keys() != {name}:
        raise ShareError("The package holds other files than it should: do not use it, tell the council.")
    rows = parts[name]
    if manifest["sha256"] != hashlib.sha256(rows).hexdigest():
        raise ShareError("The rows are not those the manifest names: do not use them, tell the council.")
    if date.fromisoformat(manifest["expires"]) <= on:
        raise ShareError("The time of this package is up: delete it and ask the council for a newer one.")
    return Opened(manifest, rows, name)


def _parts(archive: bytes) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(io.BytesIO(archive)) as opened_archive:
            return {name: opened_archive.read(name) for name in opened_archive.namelist()}
    except zipfile.BadZipFile:
        raise ShareError("This is no package of the council, or it was changed: do not use it.") from None


def notice_opened(data: bytes, identity: str, signer: str) -> dict[str, Any]:
    """A notice to delete or correct rows, opened by its recipient. Raises ShareError unless `signer` signed it."""
    try:
        told = json.loads(keys.decrypt(data, identity))
        text, signature = told["notice"], bytes.fromhex(told["signature"])
    except (ValueError, KeyError, TypeError):
        raise ShareError("This is no notice of the council, or it was changed: ask the council.") from None
    if not keys.signed(text.encode(), signature, signer):
        raise ShareError("The notice is not signed by the council's key: ask the council before you do what it says.")
    notice: dict[str, Any] = json.loads(text)
    return notice
