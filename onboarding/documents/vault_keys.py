"""Whose key opens a document: one data key a person, wrapped by a master key of the ring in the settings.

A data key stands in the database only in its wrapped form; whoever deletes that row has erased the person's
documents. Rotating wraps the same data keys anew and touches no file.
"""

from __future__ import annotations

import secrets

from onboarding import masterkeys
from onboarding.documents.vault_errors import DocumentLocked
from onboarding.keyring import KEY_BYTES
from onboarding.masterkeys import Rotation
from onboarding.models.keys import DataKey

PURPOSE = b"onboarding data key 1"


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
        master_key, wrapped = masterkeys.wrap(secrets.token_bytes(KEY_BYTES), _owner(person_id))
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
    rewrapped = locked = 0
    for row in DataKey.objects.exclude(master_key=masterkeys.ring().newest).order_by("pk").iterator():
        try:
            key = _unwrapped(row)
        except DocumentLocked:
            locked += 1
            continue
        if dry_run:
            rewrapped += 1
            continue
        master_key, wrapped = masterkeys.wrap(key, _owner(row.person_id))
        unchanged = DataKey.objects.filter(pk=row.pk, master_key=row.master_key)
        rewrapped += unchanged.update(master_key=master_key, wrapped=wrapped)
    used = DataKey.objects.values_list("master_key", flat=True).distinct()
    return Rotation(rewrapped, locked, frozenset(used))


def _unwrapped(row: DataKey) -> bytes:
    wrapped = bytes(row.wrapped)  # Postgres hands out a memoryview
    what = f"the data key of account {row.person_id}"
    try:
        return masterkeys.unwrap(row.master_key, wrapped, _owner(row.person_id), what)
    except masterkeys.Locked as error:
        raise DocumentLocked(str(error)) from error


def _owner(person_id: int) -> bytes:
    """Binds a wrapped key to its row: copied into another one, it opens nothing."""
    return PURPOSE + person_id.to_bytes(8, "big")
