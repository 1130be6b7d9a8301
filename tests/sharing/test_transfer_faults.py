"""What goes wrong on the way: each gets one sentence, and where it may, the same file is sent again."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncssh
import pytest

from fairhold.cli import demo_partner
from fairhold.dates import clock
from fairhold.sharing import keys, package, parties, sending
from fairhold.sharing.shares import ShareError, file_name
from tests.sharing.conftest import FIRST_IG, SECOND_IG, TODAY, as_ig, as_youth, new_partner, register
from tests.sharing.test_share_flow import approve, packed, propose, send
from tests.support.sftp_server import Breaking, Full, Losing


def kept_hash(share: int) -> str:
    with as_youth() as scope:
        return str(scope.value("select sha256 from system.share_package where share_id = %s", (share,)))


@pytest.mark.proves("N082")
@pytest.mark.parametrize(
    ("server", "says"), [(Breaking, "line broke"), (Full, "did not take the file"), (Losing, "bytes")]
)
def test_a_server_that_fails_halfway_leaves_no_file_and_the_same_one_is_sent_again(
    server: Any, says: str, tmp_path: Path, borough: dict[str, int]
) -> None:
    folder = tmp_path / "failing"
    with demo_partner.serving(folder, keys.ours().login, sftp=server) as failing:
        share = packed(register(new_partner(failing)))
        attempt = send(share)
        assert not attempt["arrived"]
        assert says in str(attempt["said"])
        assert str(attempt["said"]).endswith("again.") or "send again" in str(attempt["said"])
        assert not (failing.inbox / file_name(share)).exists()
        port = failing.port
    with demo_partner.serving(folder, keys.ours().login, port=port) as mended:
        assert send(share)["arrived"]
        data = (mended.inbox / file_name(share)).read_bytes()
        assert [path.name for path in mended.inbox.iterdir()] == [file_name(share)]
    assert hashlib.sha256(data).hexdigest() == kept_hash(share)
    with as_youth() as scope:
        attempts = scope.rows("select arrived from system.share_transfer where share_id = %s order by id", (share,))
    assert [row["arrived"] for row in attempts] == [False, True]
    with pytest.raises(ShareError, match="arrived already"):
        send(share)


def test_a_server_that_is_down_gets_its_sentence(tmp_path: Path, borough: dict[str, int]) -> None:
    with demo_partner.serving(tmp_path / "partner", keys.ours().login) as partner:
        share = packed(register(new_partner(partner)))
    attempt = send(share)
    assert not attempt["arrived"]
    assert "cannot be reached" in str(attempt["said"])


@pytest.mark.proves("N082")
def test_a_changed_host_key_stops_everything(tmp_path: Path, borough: dict[str, int]) -> None:
    with demo_partner.serving(tmp_path / "partner", keys.ours().login) as partner:
        share, port = packed(register(new_partner(partner))), partner.port
    with demo_partner.serving(tmp_path / "impostor", keys.ours().login, port=port) as impostor:
        attempt = send(share)
        assert not attempt["arrived"]
        assert "another host key than the one confirmed" in str(attempt["said"])
        assert list(impostor.inbox.iterdir()) == []


def test_another_kind_of_host_key_stops_it_too(tmp_path: Path, borough: dict[str, int]) -> None:
    rsa = asyncssh.generate_private_key("ssh-rsa", key_size=2048).export_public_key().decode().strip()
    with demo_partner.serving(tmp_path / "partner", keys.ours().login) as partner:
        share = packed(register(new_partner(partner, host_key=rsa)))
        assert "another host key" in str(send(share)["said"])


def test_a_server_that_does_not_know_our_key_gets_nothing(tmp_path: Path, borough: dict[str, int]) -> None:
    stranger = asyncssh.generate_private_key("ssh-ed25519").export_public_key().decode()
    with demo_partner.serving(tmp_path / "partner", stranger) as partner:
        attempt = send(packed(register(new_partner(partner))))
        assert "does not know our key" in str(attempt["said"])
        assert list(partner.inbox.iterdir()) == []


@pytest.mark.proves("N082")
def test_keys_count_only_when_a_second_person_confirmed_them(
    registered: int, partner: demo_partner.MadeUpPartner
) -> None:
    body = new_partner(partner)
    prints = keys.age_fingerprint(body.age_key), keys.host_fingerprint(body.endpoint.host_key)
    share = packed(registered)
    with as_ig(FIRST_IG) as scope:
        assert parties.add_partner(scope, body=body) == registered  # the same body again: its keys are open again
        with pytest.raises(ShareError, match="yourself"):
            parties.confirm_partner(scope, partner=registered, age_fingerprint=prints[0], host_fingerprint=prints[1])
    with pytest.raises(ShareError, match="not confirmed by a second person"):
        send(share)
    with as_ig(SECOND_IG) as scope:
        for wrong in (("0000 " + prints[0][5:], prints[1]), (prints[0], "SHA256:other")):
            with pytest.raises(ShareError, match="not those of the keys we hold"):
                parties.confirm_partner(scope, partner=registered, age_fingerprint=wrong[0], host_fingerprint=wrong[1])
        parties.confirm_partner(
            scope, partner=registered, age_fingerprint=prints[0].upper(), host_fingerprint=prints[1]
        )
    assert send(share)["arrived"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"age_key": "age1nothing"}, "not an age public key"),
        ({"host_key": "ssh-ed25519"}, "not a host key"),
        ({"host_key": "ssh-ed25519 AAAA"}, "do not fit"),
        ({"kind": "made-up kind"}, "The kind of a recipient is one of"),
        ({"host": " "}, "has a name, a server"),
    ],
)
def test_a_recipient_that_is_not_whole_is_not_registered(
    changes: dict[str, str], says: str, partner: demo_partner.MadeUpPartner
) -> None:
    with as_ig() as scope, pytest.raises(ShareError, match=says):
        parties.add_partner(scope, body=new_partner(partner, **changes))


@pytest.mark.proves("N082")
def test_only_the_recipient_can_open_it_and_only_unchanged(
    registered: int, partner: demo_partner.MadeUpPartner
) -> None:
    share = packed(registered)
    send(share)
    data = (partner.inbox / file_name(share)).read_bytes()
    other = str(keys._pyrage().x25519.Identity.generate())
    for spoiled, identity in (
        (data, other),
        (data[:-1] + bytes([data[-1] ^ 1]), partner.identity),
        (data[:-9], partner.identity),
    ):
        with pytest.raises(ShareError, match="not encrypted to this key, or it was changed"):
            package.opened(spoiled, identity, keys.ours().signing, on=TODAY)
    with pytest.raises(ShareError, match="not signed by the council"):
        package.opened(data, partner.identity, "00" * 32, on=TODAY)
    with pytest.raises(ShareError, match="time of this package is up"):
        package.opened(data, partner.identity, keys.ours().signing, on=TODAY.replace(year=2027))


def test_a_package_whose_bytes_were_swapped_in_the_vault_is_not_sent(registered: int) -> None:
    share = packed(registered)
    with as_youth() as scope:
        scope.run("update system.share_package set sha256 = %s where share_id = %s", ("0" * 64, share))
    with pytest.raises(ShareError, match="not the one that was made"):
        send(share)


def test_packing_twice_makes_one_package(registered: int) -> None:
    share = packed(registered)
    before = kept_hash(share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    assert kept_hash(share) == before


def test_a_clock_that_is_behind_stops_packing_and_sending(registered: int) -> None:
    share = propose(registered)
    approve(share)
    with clock.frozen(TODAY - timedelta(days=1)), as_youth() as scope, pytest.raises(ShareError, match="is behind"):
        sending.pack(scope, share=share)
    with as_youth() as scope:
        sending.pack(scope, share=share)
    with clock.frozen(TODAY - timedelta(days=1)), pytest.raises(ShareError, match="is behind"):
        send(share)
    assert send(share)["arrived"]
