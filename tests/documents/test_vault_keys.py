"""One data key a person, wrapped by the ring; rotated without touching a file."""

from __future__ import annotations

from functools import partial

import pytest
from pytest_django import Settings

from onboarding import keyring, masterkeys
from onboarding.documents import vault_keys
from onboarding.documents.vault_errors import DocumentLocked
from onboarding.masterkeys import Rotation
from onboarding.models.keys import DataKey
from onboarding.models.people import User
from tests.live import in_threads

pytestmark = pytest.mark.database

OLD, NEW, OTHER = (keyring.fresh(name) for name in ("old", "new", "old"))


@pytest.fixture
def person(settings: Settings, db: None) -> int:
    settings.DOCUMENT_KEYS = keyring.parse(OLD)
    return User.objects.create_user("ana@example.org").pk


def somebody_else() -> int:
    return User.objects.create_user("otto@example.org").pk


def test_everybody_has_a_key_of_their_own_and_keeps_it(person: int) -> None:
    """Mutant seen red: a new key for every upload, which locks the pictures before it."""
    other = somebody_else()
    mine, theirs = vault_keys.key_for(person), vault_keys.key_for(other)
    assert mine != theirs
    assert len(mine) == 32
    assert vault_keys.key_for(person) == vault_keys.key_of(person) == mine


def test_a_key_stands_in_its_row_only_wrapped(person: int) -> None:
    """Mutant seen red: the row keeps the key itself."""
    key = vault_keys.key_for(person)
    row = DataKey.objects.get()
    assert key not in bytes(row.wrapped)
    assert row.master_key == "old"


def test_first_uploads_at_the_same_time_share_one_key(transactional_db: None, settings: Settings) -> None:
    """On both databases. Mutant seen red: `create` instead of `get_or_create`."""
    settings.DOCUMENT_KEYS = keyring.parse(OLD)
    person = User.objects.create_user("ana@example.org").pk
    keys = in_threads(*[partial(vault_keys.key_for, person)] * 5)
    assert {type(key) for key in keys} == {bytes}, keys
    assert len(set(keys)) == 1


def test_who_has_no_key_any_more_is_locked_out(person: int) -> None:
    """Deleting the row erases the person's documents. Mutant seen red: reading makes a new key."""
    vault_keys.key_for(person)
    DataKey.objects.all().delete()
    with pytest.raises(DocumentLocked, match="has no data key"):
        vault_keys.key_of(person)
    assert not DataKey.objects.exists()


@pytest.mark.parametrize(
    ("ring", "said"),
    [(NEW, "lacks the master key old"), (OTHER, "is not the one that wrapped")],
    ids=["none", "another"],
)
def test_a_ring_without_the_right_key_is_one_clear_error(
    person: int, settings: Settings, ring: str, said: str
) -> None:
    """Also for whoever stores: a new key would lock older pictures. Mutant seen red: InvalidTag gets out."""
    vault_keys.key_for(person)
    settings.DOCUMENT_KEYS = keyring.parse(ring)
    for ask in (vault_keys.key_of, vault_keys.key_for):
        with pytest.raises(DocumentLocked, match=said):
            ask(person)
    assert DataKey.objects.count() == 1


def test_a_wrapped_key_opens_nothing_in_another_persons_row(person: int) -> None:
    """Mutant seen red: wrapped without its owner."""
    other = somebody_else()
    vault_keys.key_for(person)
    vault_keys.key_for(other)
    stolen = DataKey.objects.get(person_id=other)
    DataKey.objects.filter(person_id=person).update(wrapped=bytes(stolen.wrapped))
    with pytest.raises(DocumentLocked):
        vault_keys.key_of(person)


def test_rotation_wraps_the_same_keys_anew_and_may_be_repeated(person: int, settings: Settings) -> None:
    """Mutants seen red: rotation makes new data keys; counts rows that were done before."""
    key = vault_keys.key_for(person)
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    later = somebody_else()
    vault_keys.key_for(later)
    assert vault_keys.rotate(dry_run=True) == Rotation(1, 0, frozenset({"old", "new"}))
    assert vault_keys.rotate() == Rotation(1, 0, frozenset({"new"}))
    assert vault_keys.rotate() == Rotation(0, 0, frozenset({"new"}))
    settings.DOCUMENT_KEYS = keyring.parse(NEW)
    assert vault_keys.key_of(person) == key


def test_rotation_leaves_what_it_cannot_open_and_says_so(person: int, settings: Settings) -> None:
    """Mutant seen red: it stops at the first."""
    other = somebody_else()
    vault_keys.key_for(person)
    vault_keys.key_for(other)
    DataKey.objects.filter(person_id=person).update(master_key="lost")
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    assert vault_keys.rotate() == Rotation(1, 1, frozenset({"lost", "new"}))


def test_the_key_that_encrypts_is_never_called_unused(person: int, settings: Settings) -> None:
    """Also before anybody has stored anything. Mutant seen red: `newest` isn't spared."""
    settings.DOCUMENT_KEYS = keyring.parse(f"{NEW},{OLD}")
    assert masterkeys.unused(vault_keys.rotate().used) == ("old",)
