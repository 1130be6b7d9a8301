"""What was chosen for a child: what counts today, the form made from the wording, and withdrawing at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from fairhold import choices, governance, identity
from fairhold.access import Scope
from fairhold.choices import Authority, By, Channel, Choice, ChoiceError, Kind, NewChoice, Wording, wordings
from fairhold.facts.convert import british_date
from fairhold.web import visits
from fairhold.web.page import back, page
from fairhold.web.parts import Column, Empty, Table, Tag

BY = [("parent", "A parent or guardian"), ("young_person", "The young person")]
ANSWERS = [("consent", "Yes, to what is ticked"), ("refusal", "No, to what is ticked")]
AUTHORITIES = [
    ("self", "It is the young person"), ("birth-certificate", "Birth certificate"), ("court-order", "Court order"),
    ("school", "The school's record"), ("unknown", "Not known"),
]  # fmt: skip
CHANNELS = [("paper", "On paper"), ("phone", "By phone"), ("page", "In person, on this page")]
KINDS = {Kind.CONSENT: "Yes", Kind.REFUSAL: "No", Kind.OBJECTION: "Objection", Kind.EVIDENCE: "Evidence"}
TEXTS = ("wording", "answer", "by", "chooser", "authority", "channel", "from", "to", "again")


@page("page.child-choices", "choices/child.html", posts=True)
def of_child(request: HttpRequest, scope: Scope, person: int) -> dict[str, Any] | HttpResponse:
    """The choices of one child; a form for a new one, and a button to withdraw beside each that can be."""
    subjects = identity.members(scope, person)
    if not choices.known(scope, subjects):
        raise Http404
    form = {name: request.POST.get(name, "").strip() for name in TEXTS}
    chosen, errors = request.POST.getlist("fields"), {}
    texts = wordings.in_force(scope.day)
    slug = form["wording"] or request.GET.get("wording", "")
    shown = next((one for one in texts if one.slug == slug), texts[0])
    if request.method == "POST" and not request.POST.get("withdraw"):
        errors = _lacking(form, chosen, shown)
    if request.method == "POST" and not errors:
        try:
            visits.tell(request.visit, _act(scope, subjects, request.POST, form | {"person": str(person)}))
        except ChoiceError as fault:
            errors = {fault.at or "answer": fault.sentence}
        else:
            return back("child-choices", person)
    titles = {row["field"]: row["title"] for row in governance.shipped().on("policy_fields", scope.day.isoformat())}
    said = choices.of_subjects(scope, subjects=subjects)
    born = choices.born(scope, subjects)
    return {
        "title": "What was chosen",
        "crumbs": [{"text": "The child's record", "href": reverse("child", args=[person])}],
        "person": person,
        "table": _table(said, born, scope.day),
        "open": [(one.id, _what(one)) for one in said if not one.withdrawn and one.counts_on(scope.day)],
        "texts": [(one.slug, one.title) for one in texts],
        "shown": shown,
        "fields": [(name, titles[name]) for name in shown.fields],
        "objects": shown.kind is Kind.OBJECTION,
        "form": form,
        "chosen": chosen,
        "errors": errors,
        "by": BY,
        "answers": ANSWERS,
        "authorities": AUTHORITIES,
        "channels": CHANNELS,
    }


def _lacking(form: dict[str, str], chosen: list[str], shown: Wording) -> dict[str, str]:
    """What is not said yet, each beside its field."""
    wanted = {
        "answer": "Say whether it is a yes or a no.",
        "by": "Say who chose.",
        "authority": "Say how their right to choose is known.",
        "channel": "Say how it came in.",
    }
    errors = {name: sentence for name, sentence in wanted.items() if not form[name]}
    if shown.kind is Kind.OBJECTION:
        errors.pop("answer", None)
    elif not chosen:
        errors = {"fields": "Tick what it is about."} | errors
    if form["by"] == By.PARENT and not form["chooser"]:
        errors["chooser"] = "Write down the name of the parent or guardian who chose."
    return errors


def _act(scope: Scope, subjects: list[int], posted: Any, form: dict[str, str]) -> str:
    if number := posted.get("withdraw", ""):
        mine = {str(one.id): one.id for one in choices.of_subjects(scope, subjects=subjects)}
        if number not in mine:
            raise ChoiceError("There is no such choice on this child's record.")
        choices.withdraw(scope, choice=mine[number], channel=Channel.PAGE)
        return "The choice is withdrawn. It counts no more from today."
    seen = wordings.find(form["wording"], scope.day)
    new = _new(form, posted.getlist("fields"), seen, scope.day)
    if not choices.record(scope, subject=int(form["person"]), choice=new, same=subjects):
        raise ChoiceError("This choice stands already.")
    return "The choice is recorded."


def _new(form: dict[str, str], chosen: list[str], seen: Wording, today: date) -> NewChoice:
    objects = seen.kind is Kind.OBJECTION
    try:
        kind = Kind.OBJECTION if objects else {"consent": Kind.CONSENT, "refusal": Kind.REFUSAL}[form["answer"]]
        by, authority, channel = By(form["by"]), Authority(form["authority"]), Channel(form["channel"])
    except (KeyError, ValueError):
        raise ChoiceError("Say what was chosen, by whom, by which right, and how it came in.") from None
    made = NewChoice(
        kind=kind,
        by=by,
        recipient=seen.recipient,
        fields=tuple(name for name in seen.fields if name in chosen) or None,
        from_date=_day(form, "from") or today,
        to_date=_day(form, "to"),
        wording=seen.slug,
        chooser=form["chooser"][:200],
        authority=authority,
        channel=channel,
        review_by=_day(form, "again"),
    )
    return replace(made, fields=None) if objects else made


def _day(form: dict[str, str], name: str) -> date | None:
    day = british_date(form[name]) if form[name] else ""
    if day is None:
        raise ChoiceError("Enter day, month and year, such as 1/9/2026.", at=name)
    return date.fromisoformat(day) if day else None


def _what(one: Choice) -> str:
    new = one.choice
    fields = ", ".join(new.fields or ("everything",)).replace("_", " ")
    return f"{KINDS[new.kind].lower()} of {new.from_date:%d/%m/%Y} for {new.recipient or 'anybody'}: {fields}"


def _table(said: list[Choice], born: date | None, today: date) -> Table:
    rows = []
    for one in said:
        new, why = one.choice, choices.why_not(one, said, born=born, on=today)
        who = dict(BY)[new.by.value] + (f": {new.chooser}" if new.chooser else "")
        rows.append(
            [
                KINDS[new.kind],
                who,
                (new.recipient or "anybody").replace("-", " "),
                ", ".join(new.fields or ("everything",)).replace("_", " "),
                new.from_date,
                new.to_date or new.review_by,
                f"{new.wording} ({new.channel.value}; {new.authority.value})",
                _counts(why),
                why or "",
            ]
        )
    heads: list[str | Column] = ["Choice", "By", "For", "What", "From"]
    heads += [Column("Until or ask again", spare=True), Column("Wording", spare=True), "Today", Column("Why", "third")]
    nothing = Empty("Nothing was chosen.", "So only what the law allows without a choice may go.")
    return Table("Every choice, the newest first", heads, rows, nothing)


def _counts(why: str | None) -> Tag:
    if why is None:
        return Tag("Counts", "green")
    return Tag("Counts in part", "yellow") if why.startswith("In part") else Tag("No", "grey")
