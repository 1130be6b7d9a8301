"""The SQL of shares: how far each has come, what was decided, and on which row a child stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from fairhold.access import Row, Scope
from fairhold.identity import queries as identity
from fairhold.sharing import lineage
from fairhold.sharing.domain import Refusal, Verdict
from fairhold.sharing.shares import LAPSES_AFTER, FieldCount, Share, ShareError, State, Trace, Urgency

_SHARES = """
select s.*, p.name as partner, p.kind, k.rows, k.sha256, k.expires, t.at as arrived_at,
    coalesce(a.approvals, 0) as approvals,
    case
        when t.at is not null then 'sent'
        when a.refusals > 0 or stopped.yes then 'refused'
        when k.share_id is not null then 'packed'
        when coalesce(a.approvals, 0) >= s.approvals_needed then 'approved'
        when s.as_of + %(lapses)s <= %(day)s then 'lapsed'
        else 'proposed'
    end as state
from system.share s join system.share_partner p on p.id = s.partner_id
left join system.share_package k on k.share_id = s.id
left join lateral (
    select count(*) filter (where approves) + (s.schedule_id is not null)::int as approvals,
        count(*) filter (where not approves) as refusals
    from system.share_approval where share_id = s.id
) a on true
left join lateral (
    select exists (
        select from system.share_stop p where p.partner_id = s.partner_id and p.made_at >= s.proposed_at
        and (p.agreement_id is null or p.agreement_id = s.agreement_id)
    ) or exists (
        select from system.share_schedule c where c.id = s.schedule_id and c.stopped_at is not null
    ) as yes
) stopped on true
left join lateral (
    select at from system.share_transfer where share_id = s.id and arrived order by id limit 1
) t on true
"""


def shares(scope: Scope) -> list[Share]:
    """Every share, the newest first."""
    return [_share(row) for row in scope.rows(f"{_SHARES} order by s.id desc", _today(scope))]


def share(scope: Scope, number: int) -> Share:
    """The share with that number."""
    row = scope.one(f"{_SHARES} where s.id = %(number)s", {**_today(scope), "number": number})
    if row is None:
        raise ShareError("There is no such share: see the list of shares.")
    return _share(row)


def _today(scope: Scope) -> dict[str, Any]:
    return {"day": scope.day, "lapses": LAPSES_AFTER}


def _share(row: Row) -> Share:
    return Share(
        id=row["id"],
        partner=row["partner"],
        kind=row["kind"],
        agreement=row["agreement_id"],
        purpose=row["purpose"],
        need=row["need"],
        fields=tuple(row["fields"]),
        as_of=row["as_of"],
        policy_version=row["policy_version"],
        children=row["children"],
        alarms=row["alarms"],
        approvals_needed=row["approvals_needed"],
        approvals=row["approvals"],
        state=State(row["state"]),
        proposed_by=row["proposed_by"],
        proposed_at=row["proposed_at"],
        rows=row["rows"],
        sha256=row["sha256"],
        expires=row["expires"],
        arrived_at=row["arrived_at"],
        flow=row["flow"],
        works_under=row["works_under"],
        reason=row["reason"],
        urgency=Urgency(row["urgency"]),
        reference=row["reference"],
        officer=row["officer"],
        power=row["power"],
        channel=row["channel"],
        form=row["form"],
        schedule=row["schedule_id"],
        request=row["request_id"],
    )


def partner_of(scope: Scope, number: int) -> tuple[int, int | None]:
    """The recipient and the agreement of a share; None where it has none and needs none."""
    row = scope.one("select partner_id, agreement_id from system.share where id = %s", (number,))
    assert row is not None
    return row["partner_id"], row["agreement_id"]


def store_decisions(
    scope: Scope, number: int, children: Iterable[tuple[int, int, int]], verdicts: Sequence[Verdict]
) -> None:
    """Keep one row a child and field of a share that has none yet. `children`: person, guard, place of the verdict."""
    scope.run("drop table if exists share_child, share_verdict")
    scope.run(
        "create temporary table share_child (subject_id bigint, guard smallint, verdict integer) on commit drop;"
        " create temporary table share_verdict (verdict integer, field text, rule text, way text, law text)"
        " on commit drop"
    )
    scope.copy("share_child", ["subject_id", "guard", "verdict"], children)
    scope.copy("share_verdict", ["verdict", "field", "rule", "way", "law"], _told(verdicts))
    scope.run(
        "insert into system.share_decision (share_id, subject_id, guard, field, allowed, rule, way, law)"
        " select %s, subject_id, guard, field, rule is null, rule, way, law"
        " from share_child join share_verdict using (verdict)",
        (number,),
    )


def _told(verdicts: Sequence[Verdict]) -> Iterator[tuple[int, str, str | None, str | None, str | None]]:
    """Of each verdict and field the rule that refuses; or what lets it go (law, consent, protect), and which law."""
    for place, verdict in enumerate(verdicts):
        yield from ((place, row.field, None, row.way, row.law) for row in verdict.basis)
        yield from ((place, row.field, row.rule, None, None) for row in verdict.refused)


def close_decisions(scope: Scope, number: int, refusals: Sequence[tuple[int, str, str]]) -> None:
    """Close what a share allowed and is refused now (person, field, rule). Nothing opens, and nothing is added."""
    if not refusals:
        return
    persons, fields, rules = zip(*refusals, strict=True)
    scope.run(
        "update system.share_decision d set allowed = false, rule = t.rule, way = null, law = null"
        " from unnest(%s::bigint[], %s::text[], %s::text[]) as t (subject_id, field, rule)"
        " where d.share_id = %s and d.subject_id = t.subject_id and d.field = t.field and d.allowed",
        (list(persons), list(fields), list(rules), number),
    )


def store_reasons(scope: Scope, number: int, refusals: Iterable[Refusal]) -> None:
    """Keep the words of each rule that refused something."""
    for one in {refusal.rule: refusal for refusal in refusals}.values():
        scope.run(
            "insert into system.share_reason values (%s, %s, %s, %s, %s) on conflict do nothing",
            (number, one.rule, one.law, one.reason, one.would_change),
        )


def persons(scope: Scope, number: int) -> list[int]:
    """Of whom a share was decided, by the numbers they had then."""
    rows = scope.rows(
        "select distinct subject_id from system.share_decision where share_id = %s order by subject_id", (number,)
    )
    return [row["subject_id"] for row in rows]


def allowed(scope: Scope, number: int) -> dict[int, frozenset[str]]:
    """What may leave of each child by the decisions kept."""
    rows = scope.rows(
        "select subject_id, array_agg(field) as fields from system.share_decision"
        " where share_id = %s and allowed group by subject_id",
        (number,),
    )
    return {row["subject_id"]: frozenset(row["fields"]) for row in rows}


def field_counts(scope: Scope, number: int) -> list[FieldCount]:
    """How often each field was allowed, or refused by which rule, in the order the fields were asked."""
    # Of a new share there are no statistics: told so, the planner counts as it reads and does not sort all rows before.
    scope.run("set local enable_sort = off")
    rows = scope.rows(
        "with counted as (select share_id, field, rule, count(*) as count from system.share_decision"
        " where share_id = %s group by 1, 2, 3)"
        " select d.field, d.count, d.rule, r.law, r.reason, r.would_change"
        " from counted d join system.share s on s.id = d.share_id"
        " left join system.share_reason r on r.share_id = d.share_id and r.rule = d.rule"
        " order by array_position(s.fields, d.field), d.rule nulls first",
        (number,),
    )
    scope.run("set local enable_sort = on")
    return [FieldCount(*row.values()) for row in rows]


def store_lines(scope: Scope, number: int, subjects: Sequence[tuple[int, int, Sequence[str]]]) -> None:
    """Keep which child (person, guard, digests of its values by column) stands on which row, counted from 1 without the
    heading, and what its values rest on."""
    scope.run(
        "insert into system.share_line (share_id, line, subject_id, guard, digests)"
        " select %s, line, subject, guard, string_to_array(digests, ' ')"
        " from unnest(%s::bigint[], %s::smallint[], %s::text[]) with ordinality"
        " as told (subject, guard, digests, line)",
        (
            number,
            [subject for subject, _, _ in subjects],
            [guard for _, guard, _ in subjects],
            [" ".join(digests) for _, _, digests in subjects],
        ),
    )
    lineage.keep(scope, number)


def subjects_on(scope: Scope, number: int) -> list[int]:
    """Every child on a row of the package."""
    rows = scope.rows("select subject_id from system.share_line where share_id = %s order by line", (number,))
    return [row["subject_id"] for row in rows]


def digests(scope: Scope, number: int) -> dict[int, dict[str, str]]:
    """Of each row of the package the digest of the value in each column; none where they were not kept yet."""
    rows = scope.rows(
        "select l.line, k.columns, l.digests from system.share_line l join system.share_package k using (share_id)"
        " where share_id = %s",
        (number,),
    )
    return {row["line"]: dict(zip(row["columns"], row["digests"] or (), strict=False)) for row in rows}


def open_lines(scope: Scope, number: int) -> dict[int, int]:
    """On which row each child stands, without the rows the recipient was already told to delete or correct."""
    rows = scope.rows(
        "select subject_id, line from system.share_line l where share_id = %s and not exists ("
        "select from system.share_recall r where r.share_id = l.share_id and l.line = any(r.lines))",
        (number,),
    )
    return {row["subject_id"]: row["line"] for row in rows}


def trace(scope: Scope, persons: Sequence[int]) -> list[Trace]:
    """Everything decided about these persons under any of their subjects, the newest share first."""
    rows = scope.rows(
        "select d.share_id as share, p.name as partner, s.as_of, d.field, d.allowed, d.rule, r.reason, l.line,"
        " (select min(at) from system.share_transfer t where t.share_id = s.id and t.arrived) as arrived_at"
        " from system.share_decision d join system.share s on s.id = d.share_id"
        " join system.share_partner p on p.id = s.partner_id"
        " left join system.share_reason r on r.share_id = d.share_id and r.rule = d.rule"
        " left join system.share_line l on l.share_id = d.share_id and l.subject_id = d.subject_id"
        " where d.subject_id = any(%s) order by d.share_id desc, array_position(s.fields, d.field)",
        (subjects_of(scope, persons),),
    )
    return [Trace(*row.values()) for row in rows]


def subjects_of(scope: Scope, persons: Iterable[int]) -> list[int]:
    """Every subject of these persons. A share names the subject it was decided for; the record may have joined more."""
    return sorted({subject for person in persons for subject in identity.members(scope, person)})
