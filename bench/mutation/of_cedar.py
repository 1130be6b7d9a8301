"""Mutants of the Cedar texts: each policy lost or widened, each condition turned, each part of one dropped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources

from bench.mutation.domain import Mutant

POLICY = re.compile(r'@id\("(?P<id>[^"]+)"\)\n(?P<body>(?:permit|forbid)[^;]*;)')
SWAPS = {" && ": " || ", " || ": " && ", " == ": " != ", " != ": " == ", " < ": " <= ", " >= ": " > "}


def mutants() -> Iterator[Mutant]:
    """Every mutant of every policy, as a whole text."""
    text = (resources.files("fairhold.sharing") / "policies.cedar").read_text("utf-8")
    for found in POLICY.finditer(text):
        where = f"policy {found['id']}"
        yield Mutant("cedar", where, "the policy is gone", text[: found.start()] + text[found.end() :])
        seen = {found["body"]}
        for change, body in _bodies(found["body"]):
            if body not in seen:
                seen.add(body)
                yield Mutant("cedar", where, change, text[: found.start("body")] + body + text[found.end("body") :])


def _bodies(body: str) -> Iterator[tuple[str, str]]:
    for this, that in (("permit", "forbid"), ("forbid", "permit")):
        if body.startswith(this):
            yield f"{this} → {that}", body.replace(this, that, 1)
    for this, that in (('Action::"share"', 'Action::"protect"'), ('Action::"protect"', 'Action::"share"')):
        if this in body:
            yield f"{this} → {that}", body.replace(this, that)
            yield "any action", body.replace(f"action == {this}", "action")
    for scope in re.findall(r'(?:principal|resource) == \w+::"\w+"', body):
        yield f"{scope} → any", body.replace(scope, scope.split()[0], 1)
    for this, that in (("\nwhen {", "\nunless {"), ("\nunless {", "\nwhen {")):
        if this in body:
            yield f"{this.strip()} → {that.strip()}", body.replace(this, that)
    head, brace, condition = body.partition("{")
    if brace:
        inner = condition.rpartition("}")[0]
        for change, other in _conditions(inner):
            yield change, f"{head}{{{other}}};"


def _conditions(text: str) -> Iterator[tuple[str, str]]:
    """Operators swapped one at a time, a not taken off or put on, and each operand of an and or an or dropped."""
    flat = " ".join(text.split())
    for sign, other in SWAPS.items():
        for place in _places(flat, sign):
            yield f"{sign.strip()} → {other.strip()} at {place}", f" {flat[:place]}{other}{flat[place + len(sign) :]} "
    for place in _places(flat, "!"):
        if flat[place + 1] != "=":
            yield f"! gone at {place}", f" {flat[:place]}{flat[place + 1 :]} "
    for literal in re.finditer(r'"[^"]*"', flat):
        yield f"{literal[0]} → another word", f' {flat[: literal.start()]}"another"{flat[literal.end() :]} '
    for start, end in _operands(flat):
        yield f"without {flat[start:end]}", f" {flat[:start]}{_neutral(flat, start)}{flat[end:]} "
        yield f"not {flat[start:end]}", f" {flat[:start]}!({flat[start:end]}){flat[end:]} "


def _places(text: str, sign: str) -> list[int]:
    return [found.start() for found in re.finditer(re.escape(sign), text)]


def _operands(text: str) -> Iterator[tuple[int, int]]:
    """The span of each operand of && and ||, at any depth."""
    for part in re.finditer(r"(?:\((?=[^()]*(?:&&|\|\|))|&&|\|\||^)\s*", text):
        start, depth, end = part.end(), 0, part.end()
        while end < len(text):
            if text[end] == "(":
                depth += 1
            elif text[end] == ")":
                if depth == 0:
                    break
                depth -= 1
            elif depth == 0 and text[end : end + 4] in (" && ", " || "):
                break
            end += 1
        yield start, end


def _neutral(text: str, start: int) -> str:
    """What leaves the other operands as they are: true beside and, false beside or."""
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth <= 0 and text[place : place + 4] in (" && ", " || "):
            return "true" if text[place + 1] == "&" else "false"
    before = text[:start].rstrip()
    return "false" if before.endswith("||") else "true"
