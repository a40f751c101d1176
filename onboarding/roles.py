"""Who may do what: groups become roles, in one place."""

from __future__ import annotations

from onboarding.domain.messages import Actor
from onboarding.domain.status import Role
from onboarding.models.people import User

STAFF_ROLES = (Role.SENIOR, Role.REVIEWER, Role.SUPPORT, Role.OPERATOR)
"""The groups made by migration, most able first; who is in several acts in the first that may."""


def roles_of(user: User) -> tuple[Role, ...]:
    """The staff roles of an account, most able first; empty for applicants and for anybody inactive."""
    if not (user.is_active and user.is_staff):
        return ()
    if user.is_superuser:
        return STAFF_ROLES
    return tuple(role for role in STAFF_ROLES if role in user.group_names)


def actor_for(user: User, roles: frozenset[Role]) -> Actor | None:
    """This account acting in the first of its roles that is among `roles`; None when it has none."""
    role = next((role for role in roles_of(user) if role in roles), None)
    return Actor(role, str(user.pk)) if role else None


def may_see_documents(user: User) -> bool:
    """Reviewers look at pictures; support and operators work with facts about them."""
    return bool({Role.REVIEWER, Role.SENIOR} & set(roles_of(user)))
