"""Mutants of the Python of both evaluators: each comparison, condition, constant and operand."""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from importlib import resources

from bench.mutation.domain import Mutant

MODULES = {
    "fairhold.governance.dated": "governance/dated.py",
    **{
        f"fairhold.sharing.{name}": f"sharing/{name}.py"
        for name in ("tables", "facts", "cedar", "sentences", "gate", "second")
    },
}
SWAPS: dict[type[ast.cmpop], list[type[ast.cmpop]]] = {
    ast.Eq: [ast.NotEq], ast.NotEq: [ast.Eq], ast.Lt: [ast.LtE, ast.Gt], ast.LtE: [ast.Lt, ast.Gt],
    ast.Gt: [ast.GtE, ast.Lt], ast.GtE: [ast.Gt, ast.Lt], ast.Is: [ast.IsNot], ast.IsNot: [ast.Is],
    ast.In: [ast.NotIn], ast.NotIn: [ast.In],
}  # fmt: skip
Act = Callable[[ast.AST], ast.AST | None]


@cache
def source(module: str) -> str:
    """The text of a module, as it was when first read."""
    return (resources.files("fairhold") / MODULES[module]).read_text("utf-8")


def mutants() -> Iterator[Mutant]:
    """Every mutant of every module, as a tree."""
    seen: Counter[tuple[str, str]] = Counter()
    for module in MODULES:
        tree = ast.parse(source(module))
        untouched, within = _words(tree), _within(tree)
        for place, node in enumerate(ast.walk(tree)):
            if id(node) in untouched:
                continue
            for change, act in _acts(node):
                made = copy.deepcopy(tree)
                target = list(ast.walk(made))[place]
                _put(made, target, act(target))
                where = f"{module.rpartition('.')[2]}{within[id(node)]} “{' '.join(ast.unparse(node).split())[:80]}”"
                seen[where, change] += 1
                where += f" no. {seen[where, change]}" if seen[where, change] > 1 else ""
                yield Mutant("python", where, change, (module, ast.fix_missing_locations(made)))


def _within(tree: ast.AST, above: str = "") -> dict[int, str]:
    """The class and function each node stands in, as `.class.function`: a name that outlives a line put in above."""
    found = {}
    for child in ast.iter_child_nodes(tree):
        named = isinstance(child, ast.FunctionDef | ast.ClassDef)
        here = f"{above}.{child.name}" if named else above  # type: ignore[attr-defined]
        found |= {id(child): here} | _within(child, here)
    return found


def _words(tree: ast.Module) -> set[int]:
    """Nodes that decide nothing: annotations, imports, documentation, decorators, names of classes' fields."""
    kept: set[int] = set()
    for node in ast.walk(tree):
        words: list[ast.AST | None] = []
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            words.append(node)
        if isinstance(node, ast.AnnAssign):
            words.append(node.annotation)
        if isinstance(node, ast.arg):
            words.append(node.annotation)
        if isinstance(node, ast.FunctionDef):
            words += [node.returns, *node.decorator_list]
        if isinstance(node, ast.ClassDef):
            words += node.decorator_list
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            words.append(node)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            words.append(node)  # the name of a type
        for word in words:
            kept |= {id(inner) for inner in ast.walk(word)} if word is not None else set()
    return kept


def _put(tree: ast.Module, old: ast.AST, new: ast.AST | None) -> None:
    """Replace a node where it stands; None: it was changed in place."""
    if new is None:
        return
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
                return
            if isinstance(value, list) and any(one is old for one in value):
                value[:] = [new if one is old else one for one in value]
                return


def _acts(node: ast.AST) -> Iterator[tuple[str, Act]]:
    for kind, acts in ACTS.items():
        if isinstance(node, kind):
            yield from acts(node)


def _compared(node: ast.Compare) -> Iterator[tuple[str, Act]]:
    for number, sign in enumerate(node.ops):
        for other in SWAPS[type(sign)]:
            change = f"{type(sign).__name__} → {other.__name__}"
            yield change, lambda one, n=number, o=other: one.ops.__setitem__(n, o())


def _joined(node: ast.BoolOp) -> Iterator[tuple[str, Act]]:
    yield "and ↔ or", lambda one: setattr(one, "op", ast.Or() if isinstance(one.op, ast.And) else ast.And())
    for number in range(len(node.values)):
        yield f"without operand {number}", lambda one, n=number: _without(one, n)


def _turned(node: ast.UnaryOp) -> Iterator[tuple[str, Act]]:
    if isinstance(node.op, ast.Not):
        yield "not gone", lambda one: one.operand


def _branched(node: ast.AST) -> Iterator[tuple[str, Act]]:
    yield "the other way round", lambda one: setattr(one, "test", ast.UnaryOp(ast.Not(), one.test))


def _filtered(node: ast.comprehension) -> Iterator[tuple[str, Act]]:
    for number in range(len(node.ifs)):
        yield "the condition gone", lambda one, n=number: one.ifs.pop(n) and None


def _added(node: ast.BinOp) -> Iterator[tuple[str, Act]]:
    if isinstance(node.op, ast.Add | ast.Sub | ast.BitOr):
        yield "the left side alone", lambda one: one.left
        yield "the right side alone", lambda one: one.right


def _constants(node: ast.Constant) -> Iterator[tuple[str, Act]]:
    value = node.value
    if isinstance(value, bool):
        yield f"{value} → {not value}", lambda one: setattr(one, "value", not one.value)
    elif isinstance(value, int):
        yield f"{value} → {value + 1}", lambda one: setattr(one, "value", one.value + 1)
    elif isinstance(value, str):
        yield f"{value!r} → another word", lambda one: setattr(one, "value", "another" if one.value else "x")


def _without(node: ast.BoolOp, number: int) -> ast.AST | None:
    left = [value for place, value in enumerate(node.values) if place != number]
    if len(left) == 1:
        return left[0]
    node.values = left
    return None


ACTS: dict[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[tuple[str, Act]]]] = {
    ast.Compare: _compared, ast.BoolOp: _joined, ast.UnaryOp: _turned, (ast.If, ast.IfExp): _branched,
    ast.comprehension: _filtered, ast.BinOp: _added, ast.Constant: _constants,
}  # fmt: skip
