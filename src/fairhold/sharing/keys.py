"""Keys of a transfer: ours to sign and to log in with, the recipient's to encrypt to, and their fingerprints."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from fairhold.engine.secret import secret
from fairhold.sharing.shares import ShareError

SIGNING = ("FAIRHOLD_SHARE_KEY", "share.key")
LOGIN = ("FAIRHOLD_SFTP_KEY", "sftp.key")


@dataclass(frozen=True)
class OurKeys:
    """What a recipient must know of us: the key that signs manifests (hexadecimal) and the one that logs in."""

    signing: str
    login: str


def ours() -> OurKeys:
    """Our public keys, to hand to a recipient on a way it trusts."""
    login = _private(LOGIN).public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH)
    return OurKeys(_private(SIGNING).public_key().public_bytes_raw().hex(), login.decode())


def _private(which: tuple[str, str]) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(secret(*which))


def login_key() -> bytes:
    """Our private key for logging in, as OpenSSH writes it."""
    return _private(LOGIN).private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption())


def sign(data: bytes) -> bytes:
    """Our Ed25519 signature (64 bytes)."""
    return _private(SIGNING).sign(data)


def signed(data: bytes, signature: bytes, public: str) -> bool:
    """Whether the holder of the public key (hexadecimal) signed these bytes."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


@cache
def _pyrage() -> Any:
    import pyrage  # noqa: PLC0415 (only when something leaves)

    return pyrage


def age_fingerprint(key: str) -> str:
    """Eight groups of four, short enough to read out on the telephone; raises ShareError for what is no age key."""
    try:
        _pyrage().x25519.Recipient.from_str(key)
    except _pyrage().RecipientError:
        raise ShareError("This is not an age public key: it begins with age1 and comes from age-keygen.") from None
    digest = hashlib.sha256(key.encode()).hexdigest()
    return " ".join(digest[start : start + 4] for start in range(0, 32, 4))


def host_fingerprint(line: str) -> str:
    """The fingerprint of a host key as ssh-keygen shows it; raises ShareError for what is no such key."""
    try:
        kind, blob = line.split()[:2]
        data = base64.b64decode(blob, validate=True)
    except ValueError:
        raise ShareError(
            "This is not a host key: it looks like “ssh-ed25519 AAAA…”, as ssh-keyscan prints it."
        ) from None
    if not data[4:].startswith(kind.encode()):
        raise ShareError("The host key and the kind it names do not fit each other: copy the whole line again.")
    return "SHA256:" + base64.b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def encrypt(data: bytes, age_key: str) -> bytes:
    """`data` for the holder of the age key alone."""
    sealed: bytes = _pyrage().encrypt(data, [_pyrage().x25519.Recipient.from_str(age_key)])
    return sealed


def public_of(identity: str) -> str:
    """The age public key of a private one."""
    return str(_pyrage().x25519.Identity.from_str(identity).to_public())


def decrypt(data: bytes, identity: str) -> bytes:
    """What was encrypted to this identity; raises ShareError when it was not, or the bytes were changed."""
    try:
        found: bytes = _pyrage().decrypt(data, [_pyrage().x25519.Identity.from_str(identity)])
    except _pyrage().DecryptError:
        raise ShareError("This file is not encrypted to this key, or it was changed on its way.") from None
    return found
