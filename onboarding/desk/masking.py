"""Personal data for people who need to recognise somebody, not to know everything."""

from __future__ import annotations

from onboarding.models.cases import Case, Profile

DOTS = "···"


def masked(word: str) -> str:
    """The first letter of each part: "Ana García" becomes "A··· G···"."""
    return " ".join(f"{part[0]}{DOTS}" for part in word.split())


def masked_email(address: str) -> str:
    """The first letter and the domain: "a···@example.org"."""
    name, _, domain = address.rpartition("@")
    return f"{name[:1]}{DOTS}@{domain}"


def profile_of(case: Case) -> Profile | None:
    """The declared details, where there are any yet. Costs no query where the row was selected with them."""
    return getattr(case, "profile", None)


def masked_applicant(case: Case) -> str:
    """How lists call the applicant: by masked name, else by masked address."""
    profile = profile_of(case)
    name = f"{profile.given_name} {profile.family_name}".strip() if profile else ""
    return masked(name) or masked_email(case.applicant.email)
