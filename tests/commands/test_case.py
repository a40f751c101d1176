"""`manage.py case`: one case, in the name of a colleague, with the rules of the desk."""

from __future__ import annotations

import pytest
from django.core.management import CommandError

from onboarding.domain.status import CaseStatus, Slot
from onboarding.management import casework
from onboarding.management.casework import Complaint
from onboarding.models.audit import AuditEvent
from onboarding.models.people import User
from temporal_app import gateway
from tests.commands.conftest import Run
from tests.desk.cases import make_row
from tests.desk.live import in_review, make_walk

pytestmark = pytest.mark.database


def test_an_unknown_reference_is_said(run: Run, db: None):
    for typed in ("7KQ4-M2XD", "nonsense", "11111111-1111-4111-8111-111111111111"):
        with pytest.raises(CommandError, match="There is no case"):
            run("case", "show", typed)


@pytest.mark.parametrize("typed", [str.lower, lambda each: each.replace("-", ""), lambda each: each])
def test_a_reference_is_found_however_it_is_typed(typed, db: None):
    row = make_row()
    assert casework.case_called(typed(row.reference)) == row


def test_show_without_temporal_tells_what_rows_know(run: Run, db: None):
    row = make_row("Ana Quiroga")
    shown = run("case", "show", row.reference)
    assert "We are looking at it." in shown
    assert "Temporal or its worker is away" in shown
    assert "Submitted everything, by the applicant" in shown
    assert "Review due soon" in shown
    assert "Quiroga" not in shown


def test_an_unanswered_command_names_the_key_that_repeats_it(sue: User, run: Run):
    """Mutant: a fresh key in the sentence."""
    row = make_row(place="collecting")
    with pytest.raises(CommandError, match="--key seven"):
        run("case", "pause", row.reference, "--by", sue.email, "--reason", "ill", "--key", "seven")


def test_nobody_acts_without_a_staff_account(run: Run, rita: User):
    row = make_row()
    User.objects.filter(pk=rita.pk).update(is_active=False)
    for email in (rita.email, row.applicant.email, "nobody@staff.example"):
        with pytest.raises(CommandError, match="no active staff account"):
            run("case", "decide", row.reference, "approve", "--by", email)


@pytest.mark.parametrize("typed", ["id_back", "elbow=glare", "=glare"])
def test_bad_items_are_explained(typed: str):
    with pytest.raises(Complaint, match="write SLOT=REASON,REASON"):
        casework.asked_items([typed])


def test_items_are_read():
    (item,) = casework.asked_items(["id_back=glare,blurred"])
    assert (item.slot, item.reasons) == (Slot.ID_BACK, ("glare", "blurred"))


def test_withdrawing_is_committed_without_temporal(otto: User, run: Run):
    row = make_row(place="collecting")
    run("case", "withdraw", row.reference, "--by", otto.email, "--reason", "asked by letter")
    message = row.outbox.get(name="withdrawn")
    assert message.payload["reason"] == "asked by letter"
    assert message.payload["by"] == {"role": "operator", "account": str(otto.pk)}


def test_withdrawing_wants_a_reason_and_an_operator(otto: User, sue: User, run: Run):
    row = make_row(place="collecting")
    for who, reason, said in ((otto, "  ", "Give a reason"), (sue, "asked", "Your role may not")):
        with pytest.raises(CommandError, match=said):
            run("case", "withdraw", row.reference, "--by", who.email, "--reason", reason)
    assert not row.outbox.filter(name="withdrawn").exists()


@pytest.mark.temporal
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("worker")
class TestLive:
    def test_a_decision_by_signal_is_answered_by_its_receipt(self, rita: User, ruben: User, run: Run):
        """The loser is told by whom and when. Mutant: not waiting for the receipt."""
        walk = in_review()
        decide = ("case", "decide", walk.case.reference)
        assert "Would decide: approve submission 1" in run(
            *decide, "approve", "--by", rita.email, "--dry-run"
        )
        assert gateway.snapshot(str(walk.case.pk)).case.decisions == ()
        walk.case.refresh_from_db()
        assert "Decided: ask again submission 1" in run(
            *decide, "ask_again", "--item", "passport=glare", "--by", rita.email
        )
        with pytest.raises(CommandError, match="already sent back by Rita Romero at"):
            run(*decide, "refuse", "--reason", "data_mismatch", "--by", ruben.email, "--submission", "1")
        walk.settle()
        assert walk.case.status == CaseStatus.RESUBMISSION_REQUESTED

    @pytest.mark.parametrize("dry", [(), ("--dry-run",)])
    def test_roles_are_checked(self, dry: tuple[str, ...], sue: User, run: Run):
        walk = in_review()
        with pytest.raises(CommandError, match="Your role may not do this"):
            run("case", "decide", walk.case.reference, "approve", "--by", sue.email, *dry)

    def test_extend_pause_resume(self, sue: User, run: Run):
        walk = make_walk()
        walk.confirm()
        by = ("--by", sue.email, "--reason", "is ill")
        assert "Would extend" in run("case", "extend", walk.case.reference, "--days", 3, *by, "--dry-run")
        assert "Done: extend" in run("case", "extend", walk.case.reference, "--days", 3, *by)
        assert "Done: pause" in run("case", "pause", walk.case.reference, *by)
        with pytest.raises(CommandError, match="paused"):
            run("case", "extend", walk.case.reference, "--days", 3, *by)
        assert "Done: resume" in run("case", "resume", walk.case.reference, *by)
        walk.settle()
        kinds = AuditEvent.objects.filter(case=walk.case, actor_account=str(sue.pk)).values_list(
            "kind", flat=True
        )
        assert list(kinds) == ["extended", "paused", "resumed"]

    def test_show_is_live(self, run: Run):
        walk = make_walk()
        walk.confirm()
        assert "Live answer of the workflow" in run("case", "show", walk.case.reference)
