"""Findings as one page that stands alone: no script, nothing fetched, readable by a screen reader and on paper."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import groupby

from fairhold.returns.checking import Checked
from fairhold.returns.findings import Finding

STYLE = """
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem;color:#0b0c0c}
table{border-collapse:collapse;margin:0 0 2rem;width:100%}
th,td{border-bottom:1px solid #b1b4b6;padding:.3rem .6rem;text-align:left;vertical-align:top}
caption{text-align:left;font-weight:bold;padding:.3rem 0}
"""


def render(checked: Checked) -> bytes:
    """The whole page."""
    title = f"Check of {checked.name}, {checked.year}"
    parts = [
        f'<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8"><title>{escape(title)}</title>',
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style></head><body><main>',
        f"<h1>{escape(title)}</h1>",
        f"<p>Authority {escape(checked.la)}. This page names children: keep it as you keep the return itself.</p>",
        _summary(checked),
        *(_rule(list(of_rule)) for _, of_rule in groupby(checked.findings, key=lambda f: f.rule)),
        "</main></body></html>\n",
    ]
    return "\n".join(parts).encode()


def _table(caption: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(name)}</th>' for name in head)
    body = "\n".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><caption>{escape(caption)}</caption><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>"


def _summary(checked: Checked) -> str:
    found = checked.summary()
    titles = {rule.code: rule.title for rule in checked.rules.rules}
    counts = [(code, titles[code], str(n)) for code, n in found["findings"].items()]
    not_run = [(code, titles[code], reason) for code, reason in checked.outcome.not_run.items()]
    left = [(item.file, str(item.line or ""), item.reason) for item in checked.set_aside]
    extra = [(table, ", ".join(names)) for table, names in checked.extra_columns.items()]
    blocks: list[tuple[str, tuple[str, ...], Sequence[tuple[str, ...]]]] = [
        ("Findings by rule", ("Rule", "Meaning", "Findings"), counts),
        ("Rules not run", ("Rule", "Meaning", "Why"), not_run),
        ("Left out", ("File", "Line", "Why"), left),
        ("Columns not known", ("Table", "Columns"), extra),
    ]
    shown = [_table(caption, head, rows) for caption, head, rows in blocks if rows]
    return "\n".join(shown if counts else ["<p>No rule found a fault.</p>", *shown])


def _rule(findings: list[Finding]) -> str:
    first = findings[0]
    rows = [(f.table, f.cells()[3], f.child, _values(f), str(f.group)) for f in findings]
    caption = f"Rule {first.rule} ({first.severity})"
    heading = f"<h2>{escape(first.rule)}: {escape(first.message)}</h2>"
    return heading + _table(caption, ("Table", "Line", "Child", "Values as sent", "Group"), rows)


def _values(finding: Finding) -> str:
    pairs = zip(finding.fields, finding.values, strict=True) if finding.values else ()
    return "; ".join(map(" = ".join, pairs))
