"""An upload that would keep a page from answering. A file of its own: it holds us to seconds."""

from __future__ import annotations

import time

import pytest

from onboarding.documents.refusals import Refusal
from tests import pictures
from tests.documents.test_refused_uploads import refusal


@pytest.mark.seconds
def test_a_pdf_that_takes_for_ever_is_refused_within_five_seconds() -> None:
    """Every page must answer within 5 s. Mutant: no limit on the processor time."""
    started = time.perf_counter()
    assert refusal(pictures.pdf_that_never_ends()) in {Refusal.UNREADABLE, Refusal.BUSY}
    assert time.perf_counter() - started < 5
