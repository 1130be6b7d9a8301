"""Every way something comes out of Fairhold: commands run here, pages walked link by link, files unpacked."""

from __future__ import annotations

import html
import io
import os
import re
import zipfile
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any
from unittest import mock

from django.test import Client
from tests.house.planted import Canary, spellings

from fairhold import access, cli
from fairhold.access import accounts
from fairhold.engine import database

LINK = re.compile(r'(?:href|src)="(/[^"#]*)')
WHITE = re.compile(r"\s+")


@dataclass(frozen=True)
class Answer:
    """What a command gave back."""

    code: int
    out: str
    err: str


def command(login: str, *arguments: str) -> Answer:
    """`fairhold …` as the made-up person who signs in under `login`, in this process."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
    with (
        mock.patch.dict(os.environ, {"FAIRHOLD_AS": login}),
        mock.patch("sys.argv", ["fairhold", *arguments]),
        redirect_stdout(out),
        redirect_stderr(err),
    ):
        try:
            cli.main()
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
    said = []
    for stream in (out, err):
        stream.flush()
        said.append(stream.detach().getvalue().decode())  # type: ignore[attr-defined]
    return Answer(code, *said)


def made_up(login: str) -> access.Actor:
    """The made-up person who signs in under `login`."""
    found = accounts.by_login(login)
    assert found is not None
    return found.actor()


def owned(query: str, *values: object) -> list[Any]:
    """The first column of a query, as the owner of the store sees it."""
    with database.connect("owner") as owner:
        return [row[0] for row in owner.execute(query, values).fetchall()]


def unpacked(data: bytes) -> str:
    """The text of an output as one reads it: archives opened, entities resolved, small letters, single spaces."""
    if zipfile.is_zipfile(io.BytesIO(data)):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            data = b"\n".join(archive.read(name) for name in archive.namelist())
    return WHITE.sub(" ", html.unescape(data.decode("utf-8", "replace"))).lower()


def found_in(data: bytes | str, canaries: tuple[Canary, ...]) -> set[str]:
    """The marks that an output shows, each with whose it is."""
    text = unpacked(data.encode() if isinstance(data, str) else data)
    return {
        f"{canary.name}: {mark}"
        for canary in canaries
        for mark in canary.marks
        if any(spelt in text for spelt in spellings(mark))
    }


def walk(
    client: Client, start: list[str], *, leave: tuple[str, ...] = (), most: int = 400
) -> Iterator[tuple[str, Any]]:
    """Every page that links lead to, from the addresses given, each once; not those that begin as in `leave`."""
    waiting, seen = list(dict.fromkeys(start)), set(start)
    while waiting and len(seen) <= most:
        address = waiting.pop(0)
        answer = client.get(address)
        yield address, answer
        if not answer.headers.get("Content-Type", "").startswith("text/html"):
            continue
        for onward in map(html.unescape, LINK.findall(answer.content.decode())):
            if onward not in seen and not onward.startswith(("/static/", *leave)):
                seen.add(onward)
                waiting.append(onward)
