"""The master keys of the documents. Standard library only: settings read it before Django is there."""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from collections.abc import Mapping

KEY_BYTES = 32
"""AES-256."""
ID = re.compile(r"[A-Za-z0-9._-]{1,32}")
LEAST_DISTINCT_BYTES = 16
"""Of 32 random bytes about 30 differ; a key with fewer than this was written by hand."""


class KeyRing:
    """Keys by their ids: the newest one encrypts, all of them decrypt. Its text never shows a key."""

    def __init__(self, keys: Mapping[str, bytes]) -> None:
        """Takes the keys with the newest first; there must be one."""
        self._keys = dict(keys)

    @property
    def newest(self) -> str:
        return next(iter(self._keys))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(self._keys)

    def key(self, key_id: str) -> bytes | None:
        """The key of this id, or None where the ring doesn't have it."""
        return self._keys.get(key_id)

    def __repr__(self) -> str:
        return f"<KeyRing of {', '.join(self._keys)}>"


def parse(text: str) -> KeyRing:
    """The ring that is written as `id:key,id:key`, each key 32 bytes in base64.

    Raises:
        ValueError: with a sentence about what is wrong, which repeats no key.
    """
    keys: dict[str, bytes] = {}
    for entry in filter(None, (each.strip() for each in text.split(","))):
        key_id, colon, encoded = entry.partition(":")
        if not colon or not ID.fullmatch(key_id):
            raise ValueError("holds something that is no id:key")
        if key_id in keys:
            raise ValueError(f"holds two keys with the id {key_id}")
        keys[key_id] = _decoded(key_id, encoded.strip())
    if not keys:
        raise ValueError("is missing")
    return KeyRing(keys)


def _decoded(key_id: str, encoded: str) -> bytes:
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"holds a key {key_id} that is not base64") from None
    if len(key) != KEY_BYTES:
        raise ValueError(f"holds a key {key_id} that is not {KEY_BYTES} bytes long")
    if len(set(key)) < LEAST_DISTINCT_BYTES:
        raise ValueError(f"holds a key {key_id} that is not random")
    return key


def fresh(key_id: str) -> str:
    """A ring with one new key, as it is written."""
    return f"{key_id}:{base64.b64encode(secrets.token_bytes(KEY_BYTES)).decode()}"
