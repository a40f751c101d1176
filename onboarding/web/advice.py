"""Advice at the fields of the details: what was noticed, and what to do about it."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.domain.declared import Advice
from onboarding.domain.mrz import Part, Problem, ProblemKind

DIFFERS = {
    "birth_date": _("The machine-readable lines say another date of birth. Compare both with your document."),
    "expiry_date": _("The machine-readable lines say another date. Compare both with your document."),
    "document_number": _("The machine-readable lines say another number. Compare both with your document."),
}
PARTS = {
    Part.NUMBER: _("the document number"),
    Part.BIRTH: _("the date of birth"),
    Part.EXPIRY: _("the expiry date"),
    Part.OPTIONAL: _("the personal number"),
}
PROBLEMS = {
    ProblemKind.LINES: _(
        "We could not recognise the lines. A passport has two of 44 characters, a card three of 30 or two "
        "of 36: type each on a line of its own, with all letters, digits and “<”."
    ),
    ProblemKind.LENGTH: _(
        "Line {line} has {found} characters and should have {expected}. Compare it with your document."
    ),
    ProblemKind.CHARACTER: _(
        "Line {line} has “{found}” at place {position}. Only letters from A to Z, digits and “<” stand there."
    ),
    ProblemKind.LETTER: _(
        "Line {line}, place {position}: “{found}” is a letter, and a digit belongs there. "
        "Type the digit {expected} if your document shows it."
    ),
    ProblemKind.DIGIT: _(
        "Line {line}, place {position}: “{found}” is a digit, and only letters belong into the name. "
        "Type the letter that your document shows."
    ),
}
LETTER_UNLIKE_ANY = _(
    "Line {line}, place {position}: “{found}” is a letter, and a digit belongs there. "
    "Compare it with your document."
)
CHECK = _(
    "Line {line}: the check digit behind {part} does not fit, so a character is wrong. "
    "Compare the line with your document, character by character."
)
CHECK_WHOLE = _(
    "The last check digit does not fit, so a character is wrong or missing. "
    "Compare all lines with your document, character by character."
)


def sentence(said: Advice) -> str:
    """One or two plain sentences for the applicant: the cause, then the cure."""
    if said.problem:
        return _about_lines(said.problem)
    on = date_format(said.on, "DATE_FORMAT") if said.on else ""
    if said.code == "expired":
        return gettext("This document expired on {on}: please use another one.").format(on=on)
    if said.code == "expires_today":
        return gettext("This document expires today, {on}: please use another one.").format(on=on)
    return str(DIFFERS[said.field])


def _about_lines(problem: Problem) -> str:
    words = PROBLEMS.get(problem.kind, CHECK)
    if problem.kind is ProblemKind.LETTER and not problem.expected:
        words = LETTER_UNLIKE_ANY
    if problem.part is Part.WHOLE:
        words = CHECK_WHOLE
    part = str(PARTS.get(problem.part, "")) if problem.part else ""
    return str(words).format(
        line=problem.line,
        position=problem.position,
        found=problem.found,
        expected=problem.expected,
        part=part,
    )
