"""A package fetched on a page with its code, and the pages that follow it up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from typer.testing import CliRunner

from fairhold import ledger
from fairhold.cli.demo_partner import MadeUpPartner
from fairhold.cli.share import app
from fairhold.dates import clock
from fairhold.engine import database
from fairhold.sharing import keys, recalls, sending, sftp
from fairhold.sharing.shares import file_name
from fairhold.web import attempts
from tests.sharing.conftest import TODAY, as_youth
from tests.sharing.test_share_flow import approve, packed, propose, send
from tests.web.conftest import Enter, enter, pages, staff

__all__ = ["enter", "pages", "staff"]


@pytest.mark.proves("N082")
def test_a_code_is_shown_once_and_fetches_once(
    registered: int,
    enter: Enter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    share = propose(registered, channel="portal")
    approve(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    youth, nobody = enter("youth-officer", "youth-support"), Client(HTTP_HOST="localhost")
    address = f"/shares/{share}/package/"
    assert address in youth.get(f"/shares/{share}/").content.decode()
    shown = youth.post(address, {"act": "offer"}).content.decode()
    number, code = (shown.split(f"{what}: <strong>")[1].split("<")[0] for what in ("Number", "Code"))
    assert code not in youth.get(address).content.decode()

    assert nobody.get("/collect/").status_code == 200
    missing = nobody.post("/collect/", {"number": number})
    assert (missing.status_code, "Enter the code" in missing.content.decode()) == (400, True)
    wrong = nobody.post("/collect/", {"number": number, "code": "a" * 20})
    assert wrong.status_code == 400
    assert "do not fit each other" in wrong.content.decode()
    assert ledger.newest(limit=1)[0].kind == "collect.refused"

    answer = nobody.post("/collect/", {"number": number, "code": code})
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{file_name(share)}"'
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.content.startswith(b"age-encryption.org/v1")
    again = nobody.post("/collect/", {"number": number, "code": code})
    assert (again.status_code, "fetched already" in again.content.decode()) == (410, True)

    monkeypatch.setitem(attempts.LIMITS, "address", 4)  # one was wrong above
    for guess in range(3):
        assert nobody.post("/collect/", {"number": f"{guess:08d}", "code": "x"}).status_code == 400
    shut = nobody.post("/collect/", {"number": number, "code": code})
    assert (shut.status_code, "Too many codes failed" in shut.content.decode()) == (429, True)


def test_everybody_who_has_a_childs_row_is_asked_from_its_page_and_what_is_owed_is_listed(
    registered: int,
    partner: MadeUpPartner,
    borough: dict[str, int],
    enter: Enter,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    share = packed(registered)
    send(share)
    with database.connect("owner") as owner:
        owner.execute("insert into system.share_deletion (share_id, delete_by) values (%s, %s)", (share, clock.today()))
    officer, youth = enter("ig-officer", "information-governance"), enter("youth-officer", "youth-support")
    person = borough["thirteen"]
    page = f"/children/{person}/shares/recall/"
    assert page in officer.get(f"/children/{person}/shares/").content.decode()
    assert "delete or correct, and why" in officer.post(page, {"action": "delete"}).content.decode()
    with monkeypatch.context() as patch:
        patch.setattr(sftp, "deliver", _down)
        assert officer.post(page, {"action": "delete", "note": "Made up."}).status_code == 302
    owed = officer.get("/shares/follow-up/").content.decode()
    assert "Files that should be deleted by now" in owed
    assert "Did not arrive" in owed
    [notice] = {part.split("/")[0] for part in owed.split("/shares/notices/")[1:]}
    assert officer.get(f"/shares/notices/{notice}/file/").content.startswith(b"age-encryption.org/v1")
    address = f"/shares/{share}/package/"
    assert "May be used until" in officer.get(address).content.decode()
    for act in (
        {"act": "again", "notice": notice},
        {"act": "answered", "notice": notice},
        {"act": "deleted", "note": "A letter (made up)."},
    ):
        assert officer.post(address, act).status_code == 302
    done = officer.get(address).content.decode()
    assert "Answered" in done
    assert "A letter (made up)." in done
    assert officer.get(f"/shares/{share}/package/file/").status_code == 403
    assert youth.get(f"/shares/{share}/package/file/").status_code == 404  # it goes by itself
    assert "Nobody has to be told" in youth.post("/shares/follow-up/", {"act": "look"}).content.decode()
    with database.connect("owner") as owner:
        owner.execute("update people.choice set to_date = %s where kind = 'consent'", (clock.today(),))
    assert "May be kept no longer" in youth.post("/shares/follow-up/", {"act": "look"}).content.decode()
    assert youth.post("/shares/follow-up/", {"act": "tell"}).status_code == 302
    assert "Nobody has to be told" in youth.post("/shares/follow-up/", {"act": "look"}).content.decode()


def _down(*_: object) -> str:
    raise sftp.TransferError("The recipient's server cannot be reached.")


def test_a_recipient_opens_packages_and_notices_without_a_database(
    registered: int, partner: MadeUpPartner, borough: dict[str, int], tmp_path: Path
) -> None:
    share = packed(registered)
    send(share)
    with as_youth() as scope:
        made = recalls.recall(scope, share=share, action="correct", reason="Made up.", person=borough["thirteen"])
    key = tmp_path / "own.key"
    key.write_text(f"# made up\n{partner.identity}\n")
    signer = keys.ours().signing

    def run(name: str, *more: str, signed: str = signer) -> tuple[int, str, str]:
        asked = ["open", str(partner.inbox / name), "--identity", str(key), "--signer", signed, *more]
        with clock.frozen(TODAY):
            done = CliRunner().invoke(app, asked)
        return done.exit_code, done.output, str(done.exception)

    code, told, _ = run(file_name(share), "--into", str(tmp_path / "rows"), "--json")
    assert (code, json.loads(told)["decision"]) == (0, share)
    rows = tmp_path / "rows" / f"fairhold-share-{share:06d}.csv"
    assert rows.read_text().startswith("name,address,date_of_birth")
    assert rows.stat().st_mode & 0o777 == 0o600
    assert "stays as it is" in run(file_name(share), "--into", str(tmp_path / "rows"))[2]
    assert "marking" in run(file_name(share))[1]
    assert "not signed by the council's key" in run(file_name(share), signed="00" * 32)[2]
    assert "correct" in run(recalls.notice_name(made.id))[1]
    assert "not signed by the council's key" in run(recalls.notice_name(made.id), signed="00" * 32)[2]
    key.write_text("nothing")
    assert "no age key" in run(file_name(share))[2]
