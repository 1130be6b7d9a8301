"""Mutants of the second evaluator's SQL: each condition, comparison, literal, join and branch."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import resources

import sqlglot
from sqlglot import exp

from bench.mutation.domain import Mutant

FILES = ("second_law.sql", "second.sql")
SWAPS: dict[type[exp.Expression], list[type[exp.Expression]]] = {
    exp.EQ: [exp.NEQ], exp.NEQ: [exp.EQ], exp.LT: [exp.LTE, exp.GT], exp.LTE: [exp.LT, exp.GT],
    exp.GT: [exp.GTE, exp.LT], exp.GTE: [exp.GT, exp.LT], exp.And: [exp.Or], exp.Or: [exp.And],
    exp.Add: [exp.Sub], exp.Mul: [exp.Add],
}  # fmt: skip


def text(name: str) -> str:
    """The SQL as it is."""
    return (resources.files("fairhold.sharing") / name).read_text("utf-8")


def plain(name: str) -> str:
    """The SQL as the parser writes it: what every mutant is beside."""
    return _written(_parsed(name))


def mutants() -> Iterator[Mutant]:
    """Every mutant of both files."""
    for name in FILES:
        trees = _parsed(name)
        original = _written(trees)
        seen = {original}
        for number, tree in enumerate(trees):
            for place, node in enumerate(tree.walk()):
                for change, act in _acts(node):
                    copy = [other.copy() for other in trees]
                    act(list(copy[number].walk())[place])
                    made = _written(copy)
                    if made not in seen:
                        seen.add(made)
                        yield Mutant("sql", f"{name} “{_near(node)}”", change, (name, made))


def _parsed(name: str) -> list[exp.Expression]:
    return [tree for tree in sqlglot.parse(text(name), read="duckdb") if tree is not None]


def _written(trees: list[exp.Expression]) -> str:
    return ";\n".join(tree.sql(dialect="duckdb") for tree in trees)


def _near(node: exp.Expression) -> str:
    """Some words of the SQL by which the place is known."""
    around = node.parent if isinstance(node, exp.Literal | exp.Boolean) and node.parent else node
    words = " ".join(around.sql(dialect="duckdb", comments=False).split())
    cte = node.find_ancestor(exp.CTE, exp.Create)
    return f"{cte.alias_or_name if isinstance(cte, exp.CTE) else cte.this.name if cte else ''}: {words[:90]}"


Act = Callable[[exp.Expression], object]


def _acts(node: exp.Expression) -> Iterator[tuple[str, Act]]:
    yield from _operators(node)
    yield from _parts(node)
    yield from _literals(node)


def _operators(node: exp.Expression) -> Iterator[tuple[str, Act]]:
    for other in SWAPS.get(type(node), []):
        yield f"{node.key} → {other.key}", lambda one, other=other: one.replace(other(**one.args))
    if isinstance(node, exp.And | exp.Or):
        yield "the left side alone", lambda one: one.replace(one.this)
        yield "the right side alone", lambda one: one.replace(one.expression)
    if isinstance(node, exp.Not):
        yield "not gone", lambda one: one.replace(one.this)
    if isinstance(node, exp.Is | exp.Exists):
        yield "the other way round", lambda one: one.replace(exp.Not(this=one.copy()))


def _parts(node: exp.Expression) -> Iterator[tuple[str, Act]]:
    if isinstance(node, exp.Join):
        yield "the join is gone", lambda one: one.pop()
    if isinstance(node, exp.Union):
        yield "the first branch alone", lambda one: one.replace(one.this)
        yield "the second branch alone", lambda one: one.replace(one.expression)
    if isinstance(node, exp.Where | exp.Qualify | exp.Distinct):
        yield f"the {node.key} is gone", lambda one: one.pop()
    if isinstance(node, exp.Ordered):
        yield "ordered the other way", lambda one: one.set("desc", not one.args.get("desc"))
        if node.name == "begins":  # no place is blank
            yield "blanks the other way", lambda one: one.set("nulls_first", not one.args.get("nulls_first"))
    if isinstance(node, exp.If) and isinstance(node.parent, exp.Case):
        yield "the case is gone", lambda one: one.pop()
    if isinstance(node, exp.Coalesce) and node.expressions:
        yield "without what stands for unknown", lambda one: one.replace(one.this)
    if isinstance(node, exp.Window) and len(node.args.get("partition_by") or []) > 1:
        for number in range(len(node.args["partition_by"])):
            yield f"not apart by key {number}", lambda one, number=number: one.args["partition_by"].pop(number)


def _literals(node: exp.Expression) -> Iterator[tuple[str, Act]]:
    if isinstance(node, exp.Boolean):
        yield f"{node.this} → {not node.this}", lambda one: one.set("this", not one.this)
    if isinstance(node, exp.Literal) and not isinstance(node.parent, exp.Cast | exp.Select):
        if node.is_string:
            yield f"{node.this!r} → another word", lambda one: one.set("this", "another")
        else:
            yield f"{node.this} → {int(node.this) + 1}", lambda one: one.set("this", str(int(one.this) + 1))
            yield f"{node.this} → {int(node.this) - 1}", lambda one: one.set("this", str(int(one.this) - 1))
