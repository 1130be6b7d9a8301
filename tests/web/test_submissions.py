"""Build, compare, sign, freeze, take out, receipt, make again: by pages, as two analysts and a social worker click."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fairhold.access import accounts
from fairhold.engine import database
from tests.building.conftest import at, register
from tests.building.drawn import episode
from tests.conftest import empty_store
from tests.submission.conftest import Return

Enter = Callable[..., Client]
RETURNS = "statutory-returns"


@pytest.fixture
def made(pages: None, clean: Path) -> Iterator[Return]:
    """Two children in care, one of them with a code no list knows; two analysts and a social worker."""
    with at("2026-11-01"):
        register()
    for login, role in (("ade", "analyst"), ("bea", "analyst"), ("sal", "social-worker")):
        accounts.add_made_up(name=f"Made-up {login}", login=login, role_slug=role)
    made = Return()
    made.children([episode("1", LS="??"), episode("2")])
    with at("2026-11-20", 12):
        yield made
    empty_store()


def signed_in(login: str, purpose: str = RETURNS) -> Client:
    client = Client(HTTP_HOST="localhost")
    person = accounts.by_login(login)
    assert person is not None
    client.post("/sign-in/made-up/", {"account": person.id})
    client.post("/purpose/", {"purpose": purpose})
    return client


def seen(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return re.sub(r"<[^>]+>|\s+", " ", answer.content.decode())


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))  # type: ignore[attr-defined]


@pytest.mark.proves("N001")
def test_a_return_goes_from_the_record_to_its_receipt(made: Return) -> None:
    ade, bea, sal = signed_in("ade"), signed_in("bea"), signed_in("sal", "safeguarding")
    form = {"name": "ssda903", "year": "2027", "la": "E09000031", "on": ""}
    assert "Choose a return" in text(ade.post("/returns/", {**form, "name": ""}))
    assert "Enter the day as" in text(ade.post("/returns/", {**form, "on": "yesterday"}))
    assert "still to come" in text(ade.post("/returns/", {**form, "on": "2026-12-24"}))
    assert ade.post("/returns/", form).headers["Location"] == "/returns/builds/1/"
    assert "nobody can sign" in seen(ade, "/returns/builds/1/")
    assert "neither put right nor explained" in text(ade.post("/returns/builds/1/", {"act": "sign", "note": "Read."}))
    with at("2026-11-11", 11), made.analyst() as scope:
        from fairhold.returns.submission import builds

        (build,) = builds.builds(scope)
    made.explain(build)
    compared = text(ade.post("/returns/builds/1/differences/"))
    assert "Every difference has its reason." in compared
    assert "The same value, spelled another way" in seen(ade, "/returns/builds/1/differences/")
    assert "Postcodes of a child in care" in seen(ade, "/returns/builds/1/?table=Episodes&row=1")
    assert "no row 9 of Episodes" in seen(ade, "/returns/builds/1/?table=Episodes&row=9")
    assert "Enter the number of the row" in seen(ade, "/returns/builds/1/?table=Episodes&row=last")
    assert ade.post("/returns/builds/1/", {"act": "sign", "note": "Read."}).status_code == 302
    assert "The other signature is somebody else" in seen(ade, "/returns/builds/1/")
    assert bea.post("/returns/builds/1/", {"act": "sign", "note": "Compared."}).status_code == 302
    assert ade.post("/returns/builds/1/", {"act": "freeze"}).headers["Location"] == "/returns/versions/1/"
    version = seen(ade, "/returns/versions/1/")
    assert build.sha256 in version
    assert "Made-up ade" in version
    file = ade.get("/returns/versions/1/file/")
    assert hashlib.sha256(file.content).hexdigest() == build.sha256
    assert file.headers["Content-Disposition"] == 'attachment; filename="ssda903-2027.zip"'
    receipt = {"act": "receipt", "reference": "COL-1", "on": "2026-11-20", "channel": "collect"}
    assert "Enter the day as" in text(sal.post("/returns/versions/1/", {**receipt, "on": ""}))
    assert "as it stands on the receipt" in text(sal.post("/returns/versions/1/", {**receipt, "reference": ""}))
    answer = SimpleUploadedFile("receipt.pdf", b"%PDF made up")
    assert sal.post("/returns/versions/1/", {**receipt, "answer": answer}).status_code == 302
    assert "COL-1" in seen(ade, "/returns/")
    ade.post("/returns/versions/1/", {"act": "recreate"})
    assert "the same" in seen(ade, "/returns/versions/1/")


@pytest.mark.proves("N012")
def test_a_restricted_child_is_in_the_file_and_on_no_analyst_s_page(made: Return) -> None:
    frozen = made.frozen()
    with database.connect("owner") as owner:
        owner.execute("set role p_data_intake")
        owner.execute("select system.raise_guard(array[1], array[2]::smallint[])")
    ade, sal = signed_in("ade"), signed_in("sal", "safeguarding")
    refused = ade.get(f"/returns/versions/{frozen.id}/file/")
    assert refused.status_code == 403
    assert "somebody who protects children takes it out" in text(refused)
    assert b"episodes.csv" in sal.get(f"/returns/versions/{frozen.id}/file/").content
    assert "Build a return" not in seen(sal, "/returns/")
    assert sal.get("/returns/builds/1/").status_code == 403
    assert ade.get("/returns/versions/9/").status_code == 404
    assert ade.get("/returns/builds/9/").status_code == 404
