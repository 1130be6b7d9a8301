"""Whom to ask again: young people near their 16th birthday, whose parent's yes will stop, and choices that end (N116).

A birthday changes what counts by itself, at the moment of a decision; this only puts a line on somebody's list in time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from fairhold import choices, policy, work
from fairhold.access import Scope, verb
from fairhold.choices import OWN_CHOICE, By, Choice, Kind
from fairhold.dates import birthdays

KIND, TERM = "choice.renew", "choice-renewal"


@verb("choices.renewals", daily=True)
def renewals(scope: Scope) -> int:
    """Bring the list of people to ask up to date; returns how many there are."""
    terms = policy.book(scope).on("policy_terms", scope.day.isoformat())
    days = next(int(row["days"]) for row in terms if row["term"] == TERM)
    rows = scope.rows(_CONSENTS)
    said: dict[int, list[Choice]] = {}
    person_of = {row["subject_id"]: row["person"] for row in rows}
    for choice in choices.of_subjects(scope, subjects=person_of):
        said.setdefault(person_of[choice.subject], []).append(choice)
    born = {row["person"]: row["date_of_birth"] for row in rows if row["births"] == 1}
    asked = dict(_asked(said, born, scope.day, days))
    for person, due in asked.items():
        work.raise_item(
            scope,
            kind=KIND,
            key=str(person),
            title=f"Ask the young person of record {person} for their own choice",
            role="youth-officer",
            room="sharing",
            link=f"/children/{person}/choices/",
            due=due,
        )
    work.close_others(scope, KIND, map(str, asked))
    scope.concerns(asked)
    scope.tell(people=len(asked))
    return len(asked)


def _asked(said: dict[int, list[Choice]], born: dict[int, date], day: date, days: int) -> Iterator[tuple[int, date]]:
    """Each person to ask, and by when: the 16th birthday, or the day a yes ends or was to be looked at again."""
    for person, mine in said.items():
        birth = born.get(person)
        if birth is None:
            continue
        own = birthdays.birthday(birth, OWN_CHOICE)
        answered = any(one.choice.by is By.YOUNG_PERSON and one.choice.from_date >= own for one in mine)
        theirs = [one for one in mine if not (answered and one.choice.by is By.PARENT)]
        ends = [_end(one, own) for one in theirs if _counts_until(one, mine, birth, day, own)]
        due = min((end for end in ends if end is not None), default=None)
        if due is not None and day >= due - timedelta(days=days):
            yield person, due


def _counts_until(one: Choice, mine: list[Choice], birth: date, day: date, own: date) -> bool:
    """Whether a yes counts today, or counted until the 16th birthday stopped it."""
    if one.choice.kind is not Kind.CONSENT:
        return False
    on = min(day, own - timedelta(days=1)) if one.choice.by is By.PARENT else day
    return not one.withdrawn and choices.why_not(one, mine, born=birth, on=on) is None


def _end(one: Choice, own: date) -> date | None:
    ends = [one.choice.to_date, one.choice.review_by, own if one.choice.by is By.PARENT else None]
    return min((end for end in ends if end is not None), default=None)


_CONSENTS = """
select c.subject_id, coalesce(m.person_id, c.subject_id) as person, min(b.date_of_birth) as date_of_birth,
    count(distinct b.date_of_birth) as births
from people.choice c
left join people.membership m on m.subject_id = c.subject_id
left join people.birth b on b.subject_id = c.subject_id and b.known_until = 'infinity' and b.until_date = 'infinity'
where c.kind <> 'evidence'
group by 1, 2
"""
