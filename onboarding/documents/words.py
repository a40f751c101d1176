"""Findings in words, for staff. Applicants read the catalogue of `domain.reasons`, never these."""

from __future__ import annotations

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.domain.findings import Check, Finding, Light

TITLES = {
    Check.READABLE: _("File"),
    Check.RESOLUTION: _("Resolution"),
    Check.CONTENT: _("Something in the picture"),
    Check.SHARPNESS: _("Sharpness"),
    Check.EXPOSURE: _("Exposure"),
    Check.GLARE: _("Glare"),
    Check.TWO_SIDES: _("Two different sides"),
    Check.SENT_AGAIN: _("A new picture"),
    Check.ELSEWHERE: _("Not used by another case"),
    Check.EXPIRY: _("Document valid"),
    Check.MRZ_CHECK_DIGITS: _("Check digits of the machine-readable lines"),
    Check.MRZ_NAME: _("Name in the lines"),
    Check.MRZ_BIRTH_DATE: _("Date of birth in the lines"),
    Check.MRZ_NUMBER: _("Document number in the lines"),
    Check.MRZ_EXPIRY: _("Expiry date in the lines"),
    Check.MRZ_COUNTRY: _("Country in the lines"),
    Check.MRZ_DOCUMENT: _("Kind of document in the lines"),
}
"""What was looked at, as a label beside the light."""

LIGHTS = {
    Light.GOOD: _("good"),
    Light.WARN: _("look closely"),
    Light.BAD: _("not good"),
    Light.UNKNOWN: _("not known"),
}
"""The word beside the colour and the shape."""

WHY = {
    "unreadable": _("The stored file cannot be opened any more."),
    "too_small": _("The shorter side has {pixels} pixels: nobody can read it."),
    "low_resolution": _("The shorter side has {pixels} pixels: small print may be hard to read."),
    "blank": _("There is nothing in the picture that looks like print or a face."),
    "blurred": _("The finest edges are soft: the picture may be out of focus or shaken."),
    "too_dark": _("Even the brightest parts of the picture are dark."),
    "too_bright": _("Most of the picture is white and little print is left."),
    "glare": _("A white spot fades into the picture: light may hide a part of it."),
    "same_picture": _("It is the same picture as another item of this submission."),
    "looks_alike": _("It looks nearly like another item of this submission."),
    "sent_again": _("It is the picture that was handed in before, unchanged."),
    "same_picture_elsewhere": _("Case {case} handed in the same picture ({cases} in all)."),
    "similar_picture_elsewhere": _(
        "Case {case} handed in a picture that looks nearly the same ({cases} in all)."
    ),
    "document_expired": _("The document has expired."),
    "expires_soon": _("The document expires in {days} days."),
    "expiry_missing": _("Nobody gave the expiry date: read it from the picture."),
    "mrz_missing": _("The applicant did not type the machine-readable lines."),
    "mrz_not_readable": _("What was typed as machine-readable lines does not have their form."),
    "mrz_check_digits": _("Check digits are wrong, for {parts}: a slip in typing, or not a genuine line."),
    "mrz_name": _("The name in the lines is another one."),
    "mrz_name_partly": _("The name in the lines is the same only in part, or the other way round."),
    "mrz_name_script": _("The name is written in a script that cannot be compared by machine."),
    "mrz_birth_date": _("The date of birth in the lines is another one."),
    "mrz_number": _("The document number in the lines is another one."),
    "mrz_expiry": _("The expiry date in the lines is another one."),
    "mrz_country": _("The lines name another country than the applicant."),
    "mrz_country_unknown": _("The lines name an issuer that is not a country of our list."),
    "mrz_document": _("The lines are of another kind of document than the applicant chose."),
}

FINE = {
    Check.RESOLUTION: _("The shorter side has {pixels} pixels."),
    Check.CONTENT: _("There is print or a face."),
    Check.SHARPNESS: _("Edges are as sharp as print in focus."),
    Check.EXPOSURE: _("Neither too dark nor washed out."),
    Check.GLARE: _("No large reflection."),
    Check.TWO_SIDES: _("No other item of this submission looks the same."),
    Check.ELSEWHERE: _("No other case has handed in this picture."),
    Check.EXPIRY: _("The document is valid for more than a month."),
    Check.MRZ_CHECK_DIGITS: _("All check digits fit."),
    Check.MRZ_NAME: _("The name in the lines is the declared one."),
    Check.MRZ_BIRTH_DATE: _("As declared."),
    Check.MRZ_NUMBER: _("As declared."),
    Check.MRZ_EXPIRY: _("As declared."),
    Check.MRZ_COUNTRY: _("As declared."),
    Check.MRZ_DOCUMENT: _("As declared."),
}

PARTS = {
    "number": _("the document number"),
    "birth": _("the date of birth"),
    "expiry": _("the expiry date"),
    "optional": _("the personal number"),
    "whole": _("everything together"),
}


def title(finding: Finding) -> str:
    """What was looked at."""
    return str(TITLES[finding.check])


def why(finding: Finding) -> str:
    """Why the light is what it is, in one sentence."""
    words = WHY.get(finding.code) or FINE.get(finding.check) or LIGHTS[finding.light]
    params = dict(finding.params)
    if "parts" in params:
        named = [str(PARTS[part]) for part in params["parts"].split(",") if part in PARTS]
        params["parts"] = ", ".join(named) or gettext("letters and digits")
    sentence = str(words).format_map(_Params(params))
    return (
        gettext("Page {page}: {sentence}").format(page=params["page"], sentence=sentence)
        if "page" in params
        else sentence
    )


class _Params(dict[str, str]):
    """A parameter that an older report lacks leaves a dash, not an error."""

    def __missing__(self, key: str) -> str:
        return "-"
