"""The drawings of good and bad pictures."""

from __future__ import annotations

from pathlib import Path

from django.contrib.staticfiles import finders

from onboarding.domain.status import Slot
from onboarding.web.document_views import BAD, GOOD, GOOD_WORDS


def test_every_picture_that_can_be_asked_for_has_a_drawing_of_our_own_with_words() -> None:
    """Mutant seen red: the selfie has none."""
    assert set(GOOD) == set(Slot)
    for path in (*GOOD.values(), *BAD):
        found = finders.find(path)
        assert found, path
        assert "<svg" in Path(found).read_text(encoding="utf-8")
    assert set(GOOD.values()) == set(GOOD_WORDS)
