"""Takes many files in: processes of their own read and encode while the database stores what was read before.

Small files share a transaction, so that a week of eighty schools costs little more than one file of their size.
A crash loses at most the transaction at hand; a second run knows what is in by its hash and goes on.
"""

from __future__ import annotations

import hashlib
import multiprocessing
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from pathlib import Path

from fairhold import access
from fairhold.facts import table_numbers
from fairhold.formats.domain import SIZE_LIMIT
from fairhold.formats.encoding import looks_like_xml
from fairhold.intake import queries
from fairhold.intake.actions import ingest
from fairhold.intake.domain import Offered, Outcome, Prepared, Summary
from fairhold.intake.errors import IntakeError, plain
from fairhold.intake.notices import notice
from fairhold.intake.prepare import File, Settings, prepare

BATCH_BYTES = 12 * 1024 * 1024  # of files, in one transaction
BATCH_FILES = 48
MANY = 2000  # rows added, from which the planner is told at once and not left to find out by itself
READERS = 2
AHEAD_BYTES = 3 * BATCH_BYTES  # of files being read, or read and waiting, while others are stored
SMALL = 8 * 1024 * 1024  # below this, starting other processes costs more than it saves

_DATED = re.compile(rb"<DateTime>\s*([0-9T:.+-]+)")  # only an order of work: the reader judges the date

Progress = Callable[[Summary], None]


def files_of(paths: Sequence[Path]) -> list[Path]:
    """The files named, and those in the folders named, in the order of their names."""
    found: list[Path] = []
    for path in paths:
        if not path.exists():
            raise IntakeError(f"There is no file or folder {path}: check the path.")
        found += sorted(one for one in path.rglob("*") if one.is_file()) if path.is_dir() else [path]
    return found


def groups_of(files: Sequence[Path]) -> list[list[Path]]:
    """Files that must be read together: the CSV tables of one folder, since they share a collection year.

    Transfer files come first, the oldest first, so that a later file finds the earlier one stored and files of one
    transaction are of different schools.
    """
    tables: dict[Path, list[Path]] = {}
    transfers: list[tuple[bytes, list[Path]]] = []
    for path in files:
        with path.open("rb") as stream:
            start = stream.read(4096)
        if looks_like_xml(start):
            dated = _DATED.search(start)
            transfers.append((dated[1] if dated else b"", [path]))
        else:
            tables.setdefault(path.parent, []).append(path)
    return [group for _, group in sorted(transfers)] + list(tables.values())


def take_in(
    actor: access.Actor,
    paths: Sequence[Path],
    *,
    purpose: str = "data-intake",
    year: str | None = None,
    as_at: date | None = None,
    progress: Progress | None = None,
) -> list[Summary]:
    """Take in files and folders as `actor`; one summary a file, in the order taken.

    `year`: the collection year of a return that does not show it; `as_at`: the day extracts speak of (today).
    """
    try:
        files = files_of(paths)
        with access.scope(actor, purpose, login="worker") as scope:
            scope.allow("delivery.take-in")
            settings = Settings(table_numbers(scope), year, as_at)
            done = _known(scope, files)
        for summary in done if progress else ():
            progress(summary)  # type: ignore[misc]
        came_before = {one.label for one in done}
        groups = groups_of([path for path in files if str(path) not in came_before])
        for batch in _batches(groups, settings):
            with access.scope(actor, purpose, login="worker") as scope:
                summaries = ingest(scope, offered=batch)
            done += summaries
            for summary in summaries if progress else ():
                progress(summary)  # type: ignore[misc]
        if sum(one.added for one in done) > MANY:
            with access.scope(actor, purpose, login="worker") as scope:
                queries.refresh_statistics(scope)
        with access.scope(actor, purpose, login="worker") as scope:
            notice(scope)
    except OSError as error:
        raise plain(error) or error from error
    return done


def _known(scope: access.Scope, files: Sequence[Path]) -> list[Summary]:
    """The files that are in already: their bytes are known, so they need not be read."""
    digests = {str(path): _digest(path) for path in files}
    known = queries.known_files(scope, list(digests.values()))
    return [
        Summary(label, Outcome.KNOWN, *known[digest][:2], None) for label, digest in digests.items() if digest in known
    ]


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def offer(contents: Sequence[tuple[str, bytes]], scope: access.Scope, *, year: str | None = None) -> list[Offered]:
    """Prepare files that are in memory, such as an upload, for `ingest`; each with the caller's word for it."""
    files = [File(label, data, number) for number, (label, data) in enumerate(contents)]
    prepared = prepare(files, Settings(table_numbers(scope), year))
    return [Offered(one, partial(_same, file.data)) for one, file in zip(prepared, files, strict=True)]


def _same(data: bytes) -> bytes:
    return data


@dataclass
class _Batch:
    """Files collected for one transaction."""

    offered: list[Offered] = field(default_factory=list)
    size: int = 0

    def full_for(self, prepared: Prepared) -> bool:
        """Whether `prepared` must wait for the next transaction: no room, or a file about the same is in this one."""
        if not self.offered:
            return False
        if self.size + prepared.size > BATCH_BYTES or len(self.offered) >= BATCH_FILES:
            return True
        return any(prepared.clashes(one.prepared) for one in self.offered)

    def add(self, prepared: Prepared) -> None:
        """Take one more file."""
        self.offered.append(Offered(prepared, Path(prepared.label).read_bytes))
        self.size += prepared.size


def _batches(groups: list[list[Path]], settings: Settings) -> Iterator[list[Offered]]:
    batch = _Batch()
    for prepared in _read_ahead(groups, settings):
        if batch.full_for(prepared):
            yield batch.offered
            batch = _Batch()
        batch.add(prepared)
    if batch.offered:
        yield batch.offered


def _read_ahead(groups: list[list[Path]], settings: Settings) -> Iterator[Prepared]:
    numbered = _numbered(groups)
    if sum(path.stat().st_size for group in groups for path in group) < SMALL:
        for group in numbered:
            yield from _read(group, settings)
        return
    # Not forks of this process, which holds database connections: forks of one that has only loaded the readers.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with ProcessPoolExecutor(READERS, mp_context=context) as reader:
        waiting: deque[tuple[int, Future[list[Prepared]]]] = deque()
        for group in numbered:
            size = sum(path.stat().st_size for _, path in group)
            while waiting and size + sum(ahead for ahead, _ in waiting) > AHEAD_BYTES:
                yield from waiting.popleft()[1].result()
            waiting.append((size, reader.submit(_read, group, settings)))
        while waiting:
            yield from waiting.popleft()[1].result()


def _numbered(groups: list[list[Path]]) -> Iterator[list[tuple[int, Path]]]:
    number = 0
    for group in groups:
        yield list(enumerate(group, number))
        number += len(group)


def _read(group: list[tuple[int, Path]], settings: Settings) -> list[Prepared]:
    """Read and encode one group of files; runs in the reading process."""
    made = [_too_large(path) for _, path in group]
    files = [
        File(str(path), path.read_bytes(), number) for (number, path), big in zip(group, made, strict=True) if not big
    ]
    ready = iter(prepare(files, settings))
    return [big or next(ready) for big in made]


def _too_large(path: Path) -> Prepared | None:
    size = path.stat().st_size
    if size <= SIZE_LIMIT:
        return None
    limit = SIZE_LIMIT // 1024 // 1024
    reason = f"The file has {size // 1024 // 1024} MiB, more than the {limit} MiB that are read: ask for it in parts."
    return Prepared(str(path), _digest(path), size, refused=("too-large", reason))
