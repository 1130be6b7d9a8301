"""The record of processing (UK GDPR Article 30): a row a purpose, made of the registers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from typing import Final

from fairhold import catalogue, governance, letters, policy
from fairhold.access import Scope, verb
from fairhold.governance import Book, Purpose
from fairhold.letters import Contacts, Grid, Heading, Text
from fairhold.notice import registers

NONE: Final = "none"
SECURITY: Final = (
    "One database role a purpose, with row policies for protected addresses and restricted children; every act in a"
    " signed ledger before it is shown; kept files encrypted, each under its own key; what leaves is encrypted to a"
    " verified key or put into a government portal; two people for what leaves."
)
ABROAD: Final = "None: no channel on record leads out of the United Kingdom."


@dataclass(frozen=True)
class Processing:
    """One purpose as the record of processing states it. The columns are those that the ICO's pages on documentation
    list for a controller."""

    organisation: str
    contacts: str
    data_protection_officer: str
    joint_controllers: str
    representative: str
    purpose: str
    people: str
    categories_of_data: str
    recipients: str
    third_countries: str
    safeguards: str
    retention: str
    security: str
    lawful_basis: str
    special_condition: str
    schedule_1: str
    legislation: str
    policy_document: str
    agreements: str
    data_location: str


HEADS: Final = tuple(field.name.replace("_", " ").capitalize() for field in fields(Processing))


@verb("notice.processing")
def processing(scope: Scope) -> list[Processing]:
    """The record as the rows in force make it, a row a purpose."""
    book, day = policy.book(scope), scope.day.isoformat()
    agreed: dict[str, set[str]] = {}
    for row in scope.rows(
        "select distinct g.purpose, p.name from system.share_agreement g"
        " join system.share_partner p on p.id = g.partner_id where not g.suspended"
        " and g.from_date <= %(day)s and coalesce(g.to_date > %(day)s, true)",
        {"day": scope.day},
    ):
        agreed.setdefault(row["purpose"], set()).add(row["name"])
    found = [_row(one, book, day, agreed, letters.contacts()) for one in governance.purposes()]
    scope.tell(rows=len(found))
    return found


def _row(one: Purpose, book: Book, day: str, agreed: dict[str, set[str]], who: Contacts) -> Processing:
    bases = [
        row for row in book.on("lawful_bases", day) if row["id"] in registers.in_force(one.lawful_bases, book, day)
    ]
    tables = [table for table in catalogue.tables() if one.slug in table.purposes]
    titles = {category.slug: category.title for category in catalogue.categories()}
    flows = [row for row in book.on("share_flows", day) if row["works_under"] == one.slug]
    names = {row["slug"]: row["name"] for row in book.on("policy_recipients", day)}
    whom = [slug for row in flows for slug in row["recipients"].split()] + list(registers.MADE_BY.get(one.slug, ()))
    parents = any(table.domain == "parents" for table in tables)
    return Processing(
        organisation=who.council,
        contacts=who.contact,
        data_protection_officer=who.officer,
        joint_controllers="none on record",
        representative="none: the council is in the United Kingdom",
        purpose=f"{one.title}. {one.job}",
        people="; ".join(["Children and young people", *(["parents and carers"] if parents else [])]),
        categories_of_data=_listed(titles[table.category] for table in tables),
        recipients=_listed(names.get(slug, slug) for slug in whom),
        third_countries=ABROAD,
        safeguards="not needed",
        retention=_listed(f"{period.title}: {period.text}" for period in map(registers.period, _codes(tables))),
        security=SECURITY,
        lawful_basis=_listed(row["article6"] for row in bases),
        special_condition=_listed(row["article9_or_10"] for row in bases),
        schedule_1=_listed(row["dpa2018_sch1"] for row in bases),
        legislation=_listed(row["legislation"] for row in bases),
        policy_document="Retention follows the register of retention; what blocks disposal is on the page Disposal.",
        agreements=_listed(name for row in flows for name in agreed.get(row["purpose"], ())),
        data_location="the council's own database and vault",
    )


def _codes(tables: Iterable[catalogue.Table]) -> list[str]:
    return sorted({table.retention for table in tables})


def _listed(words: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(filter(None, words))) or NONE


def as_csv(found: Iterable[Processing]) -> bytes:
    """A CSV file in UTF-8, with a heading."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([HEADS, *map(astuple, found)])
    return text.getvalue().encode()


def as_xlsx(found: Iterable[Processing]) -> bytes:
    """An Excel workbook of one sheet."""
    import xlsxwriter  # noqa: PLC0415 (lazy)

    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Record of processing")
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    cell = book.add_format({"text_wrap": True, "valign": "top"})
    for at, line in enumerate([HEADS, *map(astuple, found)]):
        sheet.write_row(at, 0, line, cell if at else head)
    sheet.set_column(0, len(HEADS) - 1, 30)
    sheet.freeze_panes(1, 0)
    book.close()
    return data.getvalue()


def as_pdf(found: Iterable[Processing]) -> bytes:
    """A tagged PDF: each purpose a heading with its columns as a table."""
    blocks: list[letters.Block] = [Text("Made of the registers that the system runs on.")]
    for one in found:
        blocks += [
            Heading(one.purpose.partition(".")[0]),
            Grid(("What", "Stated"), tuple(zip(HEADS, astuple(one), strict=True))),
        ]
    return letters.pdf("Record of processing activities", blocks)
