"""Whose key opens a document: one data key a person, wrapped by a master key of the ring in the settings.

A data key stands in the database only in its wrapped form; whoever deletes that row has erased the person's
documents. Rotating wraps the same data keys anew and touches no file.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from onboarding.documents.vault_errors import DocumentLocked
from onboarding.keyring import KEY_BYTES, KeyRing
from onboarding.models.keys import DataKey

NONCE_BYTES = 12
PURPOSE = b"onboarding data key 1"


@dataclass(frozen=True, slots=True)
class Rotation:
    """What became of the data keys. `unused` are ids of the ring that wrap nothing any more."""

    newest: str
    rewrapped: int
    locked: int
    unused: tuple[str, ...]


def key_of(person_id: int) -> bytes:
    """The data key of somebody who has stored something.

    Raises:
        DocumentLocked: there is none (any more), or the ring doesn't open it.
    """
    row = DataKey.objects.filter(person_id=person_id).first()
    if row is None:
        raise DocumentLocked(f"account {person_id} has no data key")
    return _unwrapped(row)


def key_for(person_id: int) -> bytes:
    """The data key of somebody who stores something, made if it is the first time.

    Raises:
        DocumentLocked: there is one, but the ring doesn't open it.
    """
    row = DataKey.objects.filter(person_id=person_id).first()
    if row is None:
        master_key, wrapped = _wrapped(secrets.token_bytes(KEY_BYTES), person_id)
        # Of several first uploads at once, one key wins and serves all of them.
        row, _ = DataKey.objects.get_or_create(
            person_id=person_id, defaults={"master_key": master_key, "wrapped": wrapped}
        )
    return _unwrapped(row)


def rotate(*, dry_run: bool = False) -> Rotation:
    """Wraps every data key with the newest master key, a row at a time: safe to repeat and to interrupt.

    Args:
        dry_run: only count.
    """
    newest = _ring().newest
    rewrapped = locked = 0
    for row in DataKey.objects.exclude(master_key=newest).order_by("pk").iterator():
        try:
            key = _unwrapped(row)
        except DocumentLocked:
            locked += 1
            continue
        if dry_run:
            rewrapped += 1
            continue
        master_key, wrapped = _wrapped(key, row.person_id)
        unchanged = DataKey.objects.filter(pk=row.pk, master_key=row.master_key)
        rewrapped += unchanged.update(master_key=master_key, wrapped=wrapped)
    used = set(DataKey.objects.values_list("master_key", flat=True).distinct())
    unused = tuple(each for each in _ring().ids if each not in used | {newest})
    return Rotation(newest, rewrapped, locked, unused)


def _ring() -> KeyRing:
    ring = settings.DOCUMENT_KEYS
    assert isinstance(ring, KeyRing)
    return ring


def _wrapped(key: bytes, person_id: int) -> tuple[str, bytes]:
    """The id of the newest master key, and the data key under it."""
    master_key = _ring().newest
    nonce = secrets.token_bytes(NONCE_BYTES)
    return master_key, nonce + AESGCM(_master(master_key)).encrypt(nonce, key, _owner(person_id, master_key))


def _unwrapped(row: DataKey) -> bytes:
    wrapped = bytes(row.wrapped)  # Postgres hands out a memoryview
    cipher = AESGCM(_master(row.master_key))
    owner = _owner(row.person_id, row.master_key)
    try:
        return cipher.decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], owner)
    except (InvalidTag, ValueError) as error:
        raise DocumentLocked(
            f"the master key {row.master_key} in DOCUMENT_KEYS is not the one that wrapped "
            f"the data key of account {row.person_id}"
        ) from error


def _master(key_id: str) -> bytes:
    key = _ring().key(key_id)
    if key is None:
        raise DocumentLocked(f"DOCUMENT_KEYS lacks the master key {key_id}")
    return key


def _owner(person_id: int, master_key: str) -> bytes:
    """Binds a wrapped key to its row: copied into another one, it opens nothing."""
    return PURPOSE + person_id.to_bytes(8, "big") + master_key.encode()
