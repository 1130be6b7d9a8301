"""Disposal: what is due today, why, and what blocks it. A dry run: nothing is changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import governance, retention
from fairhold.access import Scope
from fairhold.retention import DryRun, Record, RetentionError, Status
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Count, Counts, Empty, Table, Tag

TAGS = {
    Status.DUE: Tag("Due", "red"),
    Status.HELD: Tag("Held", "orange"),
    Status.REVIEW: Tag("A person reviews", "purple"),
    Status.UNKNOWN: Tag("Cannot be computed", "yellow"),
    Status.NOT_DUE: Tag("Not due", "grey"),
}
AT_MOST = 200


@page("page.disposal", "disposal/disposal.html")
def dry_run(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Everything on today's list."""
    found = retention.dry_run(scope)
    shown = [status for status in Status if status is not Status.NOT_DUE]
    return {
        "title": "Disposal",
        "day": found.day,
        "counts": Counts(
            [Count(_people(found, status), TAGS[status].text.lower(), colour=TAGS[status].colour) for status in Status]
        ),
        "tables": [_records(status, found.of(status)) for status in shown if found.of(status)],
        "files": _files(found),
        "classes": _classes(found),
        "unjudged": found.unjudged,
        "nothing": not any(found.of(status) for status in shown),
    }


@page("page.holds", "disposal/holds.html", posts=True)
def holds(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """What blocks disposal; a hold is placed or lifted here."""
    form = {name: request.POST.get(name, "").strip() for name in ("act", "rule", "reference", "hold", "because")}
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            visits.tell(request.visit, _change(scope, form))
        except RetentionError as error:
            errors = {"because" if form["act"] == "lift" else "reference": error.sentence}
        else:
            return back("holds")
    rules = [
        (row["id"], f"{row['id']}: {row['record_class'].removeprefix('HOLD: ')}")
        for row in governance.rows("retention")
        if row["record_class"].startswith("HOLD") and not row["to"]
    ]
    found = retention.holds_in_force(scope)
    return {
        "title": "Holds",
        "crumbs": [{"text": "Disposal", "href": reverse("disposal")}],
        "table": _holds(found),
        "choices": [(str(hold.id or hold.rule), hold.label) for hold in found],
        "rules": rules,
        "form": form,
        "errors": errors,
    }


def _change(scope: Scope, form: dict[str, str]) -> str:
    if form["act"] == "lift":
        number = int(form["hold"]) if form["hold"].isdecimal() else form["hold"]
        retention.lift_hold(scope, hold=number, because=form["because"])
        return "The hold is lifted."
    retention.place_hold(scope, rule=form["rule"], reference=form["reference"])
    return "The hold is placed. It binds at once."


def _title(klass: str) -> str:
    found = next((row for row in governance.rows("retention") if row["id"] == klass and not row["to"]), None)
    return f"{found['record_class'].replace('_', ' ').capitalize()} ({klass})" if found else klass


def _people(found: DryRun, status: Status) -> int:
    return sum(count.people for count in found.counts if count.status is status)


def _records(status: Status, records: list[Record]) -> Table:
    more = f" (the first {AT_MOST} of {len(records):,})" if len(records) > AT_MOST else ""
    return Table(
        f"{TAGS[status].text}{more}",
        ["Person", "Records", "Due", Column("Why", "third"), "Last contact", Column("What blocks it", spare=True)],
        [
            [
                record.person,
                _title(record.klass),
                record.due.date,
                record.due.why,
                _contact(record),
                ", ".join(record.due.blocked_by),
            ]
            for record in records[:AT_MOST]
        ],
    )


def _contact(record: Record) -> str:
    when = f"{record.last_contact.day} {record.last_contact:%B %Y}: " if record.last_contact else ""
    return f"{when}{record.evidence}"


def _files(found: DryRun) -> Table:
    return Table(
        "Kept files whose day has come",
        [Column("File", "number"), "What", "Rule", "Due", Column("What blocks it", spare=True)],
        [[file.file, file.kind, file.rule, file.due, ", ".join(file.blocked_by)] for file in found.files],
        Empty("No kept file is due."),
    )


def _classes(found: DryRun) -> Table:
    return Table(
        "Every class of records",
        ["Records", "State", Column("People", "number"), "Nearest day"],
        [[_title(count.klass), TAGS[count.status], count.people, count.earliest] for count in found.counts],
        Empty("Nothing is held yet."),
    )


def _holds(found: list[retention.Hold]) -> Table:
    return Table(
        "Holds in force",
        ["Hold", "Reference", "Records", "People"],
        [
            [
                hold.rule,
                hold.reference,
                ", ".join(hold.classes) if hold.classes else "All",
                len(hold.subjects) if hold.subjects else "All",
            ]
            for hold in found
        ],
        Empty("No hold is in force."),
    )
