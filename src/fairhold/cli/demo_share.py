"""The demo's share: the youth-support list goes to a made-up recipient on this machine, by everybody's own hands."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from fairhold import access
from fairhold.access import Actor
from fairhold.cli import demo_partner
from fairhold.cli.demo_day import Day
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.dates import clock
from fairhold.sharing import keys, package, parties, proposing, sending
from fairhold.sharing.parties import NewPartner
from fairhold.sharing.requesting import Asking
from fairhold.sharing.sftp import Endpoint
from fairhold.sharing.shares import Share, ShareError, State, file_name

RECIPIENT = "Youth service (made up)"
NEED = "Help young people of 13 to 19 take part in learning (made up)."


def share(day: Day) -> str:
    """Propose today's list, have a second person approve it, send it, and open it as the recipient does."""
    youth = day.actor("youth-officer")
    with access.scope(youth, "youth-support", login="worker") as scope:
        sent = [
            one
            for one in proposing.listed(scope)
            if one.state is State.SENT and one.as_of == scope.day and one.flow == "youth-list"
        ]
    if sent:
        return f"share {sent[0].id} went today in an earlier run: {sent[0].rows} rows"
    with demo_partner.serving(day.home / "partner", keys.ours().login) as partner:
        number = _register(day.actor("ig-officer"), day.actor("ig-officer-2"), partner)
        made, refused = _send(youth, day.actor("ig-officer"), number)
        opened = _open(day.home / "partner", partner, made)
    return (
        f"share {made.id}: {made.children:,} young people decided, {made.rows:,} rows sent and opened by the recipient"
        f" ({opened} columns); {refused:,} fields refused, each with its reason"
    )


def _register(first: Actor, second: Actor, partner: MadeUpPartner) -> int:
    end = Endpoint(demo_partner.LOOPBACK, partner.port, demo_partner.LOGIN, "/", partner.host_key)
    today = clock.today()
    with access.scope(first, "information-governance", login="worker") as scope:
        number = parties.add_partner(scope, body=NewPartner("youth-support", RECIPIENT, None, end, partner.age_key))
        if not parties.agreements(scope, number):
            parties.add_agreement(
                scope,
                partner=number,
                from_date=today - timedelta(days=60),
                to_date=today + timedelta(days=305),
                keeps="until the 25th birthday (made up)",
            )
    with access.scope(second, "information-governance", login="worker") as scope:
        parties.confirm_partner(
            scope,
            partner=number,
            age_fingerprint=keys.age_fingerprint(partner.age_key),
            host_fingerprint=keys.host_fingerprint(partner.host_key),
        )
    return number


def _send(youth: Actor, officer: Actor, partner: int) -> tuple[Share, int]:
    with access.scope(youth, "youth-support", login="worker") as scope:
        made = proposing.propose(scope, asking=Asking(partner, NEED, "right-service"))
        refused = sum(one.count for one in proposing.shown(scope, share=made.id)[1] if one.rule)
    with access.scope(officer, "information-governance", login="worker") as scope:
        proposing.judge(scope, share=made.id, approves=True, note="Agreement, need and counts seen (made up).")
    with access.scope(youth, "youth-support", login="worker") as scope:
        made = sending.pack(scope, share=made.id)
    with access.scope(youth, "youth-support", login="worker") as scope:
        attempt = sending.send(scope, share=made.id)
    if not attempt["arrived"]:
        raise ShareError(attempt["said"])
    return made, refused


def _open(folder: Path, partner: MadeUpPartner, made: Share) -> int:
    """What the recipient does: open, check the signature and the hash, keep the rows on its own side."""
    data = (partner.inbox / file_name(made.id)).read_bytes()
    got = package.opened(data, partner.identity, keys.ours().signing, on=clock.today())
    opened = folder / "opened"
    opened.mkdir(mode=0o700, exist_ok=True)
    (opened / f"share-{made.id:06d}.csv").write_bytes(got.rows)
    return len(got.manifest["fields"])
