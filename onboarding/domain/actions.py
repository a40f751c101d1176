"""Who may do what to a case, now. Pages draw their buttons from here; the rules ask the same functions."""

from onboarding.domain.case import Case
from onboarding.domain.deadlines import reopenable_until
from onboarding.domain.documents import owed
from onboarding.domain.status import OWED, Action, CaseStatus, DocumentState, Role, Slot

BY_ROLE: dict[Role, frozenset[Action]] = {
    Role.APPLICANT: frozenset(
        {
            Action.CONFIRM_EMAIL,
            Action.COMPLETE_PROFILE,
            Action.UPLOAD,
            Action.SUBMIT,
            Action.WITHDRAW,
            Action.REOPEN,
        }
    ),
    Role.REVIEWER: frozenset({Action.CLAIM, Action.RELEASE, Action.DECIDE}),
    Role.SUPPORT: frozenset(
        {Action.EXTEND, Action.PAUSE, Action.RESUME, Action.REOPEN, Action.RESEND_NOTICE}
    ),
    Role.OPERATOR: frozenset(
        {Action.EXTEND, Action.PAUSE, Action.RESUME, Action.WITHDRAW, Action.APPLY_POLICY}
    ),
    Role.SYSTEM: frozenset(),
    Role.TIMER: frozenset(),
}
BY_ROLE[Role.SENIOR] = BY_ROLE[Role.REVIEWER] | BY_ROLE[Role.SUPPORT]

COLLECTS = frozenset({CaseStatus.COLLECTING, CaseStatus.RESUBMISSION_REQUESTED})
REPLACEABLE = OWED | {DocumentState.UPLOADED}
"""A picture may be replaced until it is submitted; afterwards only where it was asked for again."""


def allowed_actions(case: Case, role: Role) -> tuple[Action, ...]:
    """What somebody in this role can do now, in the order of the enumeration."""
    allowed = possible(case) & BY_ROLE[role]
    return tuple(action for action in Action if action in allowed)


def roles_for(action: Action) -> frozenset[Role]:
    """Who may ever do this, whatever the case is like."""
    return frozenset(role for role, actions in BY_ROLE.items() if action in actions)


def possible(case: Case) -> frozenset[Action]:
    """What the state of the case allows, whoever asks."""
    return frozenset(_possible(case))


def open_slots(case: Case) -> tuple[Slot, ...]:
    """The slots that accept a picture now."""
    if case.status not in COLLECTS:
        return ()
    return tuple(document.slot for document in case.documents if document.state in REPLACEABLE)


def attempts_left(case: Case) -> int:
    """How often a reviewer can still ask again without granting an extra attempt."""
    return max(0, case.policy.resubmission_limit - case.resubmissions)


def _possible(case: Case) -> set[Action]:
    actions: set[Action] = set()
    if case.is_open:
        actions |= {Action.WITHDRAW, Action.RESEND_NOTICE, Action.APPLY_POLICY}
        actions.add(Action.RESUME if case.paused else Action.PAUSE)
    if case.status is CaseStatus.EMAIL_PENDING:
        actions.add(Action.CONFIRM_EMAIL)
    if case.status is CaseStatus.COLLECTING:
        actions.add(Action.COMPLETE_PROFILE)
    if open_slots(case):
        actions.add(Action.UPLOAD)
    if case.status in COLLECTS and case.documents and not owed(case.documents):
        actions.add(Action.SUBMIT)
    if case.applicant_owes and not case.paused:
        actions.add(Action.EXTEND)
    if case.status is CaseStatus.IN_REVIEW and not case.paused:
        actions |= {Action.CLAIM, Action.DECIDE}
        if case.lease:
            actions.add(Action.RELEASE)
    if reopenable_until(case):
        actions.add(Action.REOPEN)
    return actions
