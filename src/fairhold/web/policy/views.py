"""How rows of law and policy look: whose they are, what they say, and what was changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.urls import reverse

from fairhold.policy import Effect, OwnRow, Seen, Standing, State
from fairhold.web.parts import Button, Column, Empty, Item, Link, Several, Summary, Table, Tag, Text

TITLES = {
    "lawful_bases": "Laws",
    "policy_recipients": "Recipients and what they must show",
    "policy_purposes": "Purposes and whom they may serve",
    "policy_channels": "Ways to send",
    "policy_fields": "Fields",
    "policy_opens": "What law and consent open",
    "policy_refusals": "Sentences of refusals",
    "policy_law": "Laws that are cited",
    "policy_evidence": "Proofs that ways to send need",
    "policy_reasons": "Reasons to share",
    "policy_terms": "Days until something is due",
    "policy_known": "Who may learn that we know a child",
    "share_flows": "Kinds of share",
}
STANDING = {
    "shipped": Tag("Shipped", "grey"),
    "confirmed": Tag("Confirmed here", "green"),
    "own": Tag("The council's own", "purple"),
}
STATES = {
    State.COUNTS: Tag("Counts", "green"),
    State.WAITS: Tag("Waits for a second person", "yellow"),
    State.WITHDRAWN: Tag("Withdrawn", "grey"),
}
EFFECTS = {Effect.WORDS: "Words alone", Effect.TIGHTENS: "Less may go", Effect.LOOSENS: "More may go, or may"}


def title(column: str) -> str:
    """A column's name for people."""
    return column.replace("_", " ").capitalize()


def files(found: Sequence[Standing], on: str) -> Table:
    """The dated files, each leading to its rows."""
    counted = {one.file: one for one in found}
    return Table(
        "Rows of law and policy",
        ["What", Column("Rows shipped", "number"), Column("Confirmed here", "number"), Column("Own rows", "number")],
        [
            [Link(name, f"{reverse('policy-file', args=[file])}{on}"), one.rows, one.confirmed, one.own]
            for file, name in TITLES.items()
            for one in [counted[file]]
        ],
    )


def others(found: Sequence[Standing]) -> Table:
    """The other files of governance, which are confirmed row by row by the command."""
    return Table(
        "Other files",
        ["File", Column("Rows shipped", "number"), Column("Confirmed here", "number")],
        [[title(one.file), one.rows, one.confirmed] for one in found if one.file not in TITLES],
    )


def rows(file: str, found: Sequence[Seen], on: date, asked: str) -> Table:
    """The rows of a file in force on a day."""
    shown = _telling(found)
    return Table(
        f"In force on {on.day} {on:%B %Y}",
        ["About", *(Column(title(name), spare=True) for name in shown), "Whose"],
        [
            [
                Link(one.key, f"{reverse('policy-row', args=[file, one.key])}{asked}"),
                *(one.row[name] for name in shown),
                STANDING[one.standing],
            ]
            for one in found
        ],
        Empty("No row of this file is in force on that day."),
    )


def _telling(found: Sequence[Seen]) -> list[str]:
    """The columns that tell rows apart at a glance."""
    if not found:
        return []
    long = {
        "source",
        "note",
        "legislation",
        "effective_note",
        "article9_or_10",
        "dpa2018_sch1",
        "article6",
        "confidence",
    }
    return [name for name in found[0].row if name not in long and name != "register"][1:9]


def cells(one: Seen) -> Summary:
    """Everything a row says."""
    return Summary([Item(title(name), text) for name, text in one.row.items() if text] or [Item("Row", "empty")])


def history(found: Sequence[Seen], columns: Sequence[str]) -> Table:
    """The rows about one thing, as they follow one another."""
    return Table(
        "How it was, is and will be",
        ["From", "Until", *(Column(title(name), spare=True) for name in columns), "Whose", Column("Why", spare=True)],
        [
            [
                one.row["from"] or "the beginning",
                one.row["until"] or "further notice",
                *(one.row[name] for name in columns),
                STANDING[one.standing],
                one.own.reason if one.own else "",
            ]
            for one in found
        ],
    )


def changes(found: Sequence[OwnRow], me: int, may: bool) -> Table:
    """The council's own rows, with what this person may do about each."""
    return Table(
        "Changes made here, the newest first",
        ["Change", "About", "From", Column("Why", "third"), "What it does", "State", Column("", spare=True)],
        [
            [
                one.id,
                Several([Text(TITLES[one.file]), Text(one.key, "small")]),
                _period(one),
                Several([Text(one.reason), Text(_said(one), "small")]),
                EFFECTS[one.effect],
                STATES[one.state],
                _acts(one, me) if may else "",
            ]
            for one in found
        ],
        Empty("No change was made here.", "A row is changed from its own page."),
    )


def _period(one: OwnRow) -> str:
    return f"{one.from_date:%d/%m/%Y}" + (f" until {one.until_date:%d/%m/%Y}" if one.until_date else "")


def _said(one: OwnRow) -> str:
    return ", ".join(f"{title(name)}: {text}" for name, text in one.content.items() if text and name != "source")[:300]


def _acts(one: OwnRow, me: int) -> Several | str:
    if one.state is not State.WAITS:
        return ""
    address = reverse("policy-changes")
    take_back = Button("Take back", address, {"act": "withdraw", "row": one.id}, "secondary", f"change {one.id}")
    if one.entered_by == me:
        return Several([Text("You entered it: a second person must want it.", "small"), take_back])
    return Several(
        [Button("I want it too", address, {"act": "second", "row": one.id}, "", f"change {one.id}"), take_back]
    )
