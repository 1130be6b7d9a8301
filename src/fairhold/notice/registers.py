"""The notice out of the registers: purposes, law, categories, sources, recipients, flows, returns and periods."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from fairhold import catalogue, governance
from fairhold.access import generated
from fairhold.governance import Book, Purpose
from fairhold.governance.dated import Row
from fairhold.notice.domain import Document, Entry, Section
from fairhold.returns import MODULES

SOURCES: Final = {
    "school": ("Schools", "Files that schools send about the pupils on their roll."),
    "case-system": ("Our own case systems", "What our workers write down about the children they help."),
    "register": ("Our own registers", "Lists that our services keep, such as choices and offers."),
}
RETURNS: Final = {**{name: name for name in MODULES}, "annex-a": "annex-a"}
MADE_BY: Final = {"statutory-returns": ("dfe", "ofsted")}
"""Whom the purposes serve that hand data out by other ways than a flow."""


def build(book: Book, day: str) -> Document:
    """The notice on an ISO date, by the rows in force then."""
    return Document(
        (
            Section(
                "About this notice",
                (
                    "This notice tells you what data we hold on you, why we hold it and who may see it.",
                    "A program makes it from the same lists that run the system. So it says what we do.",
                ),
            ),
            Section(
                "What we hold",
                ("We hold these kinds of data, and no others.",),
                ("Kind of data", "What is in it"),
                tuple(_categories()),
            ),
            Section(
                "Where it comes from",
                ("We take data only from those on this list.",),
                ("Source", "What they send"),
                tuple(Entry("source", kind, *words) for kind, words in SOURCES.items()),
            ),
            Section(
                "Why we use it",
                ("Each time staff look at data they must first choose one of these reasons.",),
                ("Reason", "What it is for, and the law"),
                tuple(purpose(one, book, day) for one in governance.purposes()),
            ),
            Section(
                "The law we rely on",
                ("The law must let us use the data. These are the laws. We name only those in force.",),
                ("Law", "Article and gateway"),
                tuple(_laws(book, day)),
            ),
            Section(
                "Who may get data from us",
                (
                    "We share the least we can. We check each child and each value each time.",
                    "You can ask us who had your data.",
                ),
                ("Who", "On what terms"),
                tuple(recipient(one, book, day) for one in book.on("policy_recipients", day)),
            ),
            Section(
                "What each of them may get",
                ("Some may be shared by law. Some may be shared only if you say yes.",),
                ("Who and what", "On what ground"),
                tuple(fields(book, day)),
            ),
            Section(
                "The kinds of share",
                ("A share is always one of these kinds.",),
                ("Kind of share", "For whom and how"),
                tuple(flow(one, book, day) for one in book.on("share_flows", day)),
            ),
            Section(
                "What we must send to the government",
                ("The law asks us to send these.",),
                ("Return", "Law"),
                tuple(_returns(book, day)),
            ),
            Section(
                "How long we keep it",
                ("We keep data only as long as we must. Then we destroy it.",),
                ("Kind of record", "How long"),
                tuple(period(code) for code in sorted(used_periods())),
            ),
            Section(
                "Your rights",
                (
                    "You can ask to see your data. You can ask us to put it right.",
                    "You can say no to some uses. You can take back a yes at any time.",
                    "To ask, write to the officer who is named below.",
                    "If you are not happy with us, you can tell the ICO. It is the body that checks on us.",
                ),
            ),
        )
    )


def _categories() -> Iterator[Entry]:
    for one in catalogue.categories():
        if one.held:
            held = sorted({table.title for table in catalogue.tables() if table.category == one.slug})
            yield Entry("category", one.slug, one.title, "; ".join(held))


def purpose(one: Purpose, book: Book, day: str) -> Entry:
    """What the notice says of a purpose."""
    named = {row["id"]: row["legislation"] for row in book.on("lawful_bases", day)}
    law = "; ".join(named[basis] for basis in in_force(one.lawful_bases, book, day))
    return Entry("purpose", one.slug, one.title, f"{one.job} Law: {law or 'none in force'}.")


def in_force(bases: Iterable[str], book: Book, day: str) -> list[str]:
    """Those of these bases that have commenced and hold on the day."""
    running = {row["id"] for row in book.on("lawful_bases", day) if row["commenced"] == "yes"}
    return [one for one in bases if one in running]


def used_laws(book: Book, day: str) -> set[str]:
    """The bases in force that a purpose, a rule of sharing or a return of ours rests on."""
    named = {basis for one in governance.purposes() for basis in one.lawful_bases}
    named |= {basis for row in book.on("policy_opens", day) for basis in row["gateway"].split()}
    named |= {row["basis"] for row in governance.rows("collections") if row["return"] in RETURNS}
    return set(in_force(sorted(named), book, day))


def _laws(book: Book, day: str) -> Iterator[Entry]:
    used = used_laws(book, day)
    for row in book.on("lawful_bases", day):
        if row["id"] in used:
            yield law(row)


def law(row: Row) -> Entry:
    """What the notice says of a law: articles, condition, gateway, and how sure we are of them."""
    told = f"{row['purpose']}. UK GDPR Article {row['article6']}; special data: {row['article9_or_10']};"
    told += f" Schedule 1: {row['dpa2018_sch1']}. {row['gateway'].capitalize()}. Checked: {row['confidence']}."
    return Entry("law", row["id"], row["legislation"], told)


def recipient(row: Row, book: Book, day: str) -> Entry:
    """What the notice says of a kind of recipient."""
    laws = {one["key"]: one["citation"] for one in book.on("policy_law", day)}
    told = []
    if row["age_from"]:
        send = f" (with special needs {row['age_to_send']})" if row["age_to_send"] not in ("", row["age_to"]) else ""
        told.append(f"From the {row['age_from']}th birthday to the {row['age_to']}th{send}.")
    told += [
        words
        for name, words in (
            ("agreement", "Only under an agreement."),
            ("reference", "Only with a case number."),
            ("officer", "Only to a named officer who names a power."),
        )
        if row[name] == "yes"
    ]
    if row["schedule"] == "no":
        told.append("Case by case, never on a schedule.")
    return Entry("recipient", row["slug"], row["name"], " ".join([*told, f"Law: {laws.get(row['law'], row['law'])}."]))


def fields(book: Book, day: str) -> Iterator[Entry]:
    """What the notice says of each value that a recipient may get."""
    names = {row["slug"]: row["name"] for row in book.on("policy_recipients", day)}
    titles = {row["field"]: row["title"] for row in book.on("policy_fields", day)}
    ways = {"law": "By law.", "consent": "Only if you say yes."}
    for row in book.on("policy_opens", day):
        for name in row["fields"].split():
            title = f"{names.get(row['recipient'], row['recipient'])}: {titles.get(name, name)}"
            yield Entry("field", f"{row['recipient']} {name}", title, ways.get(row["by"], row["by"]))


def flow(row: Row, book: Book, day: str) -> Entry:
    """What the notice says of a kind of share."""
    names = {one["slug"]: one["name"] for one in book.on("policy_recipients", day)}
    channels = {one["channel"]: one["title"] for one in book.on("policy_channels", day)}
    whom = ", ".join(names.get(slug, slug) for slug in row["recipients"].split())
    way = " or ".join(channels.get(one, one) for one in row["channel"].split())
    nameless = " It names nobody." if row["pseudonyms"] == "yes" else ""
    again = " It can be sent again and again." if row["schedule"] == "yes" else ""
    return Entry("flow", row["flow"], row["title"], f"For {whom}, by {way}.{nameless}{again}")


def _returns(book: Book, day: str) -> Iterator[Entry]:
    laws = {row["id"]: row["legislation"] for row in book.on("lawful_bases", day)}
    for name in RETURNS:
        rows = [row for row in governance.rows("collections") if row["return"] == name]
        law = "; ".join(dict.fromkeys(laws[row["basis"]] for row in rows if row["basis"] in laws))
        title = rows[-1]["title"] if rows else name
        yield Entry("return", name, title, law or "No law on record.")


def used_periods() -> set[str]:
    """The rules of retention that some table is kept by."""
    return {table.retention for table in catalogue.tables()} | {
        row["retention"] for row in generated.system_tables() if row["retention"]
    }


def period(code: str) -> Entry:
    """What the notice says of a rule of retention."""
    row = next((one for one in governance.rows("retention") if one["id"] == code), None)
    if row is None:
        return Entry("period", code, code, "No rule on record.")
    kept = row["period"] if row["default_choice"] in ("", "yes") else row["default_choice"]
    return Entry("period", code, row["record_class"].replace("_", " ").capitalize(), f"{kept}, from: {row['trigger']}.")
