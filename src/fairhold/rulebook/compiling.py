"""Documents become SQL for each engine, while the package is built. The only module that uses the SQL compiler.

Every table and column is looked up in the declaration, every function in a short list, and what a rule reads is
worked out through the shared views, so that a missing column stops exactly the rules that need it.
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.annotate_types import annotate_types
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.qualify import qualify

from fairhold.rulebook import names
from fairhold.rulebook.domain import (
    LAST,
    RETURN,
    ROW,
    Column,
    CompiledRule,
    CompiledView,
    Document,
    Return,
    RuleError,
    RuleSet,
    Table,
    with_last_year,
)
from fairhold.rulebook.functions import ENGINES

DIALECT = "duckdb, normalization_strategy=case_sensitive"
Schema = dict[str, dict[str, str]]


def compile_return(declared: Return, rules: Sequence[Document], views: Sequence[Document]) -> dict[str, RuleSet]:
    """One set of rules per engine, or RuleError naming the page that cannot be compiled and why."""
    compiler = _Compiler(declared)
    for view in _in_order(views):
        compiler.add_view(view)
    for rule in rules:
        compiler.add_rule(rule)
    return {engine: compiler.rule_set(engine) for engine in ENGINES}


def _in_order(views: Sequence[Document]) -> list[Document]:
    """Views after the views they use. A view that uses itself, directly or not, is refused."""
    todo, done = list(views), []
    known = {view.code for view in views}
    while todo:
        waiting = {view.code for view in todo}
        ready = [v for v in todo if not (_mentioned(v) & known & waiting - {v.code})]
        ready = [v for v in ready if v.code not in _mentioned(v)]
        if not ready:
            raise RuleError(f"{todo[0].path.name}: uses itself through other views; break the circle.")
        done += ready
        todo = [view for view in todo if view not in ready]
    return done


def _mentioned(document: Document) -> set[str]:
    tree = _parse(document)
    inner = {cte.alias for cte in tree.find_all(exp.CTE)}
    return {table.name for table in tree.find_all(exp.Table)} - inner


def _parse(document: Document) -> exp.Query:
    text = document.sql
    if document.is_predicate:
        table = document.fields[0][0]
        if any(t != table for t, _ in document.fields):
            raise RuleError(f"{document.path.name}: is a condition over one table but names two; write a query.")
        text = f"select row from {table} where {text}"
    try:
        tree = sqlglot.parse_one(text, dialect=DIALECT)
    except SqlglotError as error:
        raise _failed(document, error) from None
    if not isinstance(tree, exp.Query):
        raise RuleError(f"{document.path.name}: its SQL is not a query; write select … or a condition.")
    return tree


def _failed(document: Document, error: Exception) -> RuleError:
    first = str(error).splitlines()[0].rstrip(". ")
    return RuleError(f"{document.path.name}: its SQL cannot be compiled ({first}); correct the ```sql block.")


class _Compiler:
    """Grows a schema of tables and views while pages are added."""

    def __init__(self, declared: Return) -> None:
        self.declared = declared
        self.tables = with_last_year(declared.tables())
        self.schema: Schema = {
            name: {"row": "INT"} | {column.name: column.type.upper() for column in table.columns}
            for name, table in self.tables.items()
        }
        self.views: dict[str, exp.Query] = {}
        self.uses: dict[str, tuple[str, ...]] = {}
        self.compiled_views: list[tuple[Document, exp.Query]] = []
        self.compiled_rules: list[tuple[Document, exp.Query, dict[str, tuple[str, ...]]]] = []
        self.sent: set[tuple[str, str]] = set()

    def _schema(self) -> dict[str, object]:
        return dict(self.schema)

    def add_view(self, document: Document) -> None:
        tree = self._resolve(document)
        self.schema[document.code] = {
            column.alias_or_name: _type_name(column) for column in annotate_types(tree, schema=self._schema()).selects
        }
        self.views[document.code] = tree
        self.uses[document.code] = self._views_in(tree)
        self.compiled_views.append((document, tree))

    def add_rule(self, document: Document) -> None:
        for table, column in document.fields:
            if table not in self.tables or self.tables[table].column(column) is None:
                raise RuleError(f"{document.path.name}: its field {table}.{column} is not declared; correct fields.")
        tree = self._resolve(document)
        if document.is_predicate and document.level != ROW:
            raise RuleError(f"{document.path.name}: a condition is about rows, not the whole return; write a query.")
        if not document.is_predicate and document.level == ROW:
            for name in tree.named_selects:
                if name not in self.tables or name.endswith(LAST):
                    raise RuleError(
                        f"{document.path.name}: result column {name} is not a table of this year; "
                        "name each result column for the table whose row it holds."
                    )
        self.compiled_rules.append((document, tree, self._reads(document, tree)))

    def _resolve(self, document: Document) -> exp.Query:
        tree = _parse(document)
        names.canonical(tree, self.schema, document.path.name)
        try:
            qualified = qualify(tree, schema=self._schema(), dialect=DIALECT, identify=True)
            assert isinstance(qualified, exp.Query)
            tree = qualified
            typed = annotate_types(tree.copy(), schema=self._schema(), dialect=DIALECT)
        except SqlglotError as error:
            raise _failed(document, error) from None
        names.no_date_arithmetic(typed, document.path.name)
        self.sent |= names.rewrite_sent(tree, self.tables, document.path.name)
        return tree

    def _views_in(self, tree: exp.Query) -> tuple[str, ...]:
        direct = {t.name for t in tree.find_all(exp.Table) if t.name in self.views}
        nested = {inner for name in direct for inner in self.uses[name]}
        return tuple(sorted(direct | nested))

    def _reads(self, document: Document, tree: exp.Query) -> dict[str, tuple[str, ...]]:
        """Columns of declared tables that decide the result, looked for behind the views."""
        whole = tree.copy()
        for table in list(whole.find_all(exp.Table)):
            self._put_view_in_place(table)
        whole = pushdown_projections(whole)
        found = names.columns_read(whole, self.tables)
        missing = {table for table, _ in document.fields} - found.keys() - set(document.optional)
        for name in sorted(missing):
            raise RuleError(f"{document.path.name}: names fields of {name} but never reads it; correct fields.")
        return {table: tuple(sorted(columns)) for table, columns in sorted(found.items())}

    def _optional(self, document: Document, tree: exp.Query) -> tuple[str, ...]:
        """What the rule does without, and what the views it uses do without."""
        used = self._views_in(tree)
        of_views = [name for view, _ in self.compiled_views if view.code in used for name in view.optional]
        return tuple(dict.fromkeys([*document.optional, *of_views]))

    def _put_view_in_place(self, table: exp.Table) -> None:
        view = self.views.get(table.name)
        if view is None:
            return
        inner = view.copy()
        alias = table.alias_or_name
        for deeper in list(inner.find_all(exp.Table)):
            self._put_view_in_place(deeper)
        table.replace(exp.Subquery(this=inner, alias=exp.TableAlias(this=exp.to_identifier(alias, quoted=True))))

    def _used(self) -> dict[str, tuple[str, ...]]:
        """The columns that are read of each view."""
        views = {name: Table(name, tuple(map(Column, self.schema[name]))) for name in self.views}
        found: dict[str, set[str]] = {name: set() for name in views}
        for tree in [*self.views.values(), *(tree for _, tree, _ in self.compiled_rules)]:
            for name, columns in names.columns_read(tree, views).items():
                found[name] |= columns
        return {name: tuple(sorted(columns)) for name, columns in found.items()}

    def rule_set(self, engine: str) -> RuleSet:
        used = self._used()
        return RuleSet(
            name=self.declared.name,
            engine=engine,
            tables=self.declared.tables(),
            rules=tuple(self._rule(engine, *compiled) for compiled in self.compiled_rules),
            views=tuple(
                CompiledView(d.code, d.first, d.last, names.render(tree, engine), self._views_in(tree), used[d.code])
                for d, tree in self.compiled_views
            ),
            sent=tuple(sorted(self.sent)),
        )

    def _rule(
        self, engine: str, document: Document, tree: exp.Query, reads: dict[str, tuple[str, ...]]
    ) -> CompiledRule:
        whole = tree.find(exp.Where) if document.is_predicate else None
        return CompiledRule(
            code=document.code,
            title=document.title,
            severity=document.severity,
            first=document.first,
            last=document.last,
            fields=document.fields,
            table=document.fields[0][0] if document.is_predicate else "",
            sql=names.render(whole.this if whole else tree, engine),
            outputs=tuple(tree.named_selects) if document.level != RETURN and not document.is_predicate else (),
            reads=reads,
            optional=self._optional(document, tree),
            views=self._views_in(tree),
        )


def _type_name(column: exp.Expr) -> str:
    kind = column.type
    return kind.sql() if kind is not None and not kind.is_type(exp.DataType.Type.UNKNOWN) else "TEXT"
