"""Who may come to an address, and whose cases they see there. The use cases decide what may be done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, cast

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from onboarding import roles
from onboarding.api.problems import Code, Problem
from onboarding.domain.refusals import SENTENCES, RefusalCode
from onboarding.domain.status import Role
from onboarding.models.api import ApiToken, Integration
from onboarding.models.cases import Case
from onboarding.models.people import User


class Scope(StrEnum):
    """What the token of an integration can be allowed. People's tokens carry none."""

    SIGN_UP = "sign-ups:create"
    READ = "cases:read"
    WRITE = "cases:write"


@dataclass(frozen=True, slots=True)
class Caller:
    """One account on the other end. `integration` is None for people."""

    user: User
    roles: tuple[Role, ...]
    integration: Integration | None
    scopes: frozenset[str]
    by_session: bool

    @classmethod
    def of(cls, request: Request) -> Caller:
        """The caller of a request that was let in; looked up once."""
        known = getattr(request, "_caller", None)
        if known is None:
            user, token = cast(User, request.user), request.auth
            known = cls(
                user=user,
                roles=roles.roles_of(user),
                integration=Integration.objects.filter(pk=user.pk).first(),
                scopes=frozenset(token.scopes if isinstance(token, ApiToken) else ()),
                by_session=token is None,
            )
            request._caller = known  # type: ignore[attr-defined]  # ours
        return cast(Caller, known)

    def owns(self, case: Case) -> bool:
        """True where the caller acts for the applicant: it is their own case, or one they signed up."""
        return self.integration is not None or case.applicant_id == self.user.pk

    @property
    def cases(self) -> QuerySet[Case]:
        """The cases that exist for this caller."""
        rows = Case.objects.all()
        if self.integration:
            # Before the applicant has confirmed, a case must not be told from an address known already.
            confirmed = EmailAddress.objects.filter(user=OuterRef("applicant"), verified=True)
            return rows.filter(Exists(confirmed), api_sign_up__integration=self.integration)
        return rows if self.roles else rows.filter(applicant=self.user)


class MayCome(BasePermission):
    """Reads what a view says of itself: `scopes` by method, `staff_only`, `people_only`, `session_only`."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        if request.method not in view.allowed_methods:
            return True  # which answers 405
        caller = Caller.of(request)
        if caller.integration:
            _ask_for_scope(caller, view.scopes.get("GET" if request.method == "HEAD" else request.method))
        elif view.integrations_only or (view.staff_only and not caller.roles):
            raise not_allowed()
        if view.session_only and not caller.by_session:
            raise not_allowed()
        return True


def _ask_for_scope(caller: Caller, scope: Scope | None) -> None:
    if scope is None:
        raise not_allowed()
    if scope not in caller.scopes:
        detail = gettext("This token lacks the scope {scope}.").format(scope=scope)
        raise Problem(403, Code.SCOPE_MISSING, detail, more={"scope": scope.value})


def not_allowed() -> Problem:
    return Problem(403, RefusalCode.NOT_ALLOWED, gettext(SENTENCES[RefusalCode.NOT_ALLOWED]))


class MayReadTheDocs(BasePermission):
    """Staff; everybody where the setting says so."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if settings.API_DOCS_PUBLIC:
            return True
        return isinstance(request.user, User) and bool(roles.roles_of(request.user))


NO_SCOPES: Mapping[str, Scope] = {}
