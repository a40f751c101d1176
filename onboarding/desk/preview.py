"""What a decision would send, before it is made: the same rules and the same templates."""

from __future__ import annotations

from dataclasses import dataclass

from onboarding import clock
from onboarding.domain.case import Case as CaseState
from onboarding.domain.messages import Decide
from onboarding.domain.notices import NoticeKind
from onboarding.domain.transition import hear, refuse
from onboarding.mail import notices
from onboarding.models.cases import Case
from onboarding.models.emails import Email
from temporal_app import gateway


@dataclass(frozen=True, slots=True)
class Letter:
    to: str
    subject: str
    text: str


def preview(row: Case, state: CaseState, order: Decide) -> tuple[Letter, ...]:
    """The e-mails that the applicant would get from this decision. Nothing is sent or recorded.

    Raises:
        gateway.Refused: the rules would refuse the decision now.
    """
    now = clock.case_now(row)
    refusal = refuse(state, order, now)
    if refusal:
        raise gateway.Refused(refusal)
    decided = hear(state, order, now)
    owed = [notice for notice in decided.history[-1].notices if not notice.account]
    return tuple(_letter(row, decided, notice.kind) for notice in owed)


def _letter(row: Case, state: CaseState, kind: NoticeKind) -> Letter:
    content = notices.preview(kind, Email(case=row, recipient=row.applicant, kind=kind), state)
    return Letter(row.applicant.email, content.subject, content.text)
