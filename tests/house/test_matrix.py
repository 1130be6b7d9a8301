"""Roles × purposes × doors: each command and form opens to exactly the purposes that the matrix names.

The pages one looks at are walked in `tests/web/test_doors.py`; here are the commands, the forms, the verbs behind
both, and what leadership sees.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import re
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from tests.house.conftest import Enter
from tests.house.outputs import command, walk
from tests.sharing.made_up import in_order
from tests.web.addresses import pages as every_page

import fairhold
from fairhold import access, governance, ledger
from fairhold.access import accounts
from fairhold.access.doors import door, doors
from fairhold.access.errands import errands
from fairhold.cli import COMMANDS, load

PURPOSES = [purpose.slug for purpose in governance.purposes()]
HERE = Path(fairhold.__file__).parent

# The door of each command that touches the store, with arguments that change nothing. `share send` looks first.
TABLE = """
feeds.list               feeds
delivery.take-in         ingest MADE-UP.txt
retention.due            dispose --dry-run
record.extract           ssd export --out MADE-UP
returns.collections      return list
annex-a.build            return annex-a --on 2026-11-23
annex-a.runs             return annex-a list
annex-a.draft            return annex-a draft --out none.xlsx
annex-a.release          return annex-a release 0 --out none.xlsx
annex-a.compare          return annex-a diff
returns.check            return check ssda903 --year 2027 --la E09000031
returns.runs             return runs
returns.trend            return trend ssda903 --year 2027
returns.compare          return diff 0 0
returns.findings         return findings 0
returns.assign           return assign ssda903 --year 2027 --to nobody --note none
returns.place            return team ssda903 '' --year 2027
returns.explain          return explain ssda903 --year 2027
returns.confirm          return confirm ssda903 --year 2027
returns.explanations     return explanations ssda903
returns.withdraw         return withdraw 0 --because none
returns.build            return build ssda903 --year 2027 --la E09000031
returns.compare-delivered return compare 0
returns.trace            return trace 0 none 1
returns.sign             return sign 0 --note none
returns.freeze           return freeze 0
returns.export           return export 0 --out MADE-UP
returns.recreate         return recreate 0
returns.receipt          return receipt 0 --reference none --on 2026-11-23
returns.builds           return versions
identity.link            identity run
identity.review          identity review
identity.accept          identity accept 0
identity.reject          identity reject 0
identity.undo            identity undo 0 --reason none
ledger.verify            ledger verify
ledger.checkpoint        ledger checkpoint
ledger.show              ledger show
ledger.export            ledger export
vault.list               vault list
vault.check              vault check
sources.add              sources add 'No school' --kind school
sources.list             sources list
accounts.add             users add Nobody --role nothing --login nobody
accounts.list            users list
accounts.disable         users disable 0
policy.standing          policy list
policy.rows              policy show policy_recipients
policy.confirm           policy confirm lawful_bases none --note none
policy.change            policy tighten retention none --set a=b --from 2026-11-23 --reason none
policy.change            policy change retention none --set a=b --from 2026-11-23 --reason none
policy.second            policy second 0
policy.withdraw          policy withdraw 0
policy.changes           policy changes
policy.rows              policy at 2026-11-23
shares.try               policy try MADE-UP.json
shares.list-agreements   policy agreements
shares.review-agreement  policy review 0 --by 2099-01-01 --note none
shares.add-evidence      policy add-proof none --reference none --from 2026-11-23 --to 2026-11-24
shares.list-evidence     policy proofs
shares.permit-onward     policy permit none none --field none --reference none --from 2026-11-23
shares.list-permissions  policy permissions
shares.add-partner       share add-recipient Nobody --kind none --host h --login l --host-key k --age-key a
shares.confirm-partner   share confirm-recipient 0 --age-fingerprint a --host-fingerprint b
shares.list-partners     share recipients
shares.add-agreement     share agree 0 --from 2026-11-23 --keeps 'no time'
shares.propose           share propose 0 --need none --reason none
shares.kinds             share kinds
shares.link              share link 0 --kind none --body none --from 2026-11-23 --evidence none
shares.schedule          share schedule 0 --need none --reason none --often weekly --from 2026-11-23 --to 2026-11-24
shares.judge-schedule    share approve-schedule 0 --note none
shares.stop-schedule     share stop-schedule 0 --why none
shares.list-schedules    share schedules
shares.list-schedules    share run-schedules
shares.stop-recipient    share stop-recipient 0 --why none
shares.lift-stop         share lift-stop 0
shares.add-partner-account share add-partner-account 0 0
shares.asked-from-outside share asked
shares.judge             share approve 0 --note none
shares.show              share send 0
shares.list              share list
shares.show              share show 0
disclosures.log          share log
disclosures.counts       share counts
disclosures.trace-file   share trace MADE-UP.txt
shares.recall            share recall-notice 0 --action delete --reason none
shares.resend-recall     share resend-notice 0
shares.acknowledge       share acknowledge 0
shares.notices-due       share notices-due
shares.corrections-due   share corrections-due
shares.recall-person     share recall-person 0 --action delete --reason none
shares.notices           share notices
shares.take-notice       share take-notice 0 --into MADE-UP
shares.offer             share offer 0
shares.take              share take 0 --into MADE-UP
shares.handed            share handed 0 --receipt none
shares.deletions-due     share deletions-due
shares.confirm-deletion  share confirm-deletion 0 --said none
shares.renew-pseudonyms  share renew-pseudonyms 0
emergency.take-in        share emergency take-in
emergency.list           share emergency list
emergency.show           share emergency show 0
emergency.find-child     share emergency is-child 0 0
emergency.review         share emergency review 0 --right --note none
shares.decline           share decline none --organisation none --field none --reason ''
shares.declined          share not-shared
shares.known             share known 0 --recipient none --organisation '' --need none
choices.record           choices record 0 consent --by parent --wording none --channel paper
choices.withdraw         choices withdraw 0
choices.read             choices list 0
choices.record-many      choices take-in MADE-UP.txt
choices.renewals         choices renew
voluntary.refuse         choices refuse 0 people.ethnicity.ethnicity
voluntary.read           choices refused 0
voluntary.tell           choices tell-refused 0 ethnicity
measures.compute         measures compute
measures.show            measures show referrals
measures.target          measures target nothing 2027 5 --better lower
measures.population      measures population 2027 0 --source none
measures.runs            measures runs
measures.reproduce       measures reproduce 0
notice.publish           notice write MADE-UP --publish
notice.versions          notice versions
notice.diff              notice diff
"""
BEHIND = {tuple(shlex.split(line)[1:]): line.split()[0] for line in TABLE.strip().splitlines()}
# These touch no store, or set it up before there are accounts.
WITHOUT_A_DOOR = {
    *("check", "decide", "demo", "docs", "migrate", "prove", "read", "reference", "serve", "synth", "rules"),
    *("share keys", "share open"),
    "choices notice",
    "daily",  # it has an account of its own, and the doors of its steps: tests/house/test_daily.py
    *("measures list", "measures define", "measures test", "notice show"),
}
REFUSAL = re.compile(r"A .* may not work under the purpose “.*”\.\n|“.*” is not open to the purpose “.*”\.\n")


@pytest.fixture(scope="module")
def officers(pages: None, cluster: Path) -> Iterator[None]:
    """An empty store with one made-up person a role."""
    from tests.conftest import empty_store

    empty_store()
    for role in access.ROLES:
        accounts.add_made_up(name=f"Made-up {role.title}", login=role.slug, role_slug=role.slug)
    yield
    empty_store()


def _leaves(name: str, found: Any) -> Iterator[str]:
    if not hasattr(found, "commands"):
        yield name
        return
    for child, below in found.commands.items():
        yield from _leaves(f"{name} {child}", below)


def test_every_command_is_behind_a_door_or_touches_no_store() -> None:
    every = {leaf for name in COMMANDS for leaf in _leaves(name, load(name))}
    named = {leaf for leaf in every for given in BEHIND if " ".join(given).startswith(leaf)}
    assert {leaf for leaf in every - named if leaf not in WITHOUT_A_DOOR and leaf.split()[0] not in WITHOUT_A_DOOR} == (
        set()
    )
    assert {door(name).kind for name in BEHIND.values()} == {"verb"}


@pytest.mark.proves("N050", "N002")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
def test_a_command_opens_to_exactly_the_purposes_of_its_door(
    officers: None, role: type[access.Role], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "MADE-UP.txt").write_text("nothing\n", "utf-8")
    (tmp_path / "MADE-UP.json").write_text(json.dumps(in_order("school")), "utf-8")
    own = {purpose.slug for purpose in role.purposes()}
    others = [purpose for purpose in PURPOSES if purpose not in own]  # all of them: tests/access/test_scope.py
    for number, (given, name) in enumerate(BEHIND.items()):
        for purpose in (*own, others[number % len(others)], others[-1 - number % len(others)]):
            answer = command(role.slug, *given, "--purpose", purpose)
            refused = bool(REFUSAL.fullmatch(answer.err))
            assert refused == (purpose not in own or purpose not in door(name).purposes), (given, purpose, answer)
            assert not refused or (answer.code, answer.out) == (2, ""), (given, purpose, answer)


@pytest.mark.proves("N050")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
def test_a_command_whose_purpose_is_not_named_takes_the_one_it_is_made_for(
    officers: None, role: type[access.Role], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "MADE-UP.txt").write_text("nothing\n", "utf-8")
    (tmp_path / "MADE-UP.json").write_text(json.dumps(in_order("school")), "utf-8")
    own = {purpose.slug for purpose in role.purposes()}
    for given, name in BEHIND.items():
        answer = command(role.slug, *given)
        refused = bool(REFUSAL.fullmatch(answer.err))
        assert refused or own & door(name).purposes, (given, answer)
        assert not refused or (answer.code, answer.out) == (2, ""), (given, answer)


def client_of(role: str) -> Client:
    client = Client(HTTP_HOST="localhost")
    number = next(account.id for account in accounts.made_up() if account.role == role)
    client.post("/sign-in/made-up/", {"account": number})
    return client


@pytest.mark.proves("N050")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
def test_a_form_is_taken_only_where_its_page_is_open(officers: None, role: type[access.Role]) -> None:
    client = client_of(role.slug)
    for purpose in role.purposes():
        client.post("/purpose/", {"purpose": purpose.slug})
        before = ledger.newest(limit=1)[0].seq
        for name, address, view in every_page():
            if view.door is not None and not door(view.door).opens_for(purpose.slug):
                assert client.post(address, {"text": "x", "act": "accept", "pair": "1"}).status_code in (403, 405), name
        assert ledger.newest(limit=1)[0].seq == before


@pytest.mark.proves("N050")
@pytest.mark.parametrize("role", access.ROLES, ids=lambda role: role.slug)
def test_nobody_chooses_a_purpose_of_others(officers: None, role: type[access.Role]) -> None:
    own = {purpose.slug for purpose in role.purposes()}
    for purpose in PURPOSES:
        answer = client_of(role.slug).post("/purpose/", {"purpose": purpose})
        assert answer.status_code == (302 if purpose in own else 400), purpose


def modules() -> Iterator[Any]:
    for found in pkgutil.walk_packages(fairhold.__path__, "fairhold."):
        if not found.name.startswith(("fairhold.web.", "fairhold.cli.")):
            yield importlib.import_module(found.name)


def verbs() -> dict[str, Callable[..., Any]]:
    """Every verb in the rooms, by its door."""
    return {
        found.door: found
        for module in modules()
        for found in vars(module).values()
        if callable(found) and hasattr(found, "door") and hasattr(found, "__wrapped__")
    }


def test_every_door_of_a_verb_has_its_verb_and_every_verb_its_door() -> None:
    assert {name for name, found in doors().items() if found.kind == "verb"} == set(verbs())
    assert {found.kind for found in doors().values()} == {"verb", "page", "export"}


@pytest.mark.proves("N050")
@pytest.mark.parametrize("purpose", [p for p in governance.purposes() if p.roles], ids=lambda purpose: purpose.slug)
def test_a_verb_refuses_every_purpose_that_does_not_open_its_door(officers: None, purpose: governance.Purpose) -> None:
    before = ledger.newest(limit=1)
    with access.scope(access.Actor(1, "Made-up", purpose.roles[0]), purpose.slug) as scope:
        for name, verb in verbs().items():
            if purpose.slug not in door(name).purposes:
                with pytest.raises(access.Refused, match="is not open to the purpose"):
                    verb(scope)
    assert ledger.newest(limit=1) == before


def test_every_verb_writes_its_event() -> None:
    """All are made by `access.verb`, which records after the body and returns only then."""
    wrapper = access.verb("work.items")(lambda scope: None)
    assert {found.__code__ for found in verbs().values()} == {wrapper.__code__}


@pytest.mark.proves("N050", "N012", "N054")
def test_each_reading_and_change_stands_in_the_ledger_under_its_door(borough: Path, enter: Enter) -> None:
    """After the demo's day and a walk through all pages: each verb used is an event with actor, role and purpose."""
    for role in access.ROLES:
        for purpose in role.purposes():
            client = enter(role.slug, purpose.slug)
            client.post("/children/", {"text": "ma"})
            first = ["/", "/children/1/", "/deliveries/set-aside/", "/ledger/"]
            list(walk(client, first, leave=("/dictionary/",), most=40))
    events = ledger.newest(limit=10_000)
    seen = {event.kind for event in events}
    assert seen >= {
        *("delivery.take-in", "identity.link", "returns.check", "returns.findings", "record.child", "record.search"),
        *("retention.due", "shares.propose", "shares.judge", "shares.send", "totals.read", "work.items", "feeds.list"),
        *("accounts.list", "ledger.show", "set-aside.list", "deliveries.list", "sources.list", "identity.review"),
    }
    looks = {(event.role, event.purpose) for event in events if event.kind == "record.child"}
    assert ("social-worker", "safeguarding") in looks
    known = verbs()
    for event in events:
        if event.kind in known:
            assert event.purpose in door(event.kind).purposes
            own = {purpose.slug for purpose in access.role(event.role).purposes()}
            steps = {purpose for one in errands().values() for purpose in one.purposes}
            assert event.purpose in (steps if event.role == access.Machine.slug else own)


@pytest.mark.proves("N002")
def test_leadership_sees_totals_in_fives_and_no_child(borough: Path, enter: Enter) -> None:
    client = enter("leadership", "performance")
    seen = {address: answer for address, answer in walk(client, ["/"]) if not address.startswith("/dictionary/")}
    assert set(seen) >= {"/", "/totals/", "/proof/"}
    assert {answer.status_code for answer in seen.values()} == {200}
    of_children = re.compile(r"/(children|deliveries|findings|identity|shares(?!/counts))/")
    assert not [address for address in seen if of_children.match(address)]
    counts = re.findall(r'numeric">\s*([\d,]+|withheld)\s*<', seen["/totals/"].content.decode())
    assert len(counts) > 10
    assert "withheld" in counts
    assert {int(count.replace(",", "")) % 5 for count in counts if count != "withheld"} == {0}


# Who may open a connection by themselves, and why: everybody else has what a scope gives.
CONNECT = {
    "engine": "it makes the connections",
    "access": "scopes, accounts at the door, and bringing the store up to date as its owner",
    "ledger": "its own short transactions, which must outlive the scope's",
    "web/visits.py": "signing in, under a role that may do nothing else",
}


def test_nobody_else_opens_a_connection_of_their_own() -> None:
    found = set()
    for file in HERE.rglob("*.py"):
        place = file.relative_to(HERE)
        if place.parts[0] in CONNECT or place.as_posix() in CONNECT:
            continue
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            named = isinstance(node, ast.Attribute) and node.attr in {"connect", "pool"}
            if named and isinstance(node.value, ast.Name) and node.value.id in {"database", "psycopg"}:
                found.add(place.as_posix())
    assert found == set()
