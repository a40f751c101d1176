"""The catalogue: planted, offered, reworded, and cited by version."""

from __future__ import annotations

import pytest
from django.utils import translation

from onboarding import clock
from onboarding.domain.reasons import ITEM_REASONS, REFUSE_REASONS, ReasonKind
from onboarding.models.reasons import Reason, ReasonWording
from onboarding.records import reasons
from onboarding.sentences import reason_texts, reason_words
from tests.live import in_threads

pytestmark = pytest.mark.database

ENGLISH = {"en": ("the picture is out of focus", "Clean the lens.")}


@pytest.fixture
def blurred(db: None) -> Reason:
    return Reason.objects.get(code="blurred")


def test_every_built_in_reason_is_planted_with_its_words(db: None) -> None:
    """Mutant seen red: the reasons to refuse are left out."""
    offered = {each.code: each for kind in ReasonKind for each in reasons.catalogue(kind)}
    assert {code: (each.text, each.cure, each.version) for code, each in offered.items()} == {
        each.code: (each.text, each.cure, 1) for each in (*ITEM_REASONS, *REFUSE_REASONS)
    }


def test_every_built_in_reason_is_planted_in_every_language(db: None) -> None:
    """Mutants: only the default language is planted; the Spanish row holds the English words."""
    rows = ReasonWording.objects.filter(version=1)
    spanish = {row.reason.code: (row.text, row.cure) for row in rows.filter(language="es")}
    assert spanish.keys() == {each.code for each in (*ITEM_REASONS, *REFUSE_REASONS)}
    assert spanish["blurred"] == (
        "la imagen está borrosa",
        "Sujeta la cámara con firmeza y deja que enfoque.",
    )


def test_words_of_somebody_else_get_no_translation_of_ours(blurred: Reason) -> None:
    """Their reason had our code before we did. Mutant: Spanish words that say something else."""
    blurred.wordings.all().delete()
    reasons.write(blurred, 1, ENGLISH, None)
    reasons.plant()
    assert list(blurred.wordings.values_list("language", flat=True)) == ["en"]


def test_planting_again_leaves_what_people_made_of_it(blurred: Reason) -> None:
    """Every `migrate` plants. Mutant seen red: planting overwrites `active`."""
    reasons.reword(blurred, ENGLISH, None)
    Reason.objects.filter(pk=blurred.pk).update(active=False)
    reasons.plant()
    blurred.refresh_from_db()
    mine = blurred.wordings.filter(version=2).values_list("language", "text", "cure")
    assert (blurred.active, blurred.version) == (False, 2)
    assert list(mine) == [("en", *ENGLISH["en"])]


def test_new_words_are_a_new_version_and_old_citations_keep_theirs(blurred: Reason) -> None:
    """Mutants seen red: the cited version is not looked at; rewording changes the row of version 1."""
    reasons.reword(blurred, ENGLISH, None)
    found = reason_texts(["blurred", "blurred@1", "blurred@2"])
    assert [each.text for each in found.values()] == [
        "the picture is blurred",
        "the picture is blurred",
        "the picture is out of focus",
    ]
    (said,) = reason_words(("blurred@2",))
    assert said == {
        "text": "We could not accept this because the picture is out of focus.",
        "cure": "Clean the lens.",
    }


def test_words_fall_back_to_the_default_language_and_to_the_first_version(blurred: Reason) -> None:
    """Mutants seen red: without either fall-back."""
    spanish = {**ENGLISH, "es": ("la foto está desenfocada", "Limpie el objetivo.")}
    reasons.reword(blurred, spanish, None)
    with translation.override("es"):
        assert reason_texts(["blurred@2"])["blurred@2"].text == "la foto está desenfocada"
    with translation.override("es-mx"):
        assert reason_texts(["blurred@2"])["blurred@2"].text == "la foto está desenfocada"
    with translation.override("de"):
        assert reason_texts(["blurred@2"])["blurred@2"].text == "the picture is out of focus"
    ours = Reason.objects.create(code="wrong_page", kind=ReasonKind.ITEM)
    reasons.write(ours, 1, {"en": ("it is another page", "")}, None)
    assert reason_texts(["wrong_page@9"])["wrong_page@9"].text == "it is another page"


def test_without_rows_built_in_reasons_still_have_words(db: None) -> None:
    ReasonWording.objects.all().delete()
    assert reason_texts(["glare", "nobody_knows@1"]).keys() == {"glare"}


def test_what_may_be_cited_now(blurred: Reason) -> None:
    """Mutants seen red: inactive ones and those of the other kind are taken; an old version is taken."""
    assert reasons.current(["blurred", "glare@1", "blurred@1"], ReasonKind.ITEM) == ("blurred", "glare")
    reasons.reword(blurred, ENGLISH, None)
    assert reasons.current(["blurred"], ReasonKind.ITEM) == ("blurred@2",)
    with pytest.raises(reasons.WordsChanged):
        reasons.current(["blurred@1"], ReasonKind.ITEM)
    Reason.objects.filter(code="glare").update(active=False)
    for unknown in ("glare", "nobody_knows@1", "data_mismatch", "", "blurred@2@3"):
        with pytest.raises(reasons.NotInCatalogue):
            reasons.current([unknown], ReasonKind.ITEM)


def test_a_reason_of_our_own_is_offered_and_cited_with_its_version(db: None) -> None:
    row = Reason.objects.create(code="wrong_page", kind=ReasonKind.ITEM, position=1)
    reasons.write(row, 1, {"en": ("it is another page", "")}, None)
    first = reasons.catalogue(ReasonKind.ITEM)[0]
    assert (first.citation, first.text) == ("wrong_page@1", "it is another page")
    assert reasons.current(["wrong_page"], ReasonKind.ITEM) == ("wrong_page@1",)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reword_at_once_one_is_told(transactional_db: None) -> None:
    """Mutant seen red: the version is written without comparing it."""
    reasons.plant()
    mine, theirs = (Reason.objects.get(code="blurred") for _ in range(2))
    done = in_threads(
        lambda: reasons.reword(mine, ENGLISH, None),
        lambda: reasons.reword(theirs, {"en": ("other words", "")}, None),
    )
    assert sorted(done) == [False, True]
    assert Reason.objects.get(code="blurred").version == 2
    assert ReasonWording.objects.filter(reason=mine, version=2, changed_at__lte=clock.now()).count() == 1
