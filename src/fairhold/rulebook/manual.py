"""The manual's pages of rules, made from the pages themselves, so that they cannot say anything else than what runs."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from fairhold.rulebook.document import read_folder
from fairhold.rulebook.domain import Document, Return, RuleSet
from fairhold.rulebook.functions import NAMED

HEAD = """# Rules

Made from the rule documents by `fairhold docs`; a test compares the two. Each rule is one page in
`src/fairhold/returns/<return>/rules/`: what it means, how to put a fault right, the SQL that runs, and drawn examples
that run as tests. `x` marks rows that together make one fault; other marks tie rows over several lines.

## Functions for dates

Rules call only these; each means the same on DuckDB, PostgreSQL and Spark. A blank gives a blank.

| Function | Meaning |
|---|---|
"""


def documents(declared: Return) -> list[Document]:
    """Every rule, then every shared view, by code."""
    return [d for folder in (declared.pages, "views") for d in read_folder(declared.folder / folder)]


def pages_of(declared: Return, code: str) -> list[str]:
    """The pages of one code as they are written, each wording after the other."""
    return [d.path.read_text("utf-8") for d in documents(declared) if d.code == code]


def sql_of(rules: RuleSet, code: str) -> list[str]:
    """What a rule or view compiles to."""
    rule_texts = [f"{rule.sql}\n" for rule in rules.rules if rule.code == code]
    return rule_texts + [f"{view.sql}\n" for view in rules.views if view.name == code]


def contents(returns: Iterable[Return]) -> str:
    """The first page: the functions every rule may call, and where the rules of each return stand."""
    functions = "".join(f"| `{named.signature()}` | {named.meaning} |\n" for named in NAMED)
    sent = "| `as_sent(column)` | the text of a date column as it was sent, also where it is no date |\n"
    return HEAD + functions + sent + "\n## Returns\n\n" + "".join(map(_entry, returns))


def _entry(declared: Return) -> str:
    pages = documents(declared)
    views = sum(page.is_view for page in pages)
    return f"- [{declared.title}]({page_name(declared)}): {len(pages) - views} pages of rules, {views} shared views\n"


def page_name(declared: Return) -> str:
    """The file of a return's page."""
    return f"rules-{declared.name}.md"


def of_return(declared: Return) -> str:
    """The manual page of one return."""
    head = f"# {declared.title}: rules\n\nHow to read a rule, and the functions for dates: [rules](rules.md).\n"
    return head + "".join(map(_page, documents(declared)))


def _page(document: Document) -> str:
    last = f" to {document.last}" if document.last else " on"
    kind = "shared view" if document.is_view else document.severity
    fields = ", ".join(f"{table}.{column}" for table, column in document.fields)
    facts = [kind, f"collections from {document.first}{last}", *([fields] if fields else []), document.source]
    head = f"\n## {document.code}: {document.title}\n\n*{'; '.join(facts)}; reviewed {document.reviewed}.*\n"
    return f"{head}\n{_body(document.path)}\n"


def _body(page: Path) -> str:
    """A page without its front matter."""
    return page.read_text("utf-8").split("---\n", 2)[2].strip()
