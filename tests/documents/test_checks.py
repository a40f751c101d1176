"""The checks of one submission:

what goes back, what staff are told, what the workflow hears, what is kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from PIL import Image

from onboarding import clock
from onboarding.documents import lookalikes, prints, quality, vault, words
from onboarding.documents.checks import check_submission
from onboarding.documents.prints import Print
from onboarding.documents.quality import Page
from onboarding.domain.findings import MOST_RETAKES, Check, Finding, Light
from onboarding.domain.messages import ChecksFinished, Retake
from onboarding.domain.status import DocumentType, Slot
from onboarding.models.cases import Case, Profile
from onboarding.models.checks import CheckReport, PagePrint
from onboarding.models.documents import Document
from onboarding.records import findings, queries
from onboarding.records.findings import findings_of
from onboarding.serial import to_json
from tests import people, pictures
from tests.documents import drawings
from tests.documents.submissions import CARD, CARD_FILE, send, submitted
from tests.domain.test_mrz import TD3

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def _private_folder(settings: Any, tmp_path: Path) -> None:
    settings.DOCUMENT_DIR = tmp_path / "documents"


def told(case: Case, answer: ChecksFinished) -> None:
    """The case as its workflow would record it after these checks."""
    from onboarding.domain.transition import hear
    from onboarding.records import projections

    projections.record(hear(queries.current_state(case), answer, clock.now()))
    case.refresh_from_db()


def finding(case: Case, check: Check, submission: int = 1) -> Finding:
    (found,) = (each for each in findings_of(case.pk, submission) if each.check is check)
    return found


def test_a_good_submission_passes_and_says_what_was_looked_at() -> None:
    """Mutant: keep only what is wrong."""
    case = submitted(CARD_FILE, mrz=TD3, expiry_date=date(2012, 4, 15), document_number="L898902C3")
    answer = check_submission(str(case.pk), 1)
    assert answer.retakes == ()
    assert answer.flags == ("document_expired",)
    found = findings_of(case.pk, 1)
    assert {each.check for each in found if each.light is Light.GOOD} >= {
        Check.RESOLUTION,
        Check.SHARPNESS,
        Check.EXPOSURE,
        Check.GLARE,
        Check.ELSEWHERE,
        Check.MRZ_CHECK_DIGITS,
        Check.MRZ_NAME,
    }
    assert [each.check for each in found if each.slot] == [
        check for check in Check if check in {each.check for each in found if each.slot}
    ]


def test_findings_of_a_submission_that_was_not_checked_are_none() -> None:
    case = submitted(CARD_FILE)
    assert findings_of(case.pk, 1) == ()


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda card: Image.new("RGB", card.size, (90, 90, 90)), "blank"),
        (lambda card: drawings.blurred(card, 12), "blurred"),
        (lambda card: drawings.dark(card, 0.02), "too_dark"),
        (lambda card: drawings.shrunk(card, 250), "too_small"),
    ],
)
def test_an_unusable_picture_goes_straight_back_with_one_reason(spoil: Any, reason: str) -> None:
    """Mutant for each: a hint instead."""
    case = submitted(pictures.encoded(spoil(CARD)))
    answer = check_submission(str(case.pk), 1)
    assert answer.retakes == (Retake(slot=Slot.PASSPORT, reason=reason),)
    assert not any(flag.startswith("passport") for flag in answer.flags)
    told(case, answer)
    assert (case.status, case.resubmissions) == ("collecting", 0)


def test_a_doubtful_picture_is_a_hint_and_goes_to_a_person() -> None:
    """Mutant: send it back."""
    case = submitted(pictures.encoded(drawings.dark(CARD, 0.2)))
    answer = check_submission(str(case.pk), 1)
    assert (answer.retakes, answer.flags[0]) == ((), "passport:too_dark")
    assert "dark" in words.why(finding(case, Check.EXPOSURE))


def test_front_and_back_that_are_one_picture_go_back_although_their_bytes_differ() -> None:
    """Mutant: compare bytes."""
    back = pictures.encoded(drawings.shrunk(CARD, 500), quality=60)
    case = submitted(CARD_FILE, back, kind=DocumentType.ID_CARD)
    assert check_submission(str(case.pk), 1).retakes == (Retake(slot=Slot.ID_BACK, reason="same_picture"),)


def test_two_sides_of_a_card_are_two_pictures() -> None:
    """Mutant: whatever cannot be compared is the same."""
    case = submitted(CARD_FILE, pictures.jpeg(number=2), kind=DocumentType.ID_CARD)
    assert check_submission(str(case.pk), 1).retakes == ()
    assert finding(case, Check.TWO_SIDES).light is Light.GOOD


def test_the_same_file_in_another_case_is_told_to_staff_and_to_nobody_else() -> None:
    """Mutants:

    no exact hash; the first one is blamed as well; a word of it in the answer's retakes.
    """
    first = submitted(CARD_FILE)
    check_submission(str(first.pk), 1)
    second = submitted(CARD_FILE)
    answer = check_submission(str(second.pk), 1)
    assert (answer.retakes, answer.flags) == ((), ("passport:same_picture_elsewhere",))
    found = finding(second, Check.ELSEWHERE)
    assert (found.light, found.params["case"]) == (Light.BAD, first.reference)
    assert first.reference in words.why(found)
    assert finding(first, Check.ELSEWHERE).light is Light.GOOD


def test_a_reworked_copy_in_another_case_is_found_by_its_looks() -> None:
    """Mutant: exact hashes alone."""
    first = submitted(CARD_FILE)
    check_submission(str(first.pk), 1)
    copy = drawings.resaved(drawings.shrunk(CARD, 610).transpose(Image.Transpose.ROTATE_90), 70)
    second = submitted(pictures.encoded(copy))
    assert check_submission(str(second.pk), 1).flags == ("passport:same_picture_elsewhere",)


def test_a_refused_picture_that_comes_back_unchanged_is_a_note_and_no_alarm() -> None:
    """Mutants: look at other cases only; call it another case's."""
    case = submitted(pictures.encoded(drawings.blurred(CARD, 12)))
    told(case, check_submission(str(case.pk), 1))
    send(case, (Slot.PASSPORT, pictures.encoded(drawings.blurred(CARD, 12))))
    check_submission(str(case.pk), 2)
    assert finding(case, Check.SENT_AGAIN, 2).light is Light.WARN
    assert finding(case, Check.ELSEWHERE, 2).light is Light.GOOD


def test_checks_that_run_again_find_the_same_and_keep_it_once() -> None:
    """An activity is tried again. Mutants: a print each time; a picture that is its own twin."""
    case = submitted(CARD_FILE)
    answers = [check_submission(str(case.pk), 1) for _ in range(2)]
    assert answers[0].flags == answers[1].flags == ()
    assert (CheckReport.objects.count(), PagePrint.objects.count()) == (1, 1)


def test_after_two_retakes_a_person_looks_at_it() -> None:
    """A machine that is wrong must not be a dead end. Mutant: send it back for ever."""
    case = submitted(pictures.encoded(drawings.blurred(CARD, 12)))
    for attempt in range(1, MOST_RETAKES + 1):
        answer = check_submission(str(case.pk), attempt)
        assert answer.retakes
        told(case, answer)
        send(
            case,
            (Slot.PASSPORT, pictures.encoded(drawings.blurred(pictures.id_card(number=9), 12 + attempt))),
        )
    answer = check_submission(str(case.pk), MOST_RETAKES + 1)
    assert (answer.retakes, answer.flags[0]) == ((), "passport:blurred")


def test_a_document_of_two_pages_goes_back_only_when_both_are_unusable() -> None:
    """Mutant: any page is enough."""

    def both(*pages: Image.Image) -> bytes:
        return pictures.encoded(pages[0], "PDF", save_all=True, append_images=pages[1:], resolution=100)

    empty = Image.new("RGB", (1000, 640), "white")
    case = submitted(both(CARD, empty))
    assert check_submission(str(case.pk), 1).retakes == ()
    found = finding(case, Check.CONTENT)
    assert (found.light, found.params["page"]) == (Light.WARN, "2")
    assert words.why(found).startswith("Page 2")
    other = submitted(both(empty, Image.new("RGB", (1000, 640), "grey")))
    assert check_submission(str(other.pk), 1).retakes == (Retake(slot=Slot.PASSPORT, reason="blank"),)


def test_the_details_are_those_at_the_time_of_the_check() -> None:
    """Mutant: those of the first check."""
    case = submitted(CARD_FILE, expiry_date=clock.now().date() + timedelta(days=400))
    assert check_submission(str(case.pk), 1).flags == ()
    Profile.objects.filter(case=case).update(expiry_date=date(2020, 1, 1))
    assert check_submission(str(case.pk), 1).flags == ("document_expired",)


def test_nothing_that_was_declared_leaves_the_profile() -> None:
    """Mutant: the zone's number as a parameter of its finding."""
    secrets = {"document_number": "X99CANARY1", "mrz": TD3.replace("L898902C3", "L898902C4")}
    case = submitted(CARD_FILE, **secrets)
    answer = check_submission(str(case.pk), 1)
    kept = json.dumps([to_json(answer), CheckReport.objects.get().findings]).upper()
    kept += json.dumps(list(case.outbox.values_list("payload", flat=True))).upper()
    for secret in ("CANARY", "L898902", "ERIKSSON", "ANNA", "740812", "1974"):
        assert secret not in kept


def test_a_missing_picture_is_not_the_applicants_fault() -> None:
    """Mutant: call it unreadable."""
    case = submitted(CARD_FILE)
    vault.delete(Document.objects.get().pages[0]["name"])
    with pytest.raises(vault.DocumentMissing):
        check_submission(str(case.pk), 1)


def test_every_finding_has_words() -> None:
    """Mutant: a code without a sentence."""
    from onboarding.domain import declared

    sources = "".join(Path(module.__file__ or "").read_text("utf-8") for module in (quality, declared))
    for code in words.WHY:
        sentence = words.why(Finding(Check.RESOLUTION, Light.WARN, code=code))
        assert sentence.endswith(".")
        assert "{" not in sentence
    for check in Check:
        assert words.title(Finding(check, Light.GOOD))
        assert f'"{check}"' in sources or check in words.FINE or check in {Check.READABLE, Check.SENT_AGAIN}


@pytest.fixture
def only_by_index() -> Iterator[None]:
    """Postgres reads a small table whole; told not to, it shows whether it could do otherwise."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = off")
    yield
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET enable_seqscan = on")


@pytest.mark.usefixtures("only_by_index")
def test_a_picture_is_looked_for_by_indexes_alone() -> None:
    """A million pages stay fast. Mutants: no index for one of the bands, or for the bytes."""
    turns = tuple(Print(f"{number:016x}", "f" * 256) for number in (1 << 50, 1 << 40, 1 << 20, 77))
    plan = lookalikes.candidates(Page("0" * 64, (), turns))[: lookalikes.MOST_CANDIDATES].explain()
    used = {"print_exact", *(f"print_band_{place}" for place in range(prints.BANDS))}
    assert {name for name in used if name in plan} == used, plan
    assert "SCAN" not in plan
    assert "Seq Scan" not in plan


def test_reports_are_read_in_one_query(django_assert_num_queries: Any) -> None:
    case = people.make_applicant()
    findings.save(
        case, 3, [Finding(Check.GLARE, Light.WARN, Slot.SELFIE, "glare", {"page": "2"})], ["selfie"]
    )
    with django_assert_num_queries(1):
        found = findings_of(str(case.pk), 3)
    assert found == (Finding(Check.GLARE, Light.WARN, Slot.SELFIE, "glare", {"page": "2"}),)
    assert findings.retakes_before(case, 4) == ["selfie"]
    assert findings.retakes_before(case, 3) == []
