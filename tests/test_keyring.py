"""The ring of master keys: read strictly, and never shown."""

from __future__ import annotations

import base64
import copy

import pytest

from onboarding import keyring

ONE, TWO = (keyring.fresh(name) for name in ("2025-01", "2026-01"))


def key_in(written: str) -> bytes:
    return base64.b64decode(written.partition(":")[2])


def test_the_first_key_is_the_newest_and_all_are_found() -> None:
    """Mutant seen red: the last key is the newest."""
    ring = keyring.parse(f" {TWO} ,\n{ONE},")
    assert (ring.newest, ring.ids) == ("2026-01", ("2026-01", "2025-01"))
    assert (ring.key("2025-01"), ring.key("2026-01")) == (key_in(ONE), key_in(TWO))
    assert ring.key("2024-01") is None


def test_fresh_keys_are_never_the_same() -> None:
    assert keyring.fresh("a") != keyring.fresh("a")


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is missing"),
        (" , ", "is missing"),
        ("no colon", "no id:key"),
        ("two words:" + "A" * 44, "no id:key"),
        (":" + ONE.partition(":")[2], "no id:key"),
        ("x" * 33 + ":" + ONE.partition(":")[2], "no id:key"),
        (f"{ONE},{ONE}", "two keys with the id 2025-01"),
        ("a:", "not 32 bytes long"),
        ("a:" + base64.b64encode(b"x" * 16).decode(), "not 32 bytes long"),
        ("a:" + base64.b64encode(b"x" * 33).decode(), "not 32 bytes long"),
        ("a:" + base64.b64encode(b"x" * 32).decode(), "not random"),
        ("a:" + base64.b64encode(b"0123456789" * 3 + b"01").decode(), "not random"),
        ("a:%%%%", "not base64"),
        ("a:ümlaut", "not base64"),
        ("a:" + ONE.partition(":")[2][:-1], "not base64"),
    ],
    ids=[str(number) for number in range(15)],  # keys are random, and names of tests must not be
)
def test_nonsense_is_refused_with_a_sentence_that_repeats_no_key(text: str, complaint: str) -> None:
    """Mutants seen red: `validate` left out; no look at the length; no look at how random it is."""
    with pytest.raises(ValueError, match=complaint) as refused:
        keyring.parse(text)
    secret = text.rpartition(":")[2]
    assert len(secret) < 4 or secret not in str(refused.value)


def test_no_text_of_a_ring_shows_a_key() -> None:
    """Mutant seen red: a dataclass with its own `repr`."""
    ring = keyring.parse(f"{TWO},{ONE}")
    for text in (repr(ring), str(ring), f"{ring}", repr([ring]), repr(copy.deepcopy(ring))):
        assert "2026-01" in text
        assert not [
            each for each in (ONE, TWO) if each.partition(":")[2] in text or repr(key_in(each)) in text
        ]
