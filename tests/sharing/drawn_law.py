"""A made-up book in which every kind of row begins, ends, is followed and comes back: what goes on which day."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fairhold import governance
from fairhold.governance import Book
from tests.sharing.made_up import consent, in_order, objection
from tests.sharing.tables import Case

Version = tuple[str, str, bool]
"""A row from a day until a day (blank: open), and whether it lets the field go."""

# Days of one month. What happens to a row: its versions as the file has them, and the days on which it lets go.
STORIES: dict[str, tuple[list[Version], dict[str, bool]]] = {
    "begins": ([("10", "", True)], {"09": False, "10": True, "11": True}),
    "ends": ([("", "12", True)], {"11": True, "12": False}),
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
NO_ROW = {
    ("begins", "09"), ("ends", "12"), ("two begin, then no", "09"), ("two begin, then yes", "09"),
    ("the older placed later", "04"),
}  # fmt: skip
# What the story is told of: its file, and the month of 2027 it is told in, so that no day of one is a day of another.
KINDS = {
    "law": ("lawful_bases", "01"), "body": ("policy_recipients", "02"), "use": ("policy_purposes", "03"),
    "way": ("policy_channels", "04"), "item": ("policy_fields", "05"), "list": ("policy_opens", "06"),
    "harm": ("policy_purposes", "07"), "fast": ("policy_channels", "08"), "never": ("policy_channels", "09"),
}  # fmt: skip
WAYS = {"way", "fast", "never"}  # three stories of one row
SHIPPED = governance.shipped()


def _day(kind: str, text: str) -> str:
    return f"2027-{KINDS[kind][1]}-{text}" if text else ""


def _name(kind: str, story: str) -> str:
    return f"{kind}-{story.replace(' ', '-').replace(',', '')}"


def _rows(name: str, *, told: str, versions: list[Version]) -> Iterator[tuple[str, dict[str, str]]]:
    """The rows about one made-up body: plain ones for ever, and that of the kind `told` in its versions."""
    for kind, (file, _) in KINDS.items():
        if kind in WAYS and kind != (told if told in WAYS else "way"):
            continue
        for begins, until, goes in versions if kind == told else [("", "", True)]:
            row = dict.fromkeys(SHIPPED.rows[file][0], "") | _cells(name, kind, goes=goes)
            yield file, row | {"from": _day(told, begins), "until": _day(told, until)}


def _cells(name: str, kind: str, *, goes: bool) -> dict[str, str]:
    said = "yes" if goes else "no"
    way = {
        "channel": f"way-{name}",
        "title": "a way",
        "recipients": f"somebody {name}",
        "emergency": "yes",
        "never": "no",
    }
    return {
        "law": {"id": f"law-{name}", "commenced": said},
        "body": {
            "slug": name, "name": "the body", "resident": "no", "agreement": "no" if goes else "yes", "reference": "no",
            "officer": "no", "objection": "heeded", "approvals": "0", "schedule": "no", "law": "school",
        },
        "use": {"purpose": f"use-{name}", "when": "always", "recipients": name if goes else "police"},
        "harm": {"purpose": f"use-{name}", "when": "emergency", "recipients": name if goes else "police"},
        "way": way | ({} if goes else {"recipients": ""}),
        "fast": way | {"emergency": said},
        "never": way | {"never": "no" if goes else "yes"},
        "item": {"field": f"item-{name}", "title": "An item", "core": said},
        "list": {
            "recipient": name, "by": "law", "fields": f"name item-{name}" if goes else "name",
            "gateway": f"law-{name} LB16", "law": "school",
        },
    }[kind]  # fmt: skip


def _item(name: str) -> str:
    return f"item-{name}"


def _asked(name: str, day: str, *fields: str, urgent: bool = False) -> dict[str, Any]:
    """A request in order of a made-up body; it has no agreement."""
    request = in_order("school", fields=list(fields), agreement=None, emergency=urgent, on=day)
    return request | {"recipient": name, "purpose": f"use-{name}", "channel": f"way-{name}"}


def book() -> Book:
    """The shipped rows, those of all the stories, and some odd ones: see below which."""
    told = [
        row
        for kind in KINDS
        for story, (versions, _) in STORIES.items()
        for row in _rows(_name(kind, story), told=kind, versions=versions)
    ]
    opening = next(row for row in SHIPPED.rows["policy_opens"] if row["recipient"] == "health")
    protect = next(row for row in SHIPPED.rows["policy_law"] if row["key"] == "protect")
    law = next(row for row in SHIPPED.rows["lawful_bases"] if row["id"] == "LB20")
    by_consent = {**opening, "by": "consent", "fields": "name", "gateway": "LB24"}
    deaf = _plain("policy_recipients") | _cells("apart", "body", goes=True) | {"objection": "decided apart"}
    told += [
        # a field of its own that a law opens from one day until another
        ("policy_opens", {**opening, "part": "drawn", "fields": "nhs_number", "gateway": "LB20 LB16"}),
        ("lawful_bases", {**law, "commenced": "yes", "from": "2027-10-10", "until": "2027-10-20"}),
        # open by law and by consent
        ("policy_opens", {**by_consent, "recipient": _name("list", "begins")}),
        # a body that hears no objection, with a field that consent alone opens
        *_rows("apart", told="body", versions=[("", "", True)]),
        ("policy_recipients", deaf),
        ("policy_opens", {**by_consent, "recipient": "apart", "fields": "school sex"}),
        # what one law or consent opens stays open where another law that names it has not begun, or has ended
        *(
            ("policy_opens", {**opening, "recipient": "apart", "part": part, "fields": fields, "gateway": gateway})
            for part, fields, gateway in (
                ("soon", f"school {_item('apart')}", "law-law-begins"),
                ("late", f"sex {_item('apart')}", "law-law-ends"),
            )
        ),
        # a law behind keeping a child from harm that begins one day
        ("policy_law", {**protect, "lawful_bases": "LB33 law-law-begins", "from": _day("law", "05")}),
    ]
    return SHIPPED.with_rows(told)


def _plain(file: str) -> dict[str, str]:
    return dict.fromkeys(SHIPPED.rows[file][0], "")


def cases() -> Iterator[Case]:
    """Each story on each of its days: whether the item goes."""
    for kind in KINDS:
        for story, (_, days) in STORIES.items():
            name = _name(kind, story)
            for day, goes in days.items():
                item, on, gone = _item(name), _day(kind, day), (story, day) in NO_ROW
                if kind not in ("item", "harm", "fast"):
                    yield (kind, story, day), _asked(name, on, item), [item] if goes else []
                if kind in ("item", "fast", "never"):  # core goes at once where harm is near, by a way that is safe
                    yield (kind, story, day, "urgent"), _asked(name, on, item, urgent=True), [item] if goes else []
                if kind == "item":  # whether it is core or not it may go, as long as it is a field at all
                    yield (kind, story, day, "plain"), _asked(name, on, item), [] if gone else [item]
                if kind == "body":  # even in an emergency the body must be known
                    yield (kind, story, day, "urgent"), _asked(name, on, item, urgent=True), [] if gone else [item]
                if kind == "harm":  # where nothing says so the purpose is no urgent one, and all is as ever
                    yield (kind, story, day), _asked(name, on, item, urgent=True), [item] if goes or gone else []
    yield from _odd()


def _odd() -> Iterator[Case]:
    for story in (
        "begins",
        "ends",
    ):  # neither a law not in force nor a list without it closes the core where harm is near
        for day in ("09", "13"):
            name = _name("law", story)
            request = _asked(name, _day("law", day), "name", "address", urgent=True)
            yield ("harm", story, day), request, ["name", "address"]
    name = _name("list", "begins")
    yield "law or consent", _asked(name, _day("list", "10"), "name"), ["name"]
    for day, goes in {"09": ["name"], "10": ["name", "nhs_number"], "20": ["name"]}.items():
        yield ("part", day), in_order("health", fields=["name", "nhs_number"], on=f"2027-10-{day}"), goes
    yes, no = consent("young_person", ["school"], "apart"), objection("young_person", ["school"], "apart")
    for consents, objections, goes in (
        ([], [], []),
        ([], [no], []),
        ([yes], [], ["school"]),
        ([yes], [no], ["school"]),
    ):
        asked = _asked("apart", "2026-11-24", "school")
        asked["child"] |= {"consents": consents, "objections": objections}
        yield ("apart", len(consents), len(objections)), asked, goes
    both = consent("young_person", ["school", "sex"], "apart")
    for day in (_day("law", "09"), _day("law", "13")):  # before one of those laws begins, and when the other has ended
        asked = _asked("apart", day, "school", "sex", _item("apart"))
        asked["child"] |= {"consents": [both]}
        yield ("apart", day), asked, ["school", "sex", _item("apart")]
    begins = _name("law", "begins")
    yield "long before", _asked(begins, "0001-01-01", _item(begins)), []


def protected() -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """What keeps a child from harm, and the laws in force behind it on the day."""
    urgent = {"fields": ["name"], "emergency": True, "purpose": "safeguarding", "channel": "phone"}
    for day, laws in {"04": ("LB33", "LB19"), "09": ("LB33",), "10": ("LB33", "law-law-begins")}.items():
        yield in_order("police", **urgent, on=_day("law", day)), laws


def rules() -> Iterator[tuple[dict[str, Any], str]]:
    """The field of that law on each day, and the rule that refuses it; none where it goes."""
    for day, rule in {"09": "N083.early", "10": "", "19": "", "20": "N083.ended"}.items():
        yield in_order("health", fields=["nhs_number"], on=f"2027-10-{day}"), rule
