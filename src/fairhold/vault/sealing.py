"""Encryption of one file: AES-256-GCM in chunks, so that a file of any size is read and checked piece by piece. Pure.

Each file has a random key of its own. A chunk's nonce is its number and whether it is the last, so chunks can be
neither changed, swapped, left out nor cut off (STREAM, by Hoang, Reyhanitabar, Rogaway and Vizár, 2015).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from itertools import count

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fairhold.errors import PlainError

MAGIC = b"FAIRHOLD VAULT 1\n"
CHUNK = 1 << 20  # bytes of content a chunk
_TAG = 16
KEY_SIZE = 32


class Damaged(PlainError):
    """The bytes are not those that were sealed under this key and name."""


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if last else b"\x00")


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """The content cut into pieces of `size` bytes, and whether each is the last; of nothing, one empty piece."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk
        while len(waiting) > size:
            yield bytes(waiting[:size]), False
            del waiting[:size]
    yield bytes(waiting), True


def seal(key: bytes, name: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The sealed file, piece by piece, out of its content in chunks of any size. `name` binds it to its record."""
    cipher = AESGCM(key)
    yield MAGIC
    for number, (piece, last) in zip(count(), _pieces(chunks, CHUNK), strict=False):
        yield cipher.encrypt(_nonce(number, last), piece, MAGIC + name)


def unseal(key: bytes, name: bytes, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The content of a sealed file, piece by piece; raises Damaged before it gives a piece that is not genuine."""
    cipher = AESGCM(key)
    stream = iter(chunks)
    start = bytearray()
    for chunk in stream:
        start += chunk
        if len(start) >= len(MAGIC):
            break
    if not start.startswith(MAGIC):
        raise Damaged("This is not a file of the vault.")
    rest = _prefixed(bytes(start[len(MAGIC) :]), stream)
    for number, (piece, last) in zip(count(), _pieces(rest, CHUNK + _TAG), strict=False):
        try:
            yield cipher.decrypt(_nonce(number, last), piece, MAGIC + name)
        except InvalidTag:
            raise Damaged("The kept file was changed or cut off, or its key is not the right one.") from None


def _prefixed(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def wrap(master: bytes, name: bytes, key: bytes) -> bytes:
    """A file's key, locked under the master key and bound to the file's name."""
    nonce = os.urandom(12)
    return nonce + AESGCM(master).encrypt(nonce, key, b"key of " + name)


def unwrap(master: bytes, name: bytes, wrapped: bytes) -> bytes:
    """The file's key; raises Damaged when the master key is another, or the record was changed."""
    try:
        return AESGCM(master).decrypt(wrapped[:12], wrapped[12:], b"key of " + name)
    except InvalidTag:
        raise Damaged(
            "The key of this file cannot be opened: is FAIRHOLD_VAULT_KEY the one it was kept under?"
        ) from None
