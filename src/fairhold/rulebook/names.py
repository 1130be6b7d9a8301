"""What a rule's SQL may name: declared tables, columns in their official spelling, a short list of functions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NoReturn

from sqlglot import exp

from fairhold.rulebook.domain import DATE, RuleError, Table
from fairhold.rulebook.functions import AS_SENT, BY_NAME, SENT_SUFFIX

# Functions that mean the same on DuckDB, PostgreSQL and Spark.
PLAIN_FUNCTIONS: Final = (
    exp.Abs, exp.And, exp.Anonymous, exp.Array, exp.ArrayAgg, exp.Case, exp.Cast, exp.Coalesce, exp.Count,
    exp.CountIf, exp.DenseRank, exp.Exists, exp.FirstValue, exp.Greatest, exp.If, exp.Lag, exp.LastValue,
    exp.Lead, exp.Least, exp.Length, exp.Lower, exp.Max, exp.Min, exp.Not, exp.Or, exp.Rank, exp.RegexpLike,
    exp.Replace, exp.RowNumber, exp.Substring, exp.Sum, exp.Trim, exp.Upper,
)  # fmt: skip
# Parsed by the compiler as functions of their own, but ours by name.
SHADOWED: Final = {"MONTHS_BETWEEN": "months_between"}
FORBIDDEN: Final = (exp.Interval, exp.CurrentDate, exp.CurrentTimestamp, exp.Parameter, exp.Placeholder)


def canonical(tree: exp.Expr, schema: Mapping[str, Mapping[str, str]], page: str) -> None:
    """Give tables and columns their declared spelling, whatever case they are in; refuse what is not allowed."""
    tables = {name.lower(): name for name in schema}
    columns = {column.lower(): column for of_table in schema.values() for column in of_table}
    inner = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        if table.name.lower() in inner:
            continue
        if table.name.lower() not in tables or table.args.get("db"):
            _refuse(page, f"reads {table.name}, which is no table or view of this return", "correct the name")
        if not table.alias:
            table.set("alias", exp.TableAlias(this=exp.to_identifier(table.name)))
        table.set("this", exp.to_identifier(tables[table.name.lower()], quoted=True))
    for column in tree.find_all(exp.Column):
        if not isinstance(column.this, exp.Star):
            column.set("this", exp.to_identifier(columns.get(column.name.lower(), column.name), quoted=True))
    for join in tree.find_all(exp.Join):
        shared = [columns.get(name.name.lower(), name.name) for name in join.args.get("using") or ()]
        if shared:
            join.set("using", [exp.to_identifier(name, quoted=True) for name in shared])
    _check_functions(tree, page)


def _refuse(page: str, what: str, do: str) -> NoReturn:
    raise RuleError(f"{page}: {what}; {do}.")


def _check_functions(tree: exp.Expr, page: str) -> None:
    for bad in tree.find_all(*FORBIDDEN):
        _refuse(page, f"uses {bad.sql()}", "use the named functions for dates (see the manual page of the rules)")
    for function in list(tree.find_all(exp.Func)):
        shadowed = SHADOWED.get(function.sql_name())
        if shadowed:
            function.replace(exp.Anonymous(this=shadowed, expressions=[function.this, function.expression]))
        elif isinstance(function, exp.Anonymous):
            _check_named(function, page)
        elif not isinstance(function, PLAIN_FUNCTIONS):
            _refuse(page, f"uses the function {function.sql_name()}", "use one that means the same on every engine")


def _check_named(function: exp.Anonymous, page: str) -> None:
    name = function.name.lower()
    if name != AS_SENT and name not in BY_NAME:
        _refuse(page, f"uses the function {name}", f"use one of {', '.join(sorted(BY_NAME))}")
    wanted = 1 if name == AS_SENT else len(BY_NAME[name].parameters)
    if len(function.expressions) != wanted:
        _refuse(page, f"gives {name} {len(function.expressions)} values", f"give it {wanted}")
    function.set("this", name)


def no_date_arithmetic(tree: exp.Expr, page: str) -> None:
    """Refuse + and - on dates: their result differs between engines. `tree` carries types."""
    for sum_ in tree.find_all(exp.Add, exp.Sub):
        if any(side.is_type(exp.DataType.Type.DATE) for side in (sum_.this, sum_.expression)):
            _refuse(page, "adds to or takes from a date with + or -", "use add_days or days_between")


def rewrite_sent(tree: exp.Expr, tables: Mapping[str, Table], page: str) -> set[tuple[str, str]]:
    """Turn as_sent(date column) into the column that holds its text as sent; return those (table, column) pairs."""
    found = set()
    for call in list(tree.find_all(exp.Anonymous)):
        if call.name != AS_SENT:
            continue
        column = call.expressions[0]
        table = _table_of(column, tables)
        declared = tables[table].column(column.name) if table else None
        if declared is None or declared.type != DATE:
            _refuse(page, f"asks for the text of {column.sql()} as sent", "as_sent takes a date column of a table")
        found.add((table, declared.name))
        sent = column.copy()
        sent.set("this", exp.to_identifier(declared.name + SENT_SUFFIX, quoted=True))
        call.replace(sent)
    return found


def _table_of(column: exp.Expr, tables: Mapping[str, Table]) -> str:
    """The declared table a qualified column comes from, or an empty name."""
    if not isinstance(column, exp.Column):
        return ""
    select = column.find_ancestor(exp.Select)
    while select is not None:
        for source in _sources(select):
            if source.alias_or_name == column.table:
                return str(source.name) if isinstance(source, exp.Table) and source.name in tables else ""
        select = select.find_ancestor(exp.Select)
    return ""


def _sources(select: exp.Select) -> list[exp.Expr]:
    """What a query itself selects from, not what queries inside it do."""
    start = select.args.get("from_")
    return [*([start.this] if start else ()), *(join.this for join in select.args.get("joins") or ())]


def columns_read(tree: exp.Expr, tables: Mapping[str, Table]) -> dict[str, set[str]]:
    """The columns of declared tables that a query with its views in place mentions, by table."""
    found: dict[str, set[str]] = {table.name: set() for table in tree.find_all(exp.Table) if table.name in tables}
    for column in tree.find_all(exp.Column):
        table = _table_of(column, tables)
        declared = tables[table].column(column.name.removesuffix(SENT_SUFFIX)) if table else None
        if declared is not None:
            found[table].add(declared.name)
    return found


def render(tree: exp.Expr, engine: str) -> str:
    """The SQL text for one engine. PostgreSQL keeps the named functions in the rulebook's own schema."""
    tree = tree.copy()
    for call in tree.find_all(exp.Anonymous):
        if engine == "postgres":
            call.set("this", f"rulebook.{call.name}")
    return str(tree.sql(dialect=engine, normalize_functions=False))
