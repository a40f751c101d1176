"""What the master keys of the settings wrap: the data keys of documents, and the secrets of second factors.

AES-256-GCM, bound to a purpose, so that nothing wrapped for one thing can be put in the place of another.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from onboarding.keyring import KeyRing

NONCE_BYTES = 12


class Locked(Exception):
    """No key of the ring opens it; a person must look after the keys. The text holds no personal data."""


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of one kind of secrets. `used` are the ids of the keys that wrap some of them now."""

    rewrapped: int
    locked: int
    used: frozenset[str]


def ring() -> KeyRing:
    known = settings.DOCUMENT_KEYS
    assert isinstance(known, KeyRing)
    return known


def unused(used: Iterable[str]) -> tuple[str, ...]:
    """The ids of the ring that wrap nothing any more; never the newest, which wraps what comes next."""
    needed = {*used, ring().newest}
    return tuple(each for each in ring().ids if each not in needed)


def wrap(secret: bytes, purpose: bytes) -> tuple[str, bytes]:
    """The id of the newest master key, and the secret under it."""
    master_key = ring().newest
    nonce = secrets.token_bytes(NONCE_BYTES)
    cipher = AESGCM(_key(master_key))
    return master_key, nonce + cipher.encrypt(nonce, secret, purpose + master_key.encode())


def unwrap(master_key: str, wrapped: bytes, purpose: bytes, what: str) -> bytes:
    """The inverse of `wrap`.

    Args:
        what: is wrapped, for the text of the error.

    Raises:
        Locked: the ring lacks the key, or has another one under its id, or it was wrapped for another use.
    """
    cipher = AESGCM(_key(master_key))
    try:
        return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], purpose + master_key.encode())
    except (InvalidTag, ValueError) as error:
        raise Locked(
            f"the master key {master_key} in DOCUMENT_KEYS is not the one that wrapped {what}"
        ) from error


def _key(key_id: str) -> bytes:
    key = ring().key(key_id)
    if key is None:
        raise Locked(f"DOCUMENT_KEYS lacks the master key {key_id}")
    return key
