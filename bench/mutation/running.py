"""Holds a mutant to the drawn tables: killed where some answer is another than drawn, or nothing can be decided."""

from __future__ import annotations

import ast
import importlib
import json
import random
import sys
import types
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import cedarpy
from tests.sharing import test_walls
from tests.sharing.made_up import in_order
from tests.sharing.test_rule_table import SCHEDULES

from bench.mutation import corpus, of_python, of_sql
from bench.mutation.corpus import Expected
from bench.mutation.domain import Mutant
from fairhold import governance
from fairhold.governance import Book
from fairhold.sharing import cedar, gate, second
from fairhold.sharing.facts import NOBODY, Cell
from fairhold.sharing.tables import policy

CHUNK = 400
FORCED = in_order("school", fields=["name"])
LAWFUL = "UK GDPR Art 6(1)"
ORDER = ("tables", "facts", "cedar", "sentences", "gate")


class Judge:
    """The tables, with what the unchanged evaluators say of them, so that only what a mutant touches is done again."""

    def __init__(self) -> None:
        self.shipped = corpus.shipped()
        random.Random(1).shuffle(self.shipped)  # so that the first of them meet most mutants
        self.book, self.dated = corpus.dated()
        self.parts = [(governance.shipped(), self.shipped), (self.book, self.dated)]
        self.may_go: dict[int, frozenset[int]] = {}
        for book, drawn in self.parts:
            asked = [one.request for one in drawn]
            found = second.evaluate(asked, book, [one.holds for one in drawn])
            self.may_go.update(zip(map(id, asked), found, strict=True))
        self.cedar: dict[str, tuple[str, ...]] = {}
        self.walled = test_walls.readings()
        self.opened = test_walls.opened(test_walls.shipped(), self.walled)
        assert self._answers_hold(gate, chunked=False), "the unchanged gate does not meet the tables"

    def kills(self, mutant: Mutant) -> bool:
        """Whether the tables miss something about a mutant. A mutant that raises is killed too."""
        try:
            return not self._holds(mutant)
        except Exception:
            return True

    def _holds(self, mutant: Mutant) -> bool:
        if mutant.kind == "tables":
            return self._tables(*mutant.made)
        if mutant.kind == "cedar":
            return self._cedar(mutant.made)
        if mutant.kind == "sql":
            return self._sql(*mutant.made)
        return self._python(*mutant.made)

    def _cedar(self, text: str) -> bool:
        """The texts as a whole by the tables; then each of the two walls alone, by what both let go."""
        with _patched(cedar, "_policies", lambda: cedarpy.PolicySet.from_str(text)), self._known_second():
            whole = self._answers_hold(gate)
        return whole and all(
            test_walls.opened(wall(text), self.walled) == self.opened
            for wall in (test_walls.permits_alone, test_walls.forbids_alone)
        ) and _quick_way_shut(text)  # fmt: skip

    def _tables(self, file: str, rows: tuple[Any, ...]) -> bool:
        """Both evaluators by the changed rows: first the requests that these rows are about."""
        book = Book({**governance.shipped().rows, file: rows})
        gone = [row for row in governance.shipped().rows[file] if row not in rows]
        words = " ".join(text for row in (*gone, *rows) if row not in governance.shipped().rows[file] or row in gone
                         for text in row.values())  # fmt: skip
        near = [one for one in self.shipped if one.request["recipient"] in words.split()]
        with _patched(cedar, "evaluate", self._remembering(cedar.evaluate)):
            return _meets(gate, book, near) and _meets(gate, book, self.shipped) and _forced(book) and _schedules(book)

    def _remembering(self, evaluate: Callable[..., Any]) -> Callable[..., Any]:
        """Cedar asked once for what it is told, whatever the book is: its answer rests on nothing else."""

        def evaluated(combinations: Any) -> dict[Any, tuple[str, ...]]:
            told = {one: _told(one) for one in dict.fromkeys(combinations)}
            new = {text: one for one, text in told.items() if text not in self.cedar}
            found = evaluate(new.values())
            self.cedar.update({text: found[one] for text, one in new.items()})
            return {one: self.cedar[text] for one, text in told.items()}

        return evaluated

    def _sql(self, name: str, made: str) -> bool:
        texts = {file: of_sql.text(file) for file in of_sql.FILES} | {name: made}
        second._law.cache_clear()
        with _patched(second, "_text", texts.__getitem__):
            same = self._same_second(second)
        second._law.cache_clear()
        return same

    def _same_second(self, module: Any) -> bool:
        """A difference from the unchanged one is a disagreement, which refuses and raises the alarm."""
        for book, drawn in reversed(self.parts):
            for part in (drawn[:CHUNK], drawn[CHUNK:]):
                asked = [one.request for one in part]
                found = module.evaluate(asked, book, [one.holds for one in part])
                if found != [self.may_go[id(request)] for request in asked]:
                    return False
        return True

    def _python(self, module: str, tree: ast.Module) -> bool:
        if module.endswith(".second"):
            made = _module(module, tree)
            return self._same_second(made)
        with _fresh(module, tree) as made, self._known_second():
            asked = made.cedar.evaluate
            evaluate = asked if module.endswith(".cedar") else self._remembering(asked)
            with _patched(made.cedar, "evaluate", evaluate):
                held = self._answers_hold(made) and _forced(None, made) and _schedules(None, made)
            return held and _alone(made)

    @contextmanager
    def _known_second(self) -> Iterator[None]:
        def known(requests: Sequence[Any], *_: Any) -> list[frozenset[int]]:
            return [self.may_go[id(request)] for request in requests]

        with _patched(second, "evaluate", known):
            yield

    def _answers_hold(self, module: Any, *, chunked: bool = True) -> bool:
        for book, drawn in reversed(self.parts):
            own = governance.dated.Book(book.rows)
            for start in range(0, len(drawn), CHUNK if chunked else len(drawn)):
                if not _meets(module, own, drawn[start : start + (CHUNK if chunked else len(drawn))]):
                    return False
        return True


def _quick_way_shut(text: str) -> bool:
    """Cedar itself protects nobody where no emergency, purpose or recipient of the quick way is told."""
    edition = policy().on(FORCED["on"])
    told = [(edition, found, Cell(name, "none", False, frozenset())) for found, name in test_walls.unasked()]
    with _patched(cedar, "_policies", lambda: cedarpy.PolicySet.from_str(test_walls.permits_alone(text))):
        return all(cedar.evaluate(told).values())


def _meets(module: Any, book: Any, drawn: Sequence[Expected]) -> bool:
    answers = module.decide_many([one.request for one in drawn], book=book, holds=[one.holds for one in drawn])
    return all(one.met(answer) for one, answer in zip(drawn, answers, strict=True))


def _told(combination: Any) -> str:
    """All that Cedar is told of a combination."""
    policy, facts, cell = combination
    recipient = policy.recipients.get(facts.recipient, NOBODY)
    entity = cedar._recipient(recipient) if recipient is not NOBODY else None
    return json.dumps([cedar._question(combination), entity, policy.fields.get(cell.field)])


def _forced(book: Any, module: Any = gate) -> bool:
    """What is told where the evaluators disagree, and where no policy speaks at all."""
    book = governance.dated.Book((book or governance.shipped()).rows)
    with _patched(second, "evaluate", lambda requests, *_: [frozenset() for _ in requests]):
        [other] = module.decide_many([FORCED], book=book)
        with _patched(module.cedar, "evaluate", lambda asked: {one: module.cedar.DEFAULT for one in asked}):
            [none] = module.decide_many([FORCED], book=book)
    said = [[(one.rule, one.law) for one in answer.verdict.refused] for answer in (other, none)]
    alarmed = [answer.verdict.alarms for answer in (other, none)]
    return said == [[("R00.disagree", LAWFUL)], [("R00.default", LAWFUL)]] and alarmed == [("name",), ()]


def _schedules(book: Any, module: Any = gate) -> bool:
    """Which recipients may have a list again and again."""
    edition = module.policy(book).on(FORCED["on"])
    return {slug for slug, one in edition.recipients.items() if one.schedule} == SCHEDULES


def _alone(module: Any) -> bool:
    """One request by the rows as they ship, as `fairhold decide` puts it, and what goes without texts that can be
    read."""
    texts = {test_walls.shipped(): ("name",), "": (), test_walls.shipped() + test_walls.UNREADABLE: ()}
    with _patched(second, "evaluate", lambda requests, *_: [frozenset({0}) for _ in requests]):
        for text, goes in texts.items():
            with _patched(module.cedar, "_policies", lambda text=text: cedarpy.PolicySet.from_str(text)):
                if module.decide(FORCED).verdict.allowed != goes:
                    return False
    return True


@contextmanager
def _patched(place: Any, name: str, value: Any) -> Iterator[None]:
    kept = getattr(place, name)
    setattr(place, name, value)
    try:
        yield
    finally:
        setattr(place, name, kept)


def _module(name: str, tree: ast.Module) -> Any:
    made = types.ModuleType(name)
    made.__package__ = name.rpartition(".")[0]
    sys.modules[name], kept = made, sys.modules[name]
    try:
        exec(compile(tree, name, "exec"), made.__dict__)
    finally:
        sys.modules[name] = kept
    return made


@contextmanager
def _fresh(changed: str, tree: ast.Module) -> Iterator[Any]:
    """The first evaluator and the gate made anew around one changed module; the gate is handed out."""
    sharing = importlib.import_module("fairhold.sharing")
    names = ["fairhold.governance.dated", *(f"fairhold.sharing.{name}" for name in ORDER)]
    kept = {name: sys.modules[name] for name in names}
    outside = {name: getattr(governance, name) for name in ("Book", "shipped", "dated")}
    try:
        for name in names:
            made = types.ModuleType(name)
            made.__package__ = name.rpartition(".")[0]
            sys.modules[name] = made
            source = tree if name == changed else ast.parse(of_python.source(name))
            exec(compile(source, name, "exec"), made.__dict__)
            if name.endswith("dated"):
                governance.dated, governance.Book, governance.shipped = made, made.Book, made.shipped  # type: ignore[misc]
            else:
                setattr(sharing, name.rpartition(".")[2], made)
        yield sys.modules["fairhold.sharing.gate"]
    finally:
        for name, module in kept.items():
            sys.modules[name] = module
            if not name.endswith("dated"):
                setattr(sharing, name.rpartition(".")[2], module)
        for name, value in outside.items():
            setattr(governance, name, value)
