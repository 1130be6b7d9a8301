"""Deliveries: files that came, what of them went in, and the rows that were set aside."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import intake
from fairhold.access import Row, Scope
from fairhold.access.doors import door
from fairhold.intake import Outcome
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Button, Column, Empty, Item, Link, Several, Summary, Table, Tag

KINDS = {
    "ctf": "Transfer file",
    "ssda903": "Children looked after",
    "cin": "Children in need",
    "ssd": "Extract of a case system",
    "protection-register": "Protected children",
}
STATES = {"stored": Tag("Stored", "green"), "refused": Tag("Refused", "red")}
OUTCOMES = {
    Outcome.STORED: STATES["stored"],
    Outcome.KNOWN: Tag("Known already", "grey"),
    Outcome.REFUSED: STATES["refused"],
}


@page("page.deliveries", "deliveries/deliveries.html")
def deliveries(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """The newest deliveries."""
    found = intake.deliveries(scope)
    may_send = door("delivery.take-in").opens_for(scope.purpose.slug)
    return {"title": "Deliveries", "table": _table(found), "may_send": may_send}


@page("page.upload", "deliveries/upload.html", posts=True)
def upload(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Take files in, and say of each what became of it. Names of files are shown to the sender and not kept."""
    context: dict[str, Any] = {"title": "Take files in", "crumbs": _crumbs()}
    if request.method == "POST":
        files: Sequence[UploadedFile] = request.FILES.getlist("files")
        if not files:
            return context | {"errors": {"files": "Choose at least one file."}}
        offered = intake.offer([(str(file.name), file.read()) for file in files], scope)
        context["done"] = _done(intake.ingest(scope, offered=offered))
    return context


@page("page.deliveries", "deliveries/delivery.html")
def delivery(request: HttpRequest, scope: Scope, number: int) -> dict[str, Any]:
    """One delivery and what of it is set aside."""
    found = next((row for row in intake.deliveries(scope, limit=100_000) if row["id"] == number), None)
    if found is None:
        raise Http404
    context = {"title": f"Delivery {number}", "crumbs": _crumbs(), "facts": _facts(found)}
    if door("set-aside.list").opens_for(scope.purpose.slug):
        context["table"] = aside_table(intake.set_aside(scope, delivery=number), one=True)
    return context


@page("page.set-aside", "deliveries/set_aside.html", posts=True)
def set_aside(request: HttpRequest, scope: Scope) -> dict[str, Any] | HttpResponse:
    """Every row still set aside, to be read again or closed."""
    if request.method == "POST":
        number = request.POST.get("row", "")
        visits.tell(
            request.visit, _settle(scope, request.POST.get("act", ""), int(number) if number.isdecimal() else 0)
        )
        return back("set-aside")
    return {"title": "Rows set aside", "table": aside_table(intake.set_aside(scope))}


def _settle(scope: Scope, act: str, number: int) -> str:
    if act == "dismiss":
        intake.dismiss(scope, set_aside_id=number)
        return "The row is closed without being taken in."
    replayed = intake.replay(scope, set_aside_id=number)
    if replayed.taken_in:
        return f"The row was taken in; it added {replayed.added} values."
    return f"The row stays set aside. {replayed.reason}"


def aside_table(found: list[Row], *, one: bool = False) -> Table:
    """Rows set aside with what to do about each."""
    return Table(
        "Rows set aside",
        [
            *([] if one else ["Delivery"]),
            "Where",
            Column("What is wrong", "half"),
            "Owner",
            "Settle",
        ],
        [
            [
                *(
                    []
                    if one
                    else [Link(f"{row['delivery_id']}", reverse("delivery", args=[row["delivery_id"]]), row["source"])]
                ),
                _where(row),
                row["reason"],
                row["owner"].replace("-", " "),
                _choices(row["id"], _where(row)),
            ]
            for row in found
        ],
        Empty("Nothing is set aside.", "Every row that came is in, or was settled."),
    )


def _where(row: Row) -> str:
    parts = [f"line {row['line']}"] if row["line"] else []
    parts += [f"row {row['row']}"] if row["row"] is not None else []
    parts += [str(row["field"])] if row["field"] else []
    return ", ".join(parts)


def _choices(number: int, where: str) -> Several:
    """The two things one can do with a row set aside."""
    again = Button("Read again", reverse("set-aside"), {"row": number, "act": "replay"}, "secondary", where)
    close = Button("Close", reverse("set-aside"), {"row": number, "act": "dismiss"}, "secondary", where)
    return Several([again, close])


def _crumbs() -> list[dict[str, str]]:
    return [{"text": "Deliveries", "href": reverse("deliveries")}]


def _table(found: list[Row]) -> Table:
    return Table(
        "The newest files",
        [
            "Delivery",
            "Came",
            "From",
            "What",
            "State",
            Column("Rows", "number"),
            Column("New values", "number"),
            Column("Set aside", "number"),
        ],
        [
            [
                Link(str(row["id"]), reverse("delivery", args=[row["id"]]), "delivery"),
                row["received_at"],
                row["source"] or "not registered",
                _what(row),
                STATES[row["state"]],
                row["rows"],
                row["added"],
                row["open"],
            ]
            for row in found
        ],
        Empty("No file has come yet.", "Take the first one in, or wait for a school to send it."),
    )


def _what(row: Row) -> str:
    return " ".join(str(part) for part in (KINDS.get(row["kind"], row["kind"] or "unknown"), row["element"]) if part)


def _facts(row: Row) -> Summary:
    return Summary(
        [
            Item("State", STATES[row["state"]]),
            *([Item("Why", row["reason"])] if row["reason"] else []),
            Item("From", row["source"]),
            Item("What", _what(row)),
            Item("Version", row["version"]),
            Item("Came", row["received_at"]),
            Item("The file is of", row["file_date"]),
            Item("Rows", row["rows"]),
            Item("Values in it", row["facts"]),
            Item("Values that were new", row["added"]),
            Item("Set aside", row["set_aside"]),
            Item("Elements no reference lists", row["unknown"]),
        ]
    )


def _done(summaries: Sequence[intake.Summary]) -> Table:
    return Table(
        "What became of each file",
        [
            "File",
            "State",
            Column("From", spare=True),
            Column("Rows", "number"),
            Column("New values", "number"),
            Column("Set aside", "number"),
            Column("Why", "third", spare=True),
        ],
        [
            [each.label, OUTCOMES[each.outcome], each.source, each.rows, each.added, each.set_aside, each.reason]
            for each in summaries
        ],
    )
