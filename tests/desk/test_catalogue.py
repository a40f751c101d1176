"""Reasons in the admin, and what becomes of decisions when their words change."""

from __future__ import annotations

import pytest
from django.urls import reverse

from onboarding.domain.messages import ItemReasons
from onboarding.domain.refusals import RefusalCode
from onboarding.domain.status import Outcome, Slot
from onboarding.mail import notices
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.models.reasons import Reason
from onboarding.records import queries, reasons
from onboarding.usecases import staff
from temporal_app import gateway
from tests.desk.cases import address, decision, make_row, recorded
from tests.desk.conftest import Desk
from tests.domain.builders import heard

pytestmark = pytest.mark.database

LIST = "/admin/onboarding/reason/"
PARTS = ("text", "cure")


@pytest.fixture
def blurred(db: None) -> Reason:
    return Reason.objects.get(code="blurred")


def page_of(reason: Reason) -> str:
    return f"{LIST}{reason.pk}/change/"


def typed(**changes: object) -> dict[str, object]:
    words = {"text_en": "the picture is out of focus", "cure_en": "Clean the lens."}
    words |= {"text_es": "la imagen está desenfocada", "cure_es": "Limpia la lente."}
    return {"position": 10, "active": "on", "seen": 1, **words, **changes}


def test_a_senior_who_edits_the_words_makes_a_new_version(sam: User, blurred: Reason, desk: Desk):
    """Mutant seen red: the row of the old version is written over."""
    assert desk(sam).post(page_of(blurred), typed()).status_code == 302
    blurred.refresh_from_db()
    versions = [(each.version, each.text, each.changed_by) for each in blurred.wordings.all()]
    assert blurred.version == 2
    assert versions == [
        (2, "the picture is out of focus", sam),
        (2, "la imagen está desenfocada", sam),
        (1, "the picture is blurred", None),
        (1, "la imagen está borrosa", None),
    ]
    page = desk(sam).get(page_of(blurred)).content.decode()
    assert "Version 1 (en)" in page
    assert "the picture is blurred" in page


def test_what_leaves_the_words_alone_makes_no_version(sam: User, blurred: Reason, desk: Desk):
    """Mutant seen red: every press of the button makes one."""
    words = reasons.words_in_force(blurred)
    same = typed(
        **{f"{part}_{tongue}": pair[at] for tongue, pair in words.items() for at, part in enumerate(PARTS)}
    )
    desk(sam).post(page_of(blurred), {**same, "active": "", "position": 3})
    blurred.refresh_from_db()
    assert (blurred.version, blurred.active, blurred.position) == (1, False, 3)


def test_words_that_a_colleague_changed_meanwhile_are_not_overwritten(sam: User, blurred: Reason, desk: Desk):
    """Mutant seen red: the version that was seen is not compared."""
    reasons.reword(blurred, {"en": ("other words", "")}, None)
    answer = desk(sam).post(page_of(blurred), typed())
    assert answer.status_code == 200
    assert "A colleague changed these words meanwhile." in answer.content.decode()
    blurred.refresh_from_db()
    assert blurred.version == 2


def test_a_senior_adds_a_reason_that_reviewers_are_offered(sam: User, rita: User, desk: Desk):
    new = typed(code="wrong_page", kind="item", text_en="it is another page")
    assert desk(sam).post(f"{LIST}add/", new).status_code == 302
    page = desk(rita).get(address(make_row())).content.decode()
    assert 'value="wrong_page@1"' in page
    assert "it is another page" in page


@pytest.mark.parametrize(
    "wrong", [{"code": "Wrong Page"}, {"code": "glare"}, {"code": "x@2"}, {"text_en": ""}, {"kind": "x"}]
)
def test_a_reason_that_could_not_be_cited_is_explained(wrong: dict, sam: User, desk: Desk):
    answer = desk(sam).post(f"{LIST}add/", {**typed(code="wrong_page", kind="item"), **wrong})
    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not Reason.objects.filter(code="wrong_page").exists()


def test_reviewers_look_and_do_not_edit(rita: User, blurred: Reason, desk: Desk):
    """Mutant seen red: who may look may change."""
    client = desk(rita)
    assert "the picture is blurred" in client.get(page_of(blurred)).content.decode()
    assert client.post(page_of(blurred), typed()).status_code == 403
    assert client.post(f"{LIST}{blurred.pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_old_decision_keeps_its_old_words_everywhere(rita: User, blurred: Reason, desk: Desk):
    """Status page, e-mail and desk. Mutant seen red: words are looked up by the code alone."""
    row = make_row()
    items = (ItemReasons(slot=Slot.PASSPORT, reasons=("blurred",)),)
    order = staff.decision(rita, row, submission=1, outcome=Outcome.ASK_AGAIN, items=items, key="one")
    state = queries.recorded_state(row)
    recorded(row, heard(state, order, state.changed_at))
    reasons.reword(blurred, {"en": ("the picture is out of focus", "")}, None)

    letter = notices.content(Email.objects.get(case=row, kind="resubmission_requested"))
    pages = {
        "mail": letter.text,
        "desk": desk(rita).get(address(row)).content.decode(),
        "applicant": desk(row.applicant).get(reverse("case_documents")).content.decode(),
    }
    assert {name: "the picture is blurred" in text for name, text in pages.items()} == dict.fromkeys(
        pages, True
    )
    assert not any("out of focus" in text for text in pages.values())
    newer = staff.decision(rita, row, submission=2, outcome=Outcome.ASK_AGAIN, items=items, key="two")
    assert newer.items[0].reasons == ("blurred@2",)


@pytest.mark.parametrize("given", ["glare", "glare@1", "nobody_knows", "data_mismatch"])
def test_a_reason_that_is_not_in_the_catalogue_is_refused_by_every_edge(given: str, rita: User):
    """Mutant seen red: the use case asks no catalogue."""
    Reason.objects.filter(code="glare").update(active=False)
    items = (ItemReasons(slot=Slot.PASSPORT, reasons=(given,)),)
    with pytest.raises(gateway.Refused) as refused:
        staff.decision(rita, make_row(), submission=1, outcome=Outcome.ASK_AGAIN, items=items, key="one")
    assert refused.value.refusal.code is RefusalCode.REASON_UNKNOWN


def test_a_reason_that_was_taken_away_is_said_and_the_rest_is_kept(rita: User, desk: Desk):
    Reason.objects.filter(code="glare").update(active=False)
    sent = decision("ask_again", item_passport=["glare@1", "cut_off@1"], note="second time")
    answer = desk(rita).post(address(make_row(), "decide"), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "A reason isn&#x27;t in the catalogue any more." in page
    assert 'value="glare@1"' not in page
    assert page.count(" checked") == 2
    assert "second time" in page


def test_words_that_changed_since_the_page_was_opened_are_shown_first(
    rita: User, blurred: Reason, desk: Desk
):
    """What the applicant reads is what was looked at. Mutant seen red: the new words are sent at once."""
    reasons.reword(blurred, {"en": ("the picture is out of focus", "")}, None)
    sent = decision("ask_again", item_passport=["blurred@1"])
    answer = desk(rita).post(address(make_row(), "decide"), sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "“the picture is out of focus”. Read them again." in page
    assert page.count('value="blurred@2" id="id_item_passport_0" checked') == 1
