"""The children in need census: which episodes of need belong into the year, and what is told inside each.

Every child referred in the year, and every child whose case was open on its first day (DfE, Children in need
methodology). Inside an episode stands what touches the year: assessments, plans, enquiries under section 47 that began
or led to a conference in it, or are still open. The conferences that review a plan stand with it, whenever they were.
"""

from __future__ import annotations

import io
from importlib.metadata import version

from fairhold.access import Scope
from fairhold.dates import clock
from fairhold.facts.mapping import sheets
from fairhold.facts.paths import resolve
from fairhold.formats.cin import COLLECTION, FORMAT
from fairhold.formats.xmlwrite import write_xml
from fairhold.returns.building.domain import AsAt, Table
from fairhold.returns.building.mapping import Told, field
from fairhold.returns.building.nesting import Nest
from fairhold.returns.building.selecting import TOUCHES, Part, current, params, select
from fairhold.returns.building.values import ISO
from fairhold.returns.cin.shape import CHILD, PERSON, table_of

FORM = ISO
_NEEDED = "f.subject_id in (select subject_id from b_need)"
_INSIDE = (
    "exists (select from b_need n where n.subject_id = f.subject_id"
    " and n.referral_date is not distinct from f.referral_date"
    " and n.referral_number is not distinct from f.referral_number)"
)
_NOT_NEEDED = "The child was neither referred nor in need in the year."
_NOT_INSIDE = "Its episode of need does not touch the year"
_OPEN = "f.conference_date is null and f.conference_not_required is not true"
_ENQUIRED = f"f.start_date >= %(starts)s or f.conference_date >= %(starts)s or ({_OPEN})"
_FOUND = """exists (select from social_care.assessment a where a.subject_id = f.subject_id
    and a.known_from <= %(known)s and %(known)s < a.known_until and a.start_date is not distinct from f.start_date
    and a.number is not distinct from f.assessment_number
    and (a.authorised_date is null or a.authorised_date <= %(valid)s))"""

# table: (fact table or none, which facts belong into it, what is said of one that does not, what ties it to others)
_PARTS: dict[str, tuple[str, str, str, tuple[str, ...]]] = {
    "ChildIdentifiers": ("", _NEEDED, _NOT_NEEDED, ()),
    "ChildCharacteristics": ("", _NEEDED, _NOT_NEEDED, ()),
    "Disabilities": ("social_care.disability", _NEEDED, _NOT_NEEDED, ()),
    "CINdetails": (
        "social_care.need_episode",
        TOUCHES,
        "The episode of need does not touch the year.",
        ("referral_date", "referral_number"),
    ),
    "Assessments": (
        "social_care.assessment",
        f"{_INSIDE} and {TOUCHES}",
        f"{_NOT_INSIDE}, or the assessment does not.",
        ("referral_date", "referral_number", "start_date", "number"),
    ),
    "AssessmentFactorsList": (
        "social_care.assessment_factor",
        f"{_NEEDED} and {_FOUND}",
        "The assessment was not authorised by the last day, or its episode of need does not touch the year.",
        ("start_date", "assessment_number"),
    ),
    "CINplanDates": (
        "social_care.cin_plan",
        f"{_INSIDE} and {TOUCHES}",
        f"{_NOT_INSIDE}, or the plan does not.",
        ("referral_date", "referral_number"),
    ),
    "Section47": (
        "social_care.section_47",
        f"{_INSIDE} and f.from_date <= %(valid)s and ({_ENQUIRED})",
        f"{_NOT_INSIDE}, or the enquiry and its conference were in other years.",
        ("referral_date", "referral_number"),
    ),
    "ChildProtectionPlans": (
        "social_care.protection_plan",
        f"{_INSIDE} and {TOUCHES}",
        f"{_NOT_INSIDE}, or the plan does not.",
        ("referral_date", "referral_number", "start_date", "number"),
    ),
    "Reviews": (
        "social_care.protection_review",
        f"{_NEEDED} and f.from_date <= %(valid)s",
        "The review was after the last day, or its plan does not touch the year.",
        ("plan_start_date", "plan_number"),
    ),
}
_NUMBER = field("people.identifier", "value", "upn")
_WHY = field("people.upn_unknown", "reason")


def header(as_at: AsAt, la: str, serial: int) -> dict[str, str]:
    """What the file says of itself, by path below its header."""
    release = version("fairhold")
    written = as_at.known.astimezone(clock.LONDON).replace(tzinfo=None, microsecond=0)
    return {
        "CollectionDetails/Collection": COLLECTION,
        "CollectionDetails/Year": str(as_at.year),
        "CollectionDetails/ReferenceDate": as_at.ends.isoformat(),
        "Source/SourceLevel": "L",
        "Source/LEA": la,
        "Source/SoftwareCode": "Fairhold",
        "Source/Release": release,
        "Source/SerialNo": f"{serial:03}",
        "Source/DateTime": written.isoformat(),
    }


def parts(year: int) -> list[Part]:
    """How each table of the year's census is made, the outer ones first."""
    elements: dict[str, list[Told]] = {table: [] for table in _PARTS}
    for element in FORMAT.of_year(year):
        table = "" if element.is_container else table_of(element.path)
        if table in elements:
            elements[table].append(_told(table, element.path))
    made = []
    for table, columns in elements.items():
        fact, belongs, sentence, ties = _PARTS[table]
        inner = tuple(field(fact, name) for name in ties) if fact else (_WHY, _NUMBER)
        of = inner[0].fact if fact and inner else next((told.fact for told in columns if told.of == fact), None)
        key = of.key if of else ()
        made.append(Part(table, of, tuple(columns), belongs, sentence, key=key, inner=inner))
    return made


def _told(table: str, path: str) -> Told:
    """By what an element is told, as intake reads it."""
    name, fact = path.rpartition("/")[2], _PARTS[table][0]
    for target in resolve("cin", path.removeprefix(PERSON + "/")):
        of = sheets()[target.leaf.table].table
        if of.name == fact or (not fact and of.shape == "state") or target.leaf.constant:
            return Told(name, of, of.fields[target.leaf.field], target.leaf.constant or "")
    return Told(name) if name == CHILD else Told(name, kept=False)


def sets(scope: Scope, as_at: AsAt) -> None:
    """Fill `b_need`: the episodes of need that belong into the year."""
    episodes = next(part for part in parts(as_at.year) if part.table == "CINdetails")
    assert episodes.fact is not None
    scope.run(
        "create temporary table b_need on commit drop as select f.subject_id, f.referral_date, f.referral_number"
        f" from ({current(episodes.fact)}) f where {episodes.belongs}",
        params(as_at),
    )
    scope.run("create index on b_need (subject_id)")
    scope.run("analyze b_need")


def tables(scope: Scope, as_at: AsAt, *, every: bool = False) -> dict[str, Table]:
    """Every table of the census, in the order of the file; `every`: also with what does not belong, in any order."""
    found = {part.table: select(scope, part, as_at, FORM, every=every) for part in parts(as_at.year)}
    _one_of_two(found["ChildIdentifiers"])
    if not every:
        return {name: found[name].chosen(rows) for name, rows in Nest(found).order().items()}
    belong = {name: [n for n in range(len(one.rows)) if n not in one.left_out] for name, one in found.items()}
    placed = Nest({name: found[name].chosen(rows) for name, rows in belong.items()}).order()
    for name, rows in belong.items():
        found[name].left_out |= set(rows) - {rows[place] for place in placed[name]}
    return found


def _one_of_two(children: Table) -> None:
    """A child has a UPN or a reason for having none, a birth date or an expected one: the first of the two counts.

    The return of children looked after tells number and reason as one value.
    """
    at = {name: children.columns.index(name) for name in children.columns}
    for row, (cells, (why, number)) in enumerate(zip(children.rows, children.inner, strict=True)):
        reason = number if number.startswith("UN") else why
        upn = "" if number.startswith("UN") else cells[at["UPN"]]
        found = {"UPN": upn, "UPNunknown": "" if upn else reason}
        if cells[at["PersonBirthDate"]]:
            found["ExpectedPersonBirthDate"] = ""
        children.rows[row] = tuple(found.get(name, cell) for name, cell in zip(children.columns, cells, strict=True))


def files(tables: dict[str, Table], header: dict[str, str]) -> dict[str, bytes]:
    """The official file, elements in the order of the schema."""
    stream = io.BytesIO()
    write_xml(stream, FORMAT, header, (("Child", child) for child in Nest(tables).children()))
    return {f"cin-{header['CollectionDetails/Year']}.xml": stream.getvalue()}


def one_file(files: dict[str, bytes], year: int) -> tuple[str, bytes]:
    """The file there is."""
    return next(iter(files.items()))
