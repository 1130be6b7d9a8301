"""Findings as one page that stands alone: no script, nothing fetched, readable by a screen reader and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby
from typing import Final

from fairhold.returns.checking import Checked
from fairhold.returns.findings import Finding

AT_MOST: Final = 1_000  # rows shown of one rule: a browser stays usable
STYLE: Final = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#0b0c0c}
table{border-collapse:collapse;margin:0 0 2rem;width:100%}
th,td{border-bottom:1px solid #b1b4b6;padding:.3rem .6rem;text-align:left;vertical-align:top}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
mark{background:#ffdd00;color:#0b0c0c;padding:0 .2rem}
a:focus{outline:3px solid #ffdd00}
@media print{h2{break-after:avoid}tr{break-inside:avoid}}
"""
Cells = Sequence[str]  # as they stand in the page: escaped already


def render(checked: Checked) -> bytes:
    """The whole page."""
    title = f"Check of {checked.name}, {checked.year}"
    authority = f"Authority {escape(checked.la)}. " if checked.la else ""
    parts = [
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>',
        f"<h1>{escape(title)}</h1>",
        f"<p>{authority}This page names children: keep it as you keep the return itself.</p>",
        *_summary(checked),
        *(_rule(code, list(of_rule)) for code, of_rule in groupby(checked.findings, key=lambda f: f.rule)),
        "</main></body></html>\n",
    ]
    return "\n".join(parts).encode()


def _table(caption: str, head: Iterable[str], rows: Iterable[Cells]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "\n".join("<tr><td>" + "</td><td>".join(row) + "</td></tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _summary(checked: Checked) -> list[str]:
    """What was found by rule, what was not run, what was left out, and how many rows there were."""
    found = checked.summary()
    rules = {rule.code: rule for rule in checked.rules.rules}
    counts = [
        (f'<a href="#rule-{escape(code)}">{escape(code)}</a>', rules[code].severity, escape(rules[code].title), str(n))
        for code, n in found["findings"].items()
    ]
    not_run = [_escaped(code, rules[code].title, reason) for code, reason in checked.outcome.not_run.items()]
    left = [_escaped(item.file, str(item.line or ""), item.reason) for item in checked.set_aside]
    extra = [_escaped(table, ", ".join(names)) for table, names in checked.extra_columns.items()]
    rows = [_escaped(table, str(n)) for table, n in checked.rows.items()]
    said = f"{len(checked.outcome.ran)} rules were run, {len(not_run)} were not."
    blocks: list[tuple[str, tuple[str, ...], Sequence[Cells]]] = [
        ("Findings by rule", ("Rule", "Severity", "Meaning", "Findings"), counts),
        ("Rules not run", ("Rule", "Meaning", "Why"), not_run),
        ("Left out, or in doubt", ("File", "Line", "Why"), left),
        ("Columns not known", ("Table", "Columns"), extra),
        ("Rows that were checked", ("Table", "Rows"), rows),
    ]
    shown = [_table(caption, head, of_block) for caption, head, of_block in blocks if of_block]
    return [f"<p>{said}{'' if counts else ' No rule found a fault.'}</p>", *shown]


def _escaped(*texts: str) -> Cells:
    return [escape(text) for text in texts]


def _rule(code: str, findings: list[Finding]) -> str:
    first = findings[0]
    rows = [[*_escaped(f.table, f.cells()[3], f.child), _values(f), str(f.group)] for f in findings[:AT_MOST]]
    caption = f"Rule {code} ({first.severity}): rows at fault"
    heading = f'<h2 id="rule-{escape(code)}">{escape(code)}: {escape(first.message)}</h2>'
    parts = [heading, _table(caption, ("Table", "Line", "Child", "Values as sent", "Group"), rows)]
    if len(findings) > AT_MOST:
        parts.insert(1, f"<p>The first {AT_MOST:,} of {len(findings):,} rows; the others are in the CSV form.</p>")
    return "\n".join(parts)


def _values(finding: Finding) -> str:
    """Each field with its value marked; a blank one is said to be blank. A fault of the whole return has no values."""
    if not finding.values:
        return "the return as a whole"
    return "; ".join(
        f"{escape(name)} = <mark>{escape(value) or 'blank'}</mark>"
        for name, value in zip(finding.fields, finding.values, strict=True)
    )
