"""Whether folder and table agree, both ways, and whether every byte on disk is the one that was written."""

from __future__ import annotations

import hashlib

from fairhold.access import Scope, verb
from fairhold.vault import folder, queries
from fairhold.vault.actions import sweep
from fairhold.vault.domain import VaultFile


@verb("vault.check")
def check(scope: Scope) -> list[str]:
    """What is wrong, one sentence a finding; empty when all is well.

    Every file's encrypted bytes are hashed afresh; that needs no key, so those who check need not be able to read.
    Leftovers of a killed process and the bytes of erased files are swept first.
    """
    swept = sweep(scope)
    files = queries.listed(scope)
    present = folder.names()
    wrong = [sentence for file in files if file.state == "kept" for sentence in _wrong(file, present)]
    wrong += [f"File {file.id} has neither class nor rule." for file in files if not (file.klass and file.retention)]
    strangers = len(present - {file.name for file in files})
    if strangers:
        wrong.append(f"Files without a record: {strangers}. One younger than a day may still be on its way in.")
    scope.tell(files=len(files), wrong=len(wrong), swept=swept)
    return wrong


def _wrong(file: VaultFile, present: set[str]) -> list[str]:
    what = f"File {file.id} ({file.kind})"
    if file.name not in present:
        return [f"{what} has a record, but its bytes are missing: restore them from a backup."]
    found = hashlib.sha256()
    for piece in folder.read(file.name):
        found.update(piece)
    if found.hexdigest() == file.sealed_sha256:
        return []
    return [f"{what} is not what was kept, its hash differs: restore it from a backup."]
