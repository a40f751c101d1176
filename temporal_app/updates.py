"""What staff can ask of a running case: one update per command, each with its validator.

All of them do the same, so that each stands here with its name and type and nothing else.
"""

from abc import ABC, abstractmethod

from temporalio import workflow

from onboarding.domain.case import Receipt
from onboarding.domain.messages import (
    ApplyPolicy,
    Claim,
    Command,
    Decide,
    Extend,
    Pause,
    Release,
    Reopen,
    ResendNotice,
    Resume,
)


class StaffUpdates(ABC):
    """The updates of `OnboardingCase`."""

    @abstractmethod
    def _answer(self, command: Command) -> Receipt:
        """Carries the command out and answers with its receipt."""

    @abstractmethod
    def _validate(self, command: Command) -> None:
        """Raises `ApplicationError` for what the rules refuse, before anything is written."""

    @workflow.update
    def decide(self, command: Decide) -> Receipt:
        return self._answer(command)

    @decide.validator
    def _validate_decide(self, command: Decide) -> None:
        self._validate(command)

    @workflow.update
    def claim(self, command: Claim) -> Receipt:
        return self._answer(command)

    @claim.validator
    def _validate_claim(self, command: Claim) -> None:
        self._validate(command)

    @workflow.update
    def release(self, command: Release) -> Receipt:
        return self._answer(command)

    @release.validator
    def _validate_release(self, command: Release) -> None:
        self._validate(command)

    @workflow.update
    def extend(self, command: Extend) -> Receipt:
        return self._answer(command)

    @extend.validator
    def _validate_extend(self, command: Extend) -> None:
        self._validate(command)

    @workflow.update
    def pause(self, command: Pause) -> Receipt:
        return self._answer(command)

    @pause.validator
    def _validate_pause(self, command: Pause) -> None:
        self._validate(command)

    @workflow.update
    def resume(self, command: Resume) -> Receipt:
        return self._answer(command)

    @resume.validator
    def _validate_resume(self, command: Resume) -> None:
        self._validate(command)

    @workflow.update
    def reopen(self, command: Reopen) -> Receipt:
        return self._answer(command)

    @reopen.validator
    def _validate_reopen(self, command: Reopen) -> None:
        self._validate(command)

    @workflow.update
    def resend_notice(self, command: ResendNotice) -> Receipt:
        return self._answer(command)

    @resend_notice.validator
    def _validate_resend_notice(self, command: ResendNotice) -> None:
        self._validate(command)

    @workflow.update
    def apply_policy(self, command: ApplyPolicy) -> Receipt:
        return self._answer(command)

    @apply_policy.validator
    def _validate_apply_policy(self, command: ApplyPolicy) -> None:
        self._validate(command)
