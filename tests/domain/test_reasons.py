"""Citations: how a decision names a reason, and which citations the rules take."""

import pytest

from onboarding.domain.reasons import BY_CODE, ITEM_CODES, ReasonKind, cite, cited, may_be_cited
from onboarding.domain.status import CaseStatus, Slot

from .builders import HOUR, T0, ask_again, heard, make_case, refuse_it


@pytest.mark.parametrize(
    ("code", "version", "citation"),
    [("blurred", 1, "blurred"), ("blurred", 2, "blurred@2"), ("wrong_page", 1, "wrong_page@1")],
)
def test_a_citation_names_code_and_version(code: str, version: int, citation: str) -> None:
    """Cases cited a code alone before there was a catalogue. Mutant seen red: version 1 is written."""
    assert cite(code, version) == citation
    assert cited(citation) == (code, version)


@pytest.mark.parametrize(
    "text", ["", "Blurred", "blurred@", "blurred@0", "blurred@x", "a b", "1st", "blurred@2@3", "x" * 41, "é"]
)
def test_anything_else_is_no_citation(text: str) -> None:
    assert cited(text) is None
    assert not may_be_cited(text, ReasonKind.ITEM)


def test_a_code_without_version_must_be_built_in() -> None:
    """What the rules refused before the catalogue they refuse still, or running cases would not replay.

    Mutant seen red: every well-formed code is taken.
    """
    assert not may_be_cited("wrong_page", ReasonKind.ITEM)
    assert may_be_cited("wrong_page@1", ReasonKind.ITEM)
    assert all(may_be_cited(code, ReasonKind.ITEM) is (code in ITEM_CODES) for code in BY_CODE)


def test_a_built_in_reason_keeps_its_kind_in_every_version() -> None:
    """Mutant seen red: the kind is asked of bare codes only."""
    assert may_be_cited("blurred@7", ReasonKind.ITEM)
    assert not may_be_cited("blurred@7", ReasonKind.REFUSAL)


def test_a_decision_keeps_the_versions_it_cites() -> None:
    case = make_case("in_review")
    asked = heard(case, ask_again(case, Slot.ID_BACK, reason="blurred@3"), T0 + HOUR)
    assert asked.decisions[-1].reasons == ("blurred@3",)
    assert asked.history[-1].reason == "blurred@3"
    refused = heard(case, refuse_it(case, "house_rule@2"), T0 + HOUR)
    assert (refused.status, refused.decisions[-1].reasons) == (CaseStatus.REJECTED, ("house_rule@2",))
