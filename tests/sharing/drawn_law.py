"""A made-up book in which every kind of row begins, ends, is followed and comes back: what goes on which day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fairhold import governance
from fairhold.governance import Book
from tests.sharing.made_up import in_order
from tests.sharing.tables import Case

Version = tuple[str, str, bool]
"""A row from a day until a day (blank: open), and whether it lets the field go."""

# Days are of April 2027. What happens to a row: its versions as the file has them, and the days on which it lets go.
STORIES: dict[str, tuple[list[Version], dict[str, bool]]] = {
    "begins": ([("10", "", True)], {"09": False, "10": True, "11": True}),
    "ends": ([("", "10", True)], {"09": True, "10": False}),
    "is followed": ([("", "", True), ("10", "", False)], {"09": True, "10": False, "25": False}),
    "comes back": ([("", "", True), ("10", "20", False)], {"09": True, "10": False, "19": False, "20": True}),
    "two begin, then no": ([("10", "", True), ("10", "", False)], {"09": False, "10": False}),
    "two begin, then yes": ([("10", "", False), ("10", "", True)], {"09": False, "10": True}),
    "the older placed later": (
        [("10", "", False), ("05", "", True)],
        {"04": False, "05": True, "09": True, "10": False},
    ),
    "the newer ends first": (
        [("05", "", True), ("10", "15", False)],
        {"05": True, "10": False, "14": False, "15": True},
    ),
}
FILES = {
    "lawful_bases": "law", "policy_recipients": "body", "policy_purposes": "use", "policy_channels": "way",
    "policy_fields": "item", "policy_opens": "list",
}  # fmt: skip
SHIPPED = governance.shipped()


def _day(text: str) -> str:
    return f"2027-04-{text}" if text else ""


def _rows(name: str, *, told: str, versions: list[Version]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows about one made-up body: plain ones for ever, and those of the file `told` in its versions."""
    for file in FILES:
        for begins, until, goes in versions if file == told else [("", "", True)]:
            row = dict.fromkeys(SHIPPED.rows[file][0], "")
            yield file, row | _cells(name, file, goes=goes) | {"from": _day(begins), "until": _day(until)}
    urgent = dict.fromkeys(SHIPPED.rows["policy_purposes"][0], "")
    yield "policy_purposes", urgent | {"purpose": f"use-{name}", "when": "emergency", "recipients": name}


def _cells(name: str, file: str, *, goes: bool) -> dict[str, str]:
    said = "yes" if goes else "no"
    return {
        "lawful_bases": {"id": f"law-{name}", "commenced": said},
        "policy_recipients": {
            "slug": name, "name": "the body", "resident": "no", "agreement": "no" if goes else "yes", "reference": "no",
            "officer": "no", "objection": "heeded", "approvals": "0", "schedule": "no", "law": "school",
        },
        "policy_purposes": {"purpose": f"use-{name}", "when": "always", "recipients": name if goes else "nobody"},
        "policy_channels": {
            "channel": f"way-{name}", "title": "a way", "recipients": f"somebody {name}" if goes else "",
            "emergency": "yes", "never": "no",
        },
        "policy_fields": {"field": f"item-{name}", "title": "An item", "core": said},
        "policy_opens": {
            "recipient": name, "by": "law", "fields": f"name item-{name}" if goes else "name",
            "gateway": f"law-{name} LB16", "law": "school",
        },
    }[file]  # fmt: skip


def _name(file: str, story: str) -> str:
    return f"{FILES[file]}-{story.replace(' ', '-').replace(',', '')}"


def book() -> Book:
    """The shipped rows, those of all the stories, and a field that a law opens from one day until another."""
    told = [
        row
        for file in FILES
        for story, (versions, _) in STORIES.items()
        for row in _rows(_name(file, story), told=file, versions=versions)
    ]
    opening = next(row for row in SHIPPED.rows["policy_opens"] if row["recipient"] == "health")
    law = next(row for row in SHIPPED.rows["lawful_bases"] if row["id"] == "LB20")
    both = {
        **opening,
        "recipient": _name("policy_opens", "begins"),
        "by": "consent",
        "fields": "name",
        "gateway": "LB24",
    }
    told += [
        ("policy_opens", both),
        ("policy_opens", {**opening, "part": "drawn", "fields": "nhs_number", "gateway": "LB20 LB16"}),
        ("lawful_bases", {**law, "commenced": "yes", "from": _day("10"), "until": _day("20")}),
    ]
    return SHIPPED.with_rows(told)


def urgent() -> Iterator[Case]:
    """Neither a law that is not in force nor a list without a field of the core closes what keeps a child from harm."""
    for story in ("begins", "ends"):
        name = _name("lawful_bases", story)
        for day in ("09", "10"):
            asked = in_order("school", fields=["name", "address"], emergency=True, on=_day(day))
            yield (
                (story, day),
                asked | {"recipient": name, "purpose": f"use-{name}", "channel": f"way-{name}"},
                ["name", "address"],
            )


def either() -> Case:
    """What law and consent both open goes without consent."""
    name = _name("policy_opens", "begins")
    asked = in_order("school", fields=["name"], on=_day("10"))
    return (
        ("law or consent",),
        asked | {"recipient": name, "purpose": f"use-{name}", "channel": f"way-{name}"},
        ["name"],
    )


def rules() -> Iterator[tuple[dict[str, Any], str]]:
    """The field of that law on each day, and the rule that refuses it; none where it goes."""
    for day, rule in {"09": "N083.early", "10": "", "19": "", "20": "N083.ended"}.items():
        yield in_order("health", fields=["nhs_number"], on=_day(day)), rule


def cases() -> Iterator[Case]:
    """Each story on each of its days: whether the item goes. An item that is core goes at once where harm is near."""
    for file in FILES:
        for story, (_, days) in STORIES.items():
            name = _name(file, story)
            asked = in_order("school", fields=[f"item-{name}"], agreement=None) | {
                "recipient": name, "purpose": f"use-{name}", "channel": f"way-{name}",
            }  # fmt: skip
            for day, goes in days.items():
                urgent = {"emergency": True} if file == "policy_fields" else {}
                yield (file, story, day), asked | {"on": _day(day)} | urgent, asked["fields"] if goes else []
