"""What a stored file looks like: nothing to read, nothing to change, nothing to swap."""

from __future__ import annotations

import uuid

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.documents.vault_errors import DocumentLocked
from onboarding.documents.vault_seal import HEADER, place, seal, unseal

KEY, OTHER_KEY = bytes(range(32)), bytes(range(1, 33))
CASE, DOCUMENT = uuid.UUID(int=1), uuid.UUID(int=2)
HERE = place(CASE, DOCUMENT, 1)


@given(data=st.binary(max_size=2000))
def test_what_was_sealed_is_opened_again(data: bytes) -> None:
    file = seal(data, KEY, HERE)
    assert unseal(file, KEY, HERE) == data
    assert file.startswith(b"ONBD\x01")
    assert len(file) == 5 + 12 + len(data) + 16


def test_the_same_bytes_never_give_the_same_file() -> None:
    """Mutant seen red: a nonce of zeros."""
    assert len({seal(b"pixels", KEY, HERE) for _ in range(50)}) == 50


@pytest.mark.parametrize(
    "there",
    [
        place(uuid.UUID(int=9), DOCUMENT, 1),
        place(CASE, uuid.UUID(int=9), 1),
        place(CASE, DOCUMENT, 2),
        place(CASE, DOCUMENT, 0),
        place(DOCUMENT, CASE, 1),
    ],
    ids=["other case", "other document", "other page", "the original", "changed about"],
)
def test_a_file_opens_in_its_own_place_only(there: bytes) -> None:
    """Mutants seen red: the place without the case; without the document; without the page."""
    with pytest.raises(DocumentLocked):
        unseal(seal(b"pixels", KEY, HERE), KEY, there)


def test_another_key_opens_nothing() -> None:
    with pytest.raises(DocumentLocked, match="its key does not fit"):
        unseal(seal(b"pixels", KEY, HERE), OTHER_KEY, HERE)


@given(at=st.integers(min_value=0, max_value=len(HEADER) + 12 + 6 + 15), bit=st.integers(0, 7))
def test_no_bit_can_be_flipped(at: int, bit: int) -> None:
    """Mutant: cut the tag off and use AES-CTR."""
    file = bytearray(seal(b"pixels", KEY, HERE))
    file[at] ^= 1 << bit
    with pytest.raises(DocumentLocked):
        unseal(bytes(file), KEY, HERE)


@given(length=st.integers(0, len(HEADER) + 12 + 6 + 15))
def test_a_cut_file_is_locked_and_nothing_else(length: int) -> None:
    """Mutant seen red: let the library's ValueError out."""
    with pytest.raises(DocumentLocked):
        unseal(seal(b"pixels", KEY, HERE)[:length], KEY, HERE)


@given(file=st.binary(max_size=100))
def test_garbage_is_locked_and_nothing_else(file: bytes) -> None:
    with pytest.raises(DocumentLocked):
        unseal(file, KEY, HERE)
