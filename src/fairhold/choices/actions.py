"""Record a choice, withdraw it, and see the choices of a child."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from fairhold.access import Row, Scope, verb
from fairhold.choices import wordings
from fairhold.choices.domain import (
    Authority,
    By,
    Channel,
    Choice,
    ChoiceError,
    Kind,
    NewChoice,
    judge,
    judge_right,
)
from fairhold.dates import clock


@verb("choices.record")
def record(scope: Scope, *, subject: int, choice: NewChoice, same: Iterable[int] = ()) -> bool:
    """Record a choice about the child behind a subject. Returns False when it stands already.

    `same`: every subject of that child. Who may choose rests on what all of them say of the birth, and the choice hangs
    on the one asked for, or on the first of them that the purpose at work may see.
    Raises ChoiceError when it is not whole, is not this person's to make, or the wording was not in force.
    """
    judge(choice)
    wordings.judge_seen(choice)
    every = sorted({*same, subject}, key=lambda one: (one != subject, one))
    judge_right(choice, born(scope, every))
    seen = next((one for one in every if known(scope, [one])), subject)
    scope.concerns([seen])
    scope.tell(kind=choice.kind.value, by=choice.by.value)
    return _insert(scope, seen, choice)


@verb("choices.record-many")
def record_many(scope: Scope, *, choices: Sequence[tuple[int, NewChoice]]) -> int:
    """Record the choices of a register; returns how many are new."""
    for _, choice in choices:
        judge(choice)
    scope.concerns(subject for subject, _ in choices)
    added = sum(_insert(scope, subject, choice) for subject, choice in choices)
    scope.tell(rows=len(choices), added=added)
    return added


def _insert(scope: Scope, subject: int, choice: NewChoice) -> bool:
    made = scope.run(
        "insert into people.choice (subject_id, guard, kind, chosen_by, recipient, fields, from_date, to_date, wording,"
        " chooser, authority, channel, review_by, recorded_by, recorded_at)"
        " select subject_id, max(guard), %s, %s, %s, %s::text[], %s::date, %s::date, %s, %s, %s, %s, %s::date,"
        " %s::bigint, %s::timestamptz"
        " from people.birth where subject_id = %s group by subject_id on conflict do nothing",
        (
            choice.kind.value,
            choice.by.value,
            choice.recipient,
            list(choice.fields) if choice.fields is not None else None,
            choice.from_date,
            choice.to_date,
            choice.wording,
            *(choice.chooser, choice.authority.value, choice.channel.value, choice.review_by),
            scope.actor.id,
            clock.now(),
            subject,
        ),
    )
    return made == 1


@verb("choices.withdraw")
def withdraw(scope: Scope, *, choice: int, channel: Channel = Channel.PAGE) -> None:
    """Withdraw a choice: it stops counting today, for every decision made from now on. No reason is asked for."""
    found = scope.one("select subject_id, withdrawn_at from people.choice where id = %s", (choice,))
    if found is None:
        raise ChoiceError("There is no such choice on this child's record.")
    scope.concerns([found["subject_id"]])
    scope.run(
        "update people.choice set to_date = greatest(from_date, least(coalesce(to_date, %s), %s)),"
        " withdrawn_at = %s, withdrawn_by = %s, withdrawn_channel = %s where id = %s and withdrawn_at is null",
        (scope.day, scope.day, clock.now(), scope.actor.id, channel.value, choice),
    )
    scope.tell(choice=choice)


def known(scope: Scope, subjects: Iterable[int]) -> bool:
    """Whether there is a child behind these subjects whom this purpose may see."""
    found = scope.one("select 1 from people.birth where subject_id = any(%s) limit 1", (list(subjects),))
    return found is not None


def born(scope: Scope, subjects: Iterable[int]) -> date | None:
    """The birth date of the child behind these subjects; None where none is known, or sources differ."""
    rows = scope.rows(
        "select distinct date_of_birth from people.birth where subject_id = any(%s) and date_of_birth is not null"
        " and known_until = 'infinity' and until_date = 'infinity'",
        (list(subjects),),
    )
    return rows[0]["date_of_birth"] if len(rows) == 1 else None


@verb("choices.read")
def of_subjects(scope: Scope, *, subjects: Iterable[int]) -> list[Choice]:
    """Every choice that hangs on these subjects, the newest first."""
    wanted = list(subjects)
    scope.concerns(wanted)
    rows = scope.rows(
        "select * from people.choice where subject_id = any(%s) order by from_date desc, id desc", (wanted,)
    )
    return [_choice(row) for row in rows]


def _choice(row: Row) -> Choice:
    return Choice(
        id=row["id"],
        subject=row["subject_id"],
        choice=NewChoice(
            kind=Kind(row["kind"]),
            by=By(row["chosen_by"]),
            recipient=row["recipient"],
            fields=tuple(row["fields"]) if row["fields"] is not None else None,
            from_date=row["from_date"],
            to_date=row["to_date"],
            wording=row["wording"],
            chooser=row["chooser"],
            authority=Authority(row["authority"]),
            channel=Channel(row["channel"]),
            review_by=row["review_by"],
        ),
        withdrawn=row["withdrawn_at"] is not None,
    )
