"""The hash tree of RFC 9162 (Certificate Transparency 2.0, section 2.1): growing it, and proving things about it.

Everything here is pure. `start` and `end` are leaf positions counted from 0, half-open; a node (level, index) is the
perfect subtree over the leaves `index * 2**level` up to `(index + 1) * 2**level`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Hash = bytes
Nodes = Callable[[int, int], Hash]
WIDTH = 32  # bytes of one SHA-256 hash
EMPTY_ROOT: Hash = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> Hash:
    """Hash of one entry (section 2.1.1); the first byte keeps leaves and nodes apart."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash of a node over its two children (section 2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True)
class Frontier:
    """All that is needed to grow a tree: how many leaves it has and its perfect subtrees, the largest first."""

    size: int = 0
    peaks: tuple[Hash, ...] = ()

    def add(self, leaf: Hash) -> tuple[Frontier, tuple[Hash, ...]]:
        """The tree with one leaf more, and the perfect subtrees this leaf completes: level 0 (itself), 1, 2, …"""
        peaks, completed, rest = list(self.peaks), [leaf], self.size
        while rest & 1:
            completed.append(node_hash(peaks.pop(), completed[-1]))
            rest >>= 1
        return Frontier(self.size + 1, (*peaks, completed[-1])), tuple(completed)

    def root(self) -> Hash:
        """The root over all leaves; of no leaves, the hash of nothing."""
        if not self.peaks:
            return EMPTY_ROOT
        *rest, root = self.peaks
        for peak in reversed(rest):
            root = node_hash(peak, root)
        return root


def peak_nodes(size: int) -> list[tuple[int, int]]:
    """Which nodes (level, index) are the peaks of a tree of `size` leaves, the largest first."""
    levels = [level for level in range(size.bit_length() - 1, -1, -1) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in levels]


def _split(size: int) -> int:
    """The largest power of two smaller than `size` (which is at least 2)."""
    return 1 << ((size - 1).bit_length() - 1)


def subtree(start: int, end: int, nodes: Nodes) -> Hash:
    """Root over the leaves `start` to `end`, out of perfect subtrees; `start` is 0 or a place the proofs choose."""
    size = end - start
    if size == 0:
        return EMPTY_ROOT
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, start >> level)
    middle = start + _split(size)
    return node_hash(subtree(start, middle, nodes), subtree(middle, end, nodes))


def inclusion_proof(index: int, size: int, nodes: Nodes) -> list[Hash]:
    """PATH(index, D[size]) of section 2.1.3.1: the neighbours from the leaf up to the root."""
    if not 0 <= index < size:
        raise ValueError("A proof of inclusion is for a leaf inside the tree.")
    start, end, path = 0, size, []
    while end - start > 1:
        middle = start + _split(end - start)
        if index < middle:
            path.append(subtree(middle, end, nodes))
            end = middle
        else:
            path.append(subtree(start, middle, nodes))
            start = middle
    return path[::-1]


def root_of_inclusion(leaf: Hash, index: int, size: int, proof: Sequence[Hash]) -> Hash | None:
    """The root that `proof` leads to (section 2.1.3.2), or None when the proof does not fit the place."""
    if not 0 <= index < size:
        return None
    place, last, root = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return None
        if place & 1 or place == last:
            root = node_hash(step, root)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            root = node_hash(root, step)
        place, last = place >> 1, last >> 1
    return root if last == 0 else None


def consistency_proof(old: int, new: int, nodes: Nodes) -> list[Hash]:
    """PROOF(old, D[new]) of section 2.1.4.1: that the first `old` leaves of the larger tree are the smaller tree."""
    if not 0 < old <= new:
        raise ValueError("A proof of consistency is from a tree of at least one leaf to a larger one.")
    start, end, whole, path = 0, new, True, []
    while old != end:
        middle = start + _split(end - start)
        if old <= middle:
            path.append(subtree(middle, end, nodes))
            end = middle
        else:
            path.append(subtree(start, middle, nodes))
            start, whole = middle, False
    if not whole:
        path.append(subtree(start, end, nodes))
    return path[::-1]


def consistent(old: int, new: int, old_root: Hash, new_root: Hash, proof: Sequence[Hash]) -> bool:
    """Whether `proof` shows that the tree of `new` leaves continues the tree of `old` leaves (section 2.1.4.2)."""
    if not 0 < old <= new:
        return False
    if old == new:
        return not proof and old_root == new_root
    steps = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    if not steps:
        return False
    old_seen = new_seen = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_seen, new_seen = node_hash(step, old_seen), node_hash(step, new_seen)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            new_seen = node_hash(new_seen, step)
        place, last = place >> 1, last >> 1
    return last == 0 and old_seen == old_root and new_seen == new_root
