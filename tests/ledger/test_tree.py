"""The hash tree against a naive one written straight from the recursive definitions of RFC 9162."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairhold.ledger import tree

entries = st.lists(st.binary(max_size=4), max_size=70)


def naive_root(data: list[bytes]) -> bytes:
    """MTH(D_n), as the RFC writes it."""
    if not data:
        return hashlib.sha256(b"").digest()
    if len(data) == 1:
        return hashlib.sha256(b"\x00" + data[0]).digest()
    k = max(2**i for i in range(len(data).bit_length()) if 2**i < len(data))
    return hashlib.sha256(b"\x01" + naive_root(data[:k]) + naive_root(data[k:])).digest()


def naive_path(m: int, data: list[bytes]) -> list[bytes]:
    """PATH(m, D_n), as the RFC writes it."""
    if len(data) == 1:
        return []
    k = max(2**i for i in range(len(data).bit_length()) if 2**i < len(data))
    if m < k:
        return [*naive_path(m, data[:k]), naive_root(data[k:])]
    return [*naive_path(m - k, data[k:]), naive_root(data[:k])]


def naive_subproof(m: int, data: list[bytes], whole: bool) -> list[bytes]:
    """SUBPROOF(m, D_n, b), as the RFC writes it."""
    if m == len(data):
        return [] if whole else [naive_root(data)]
    k = max(2**i for i in range(len(data).bit_length()) if 2**i < len(data))
    if m <= k:
        return [*naive_subproof(m, data[:k], whole), naive_root(data[k:])]
    return [*naive_subproof(m - k, data[k:], False), naive_root(data[:k])]


def grown(data: list[bytes]) -> tuple[tree.Frontier, tree.Nodes]:
    """The tree grown leaf by leaf, and its perfect subtrees by (level, index)."""
    frontier, kept = tree.Frontier(), {}
    for number, entry in enumerate(data, start=1):
        frontier, completed = frontier.add(tree.leaf_hash(entry))
        kept |= {(level, (number >> level) - 1): node for level, node in enumerate(completed)}
    return frontier, lambda level, index: kept[level, index]


@given(entries)
def test_growing_leaf_by_leaf_gives_the_root_of_the_definition(data: list[bytes]) -> None:
    frontier, nodes = grown(data)
    assert frontier.root() == naive_root(data) == tree.subtree(0, len(data), nodes)
    assert frontier.size == len(data)
    assert frontier.peaks == tuple(nodes(level, index) for level, index in tree.peak_nodes(len(data)))


@given(entries.filter(bool), st.data())
def test_inclusion_proofs_follow_the_definition_and_lead_to_the_root(data: list[bytes], draw: st.DataObject) -> None:
    frontier, nodes = grown(data)
    place = draw.draw(st.integers(0, len(data) - 1))
    proof = tree.inclusion_proof(place, len(data), nodes)
    assert proof == naive_path(place, data)
    assert tree.root_of_inclusion(tree.leaf_hash(data[place]), place, len(data), proof) == frontier.root()


@given(entries.filter(bool), st.data())
def test_an_inclusion_proof_holds_for_no_other_entry_and_no_other_root(data: list[bytes], draw: st.DataObject) -> None:
    frontier, nodes = grown(data)
    place = draw.draw(st.integers(0, len(data) - 1))
    proof = tree.inclusion_proof(place, len(data), nodes)
    assert tree.root_of_inclusion(tree.leaf_hash(b"never written"), place, len(data), proof) != frontier.root()
    assert tree.root_of_inclusion(tree.leaf_hash(data[place]), place, len(data), [*proof, b"x" * 32]) is None
    if proof:
        assert tree.root_of_inclusion(tree.leaf_hash(data[place]), place, len(data), proof[:-1]) != frontier.root()


@given(entries.filter(bool), st.data())
def test_consistency_proofs_are_those_of_the_definition_and_hold(data: list[bytes], draw: st.DataObject) -> None:
    frontier, nodes = grown(data)
    old = draw.draw(st.integers(1, len(data)))
    proof = tree.consistency_proof(old, len(data), nodes)
    assert proof == naive_subproof(old, data, True)
    assert tree.consistent(old, len(data), naive_root(data[:old]), frontier.root(), proof)


@given(entries.filter(lambda data: len(data) > 1), st.data())
def test_a_rewritten_past_is_not_consistent(data: list[bytes], draw: st.DataObject) -> None:
    old = draw.draw(st.integers(1, len(data)))
    changed = draw.draw(st.integers(0, old - 1))
    forged = [*data[:changed], b"forged", *data[changed + 1 :]]
    frontier, nodes = grown(forged)
    proof = tree.consistency_proof(old, len(data), nodes)
    assert not tree.consistent(old, len(data), naive_root(data[:old]), frontier.root(), proof)


@pytest.mark.parametrize(("index", "size"), [(-1, 3), (3, 3), (0, 0)])
def test_no_proof_of_inclusion_outside_the_tree(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="inside the tree"):
        tree.inclusion_proof(index, size, lambda level, place: b"")
    assert tree.root_of_inclusion(b"", index, size, []) is None


@pytest.mark.parametrize(("old", "new"), [(0, 3), (4, 3)])
def test_no_proof_of_consistency_from_nothing_or_backwards(old: int, new: int) -> None:
    with pytest.raises(ValueError, match="larger"):
        tree.consistency_proof(old, new, lambda level, place: b"")
    assert not tree.consistent(old, new, b"", b"", [])


def test_the_example_tree_of_the_rfc() -> None:
    """RFC 9162 section 2.1.5: the proof for d3 in the tree of seven leaves is [c, g, l]."""
    data = [bytes([n]) for n in range(7)]
    frontier, nodes = grown(data)
    c, g = nodes(0, 2), nodes(1, 0)
    rest = tree.subtree(4, 7, nodes)
    assert tree.inclusion_proof(3, 7, nodes) == [c, g, rest]
    assert frontier.root() == tree.node_hash(nodes(2, 0), rest)
