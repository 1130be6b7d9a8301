"""The encryption of a file: whatever is changed, moved, left out or cut off is noticed before it is read."""

from __future__ import annotations

import secrets
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.vault import Damaged, sealing

KEY, NAME = b"k" * 32, b"0" * 32
SIZES = st.sampled_from([0, 1, 15, 16, 17, 31, 32, 33, 64])


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "CHUNK", 16)


def sealed(content: bytes) -> bytes:
    return b"".join(sealing.seal(KEY, NAME, [content]))


def unsealed(data: bytes, name: bytes = NAME, key: bytes = KEY) -> bytes:
    return b"".join(sealing.unseal(key, name, [data]))


@pytest.mark.parametrize("size", [0, 1, 15, 16, 17, 31, 32, 33, 64, 1000])
def test_what_is_sealed_is_unsealed(size: int) -> None:
    content = secrets.token_bytes(size)
    assert unsealed(sealed(content)) == content
    if size > 3:
        assert content not in sealed(content)


@given(st.binary(max_size=100), st.lists(st.integers(0, 100)), st.lists(st.integers(0, 200)))
def test_how_it_comes_in_pieces_does_not_matter(content: bytes, cuts: list[int], other: list[int]) -> None:
    def pieces(data: bytes, places: list[int]) -> list[bytes]:
        edges = [0, *sorted(min(place, len(data)) for place in places), len(data)]
        return [data[a:b] for a, b in pairwise(edges)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK", 16)
        whole = b"".join(sealing.seal(KEY, NAME, pieces(content, cuts)))
        assert whole == sealed(content)
        assert b"".join(sealing.unseal(KEY, NAME, pieces(whole, other))) == content


@given(st.binary(max_size=70), st.data())
def test_every_changed_bit_and_every_cut_is_noticed(content: bytes, draw: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealing, "CHUNK", 16)
        data = sealed(content)
        place = draw.draw(st.integers(0, len(data) - 1))
        flipped = data[:place] + bytes([data[place] ^ 1 << draw.draw(st.integers(0, 7))]) + data[place + 1 :]
        for spoiled in (flipped, data[:place], data + b"x"):
            with pytest.raises(Damaged):
                unsealed(spoiled)


def test_swapped_repeated_or_missing_chunks_are_noticed() -> None:
    data = sealed(bytes(64))
    start, size = len(sealing.MAGIC), 32
    one, two, rest = data[start : start + size], data[start + size : start + 2 * size], data[start + 2 * size :]
    for order in ([two, one, rest], [one, one, rest], [one, rest], [one, two]):
        with pytest.raises(Damaged):
            unsealed(data[:start] + b"".join(order))


def test_a_file_under_another_name_or_key_is_refused() -> None:
    data = sealed(b"made up")
    with pytest.raises(Damaged):
        unsealed(data, name=b"1" * 32)
    with pytest.raises(Damaged):
        unsealed(data, key=b"j" * 32)


def test_a_wrapped_key_opens_for_its_master_and_name_alone() -> None:
    wrapped = sealing.wrap(b"m" * 32, NAME, KEY)
    assert sealing.unwrap(b"m" * 32, NAME, wrapped) == KEY
    assert wrapped != sealing.wrap(b"m" * 32, NAME, KEY)
    for master, name, data in [
        (b"n" * 32, NAME, wrapped),
        (b"m" * 32, b"1" * 32, wrapped),
        (b"m" * 32, NAME, b"x" * 60),
    ]:
        with pytest.raises(Damaged, match="FAIRHOLD_VAULT_KEY"):
            sealing.unwrap(master, name, data)
