"""One template for all: subject, plain text and HTML can't say different things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

END_OF_SUBJECT = "\x1e"
"""Between subject and text of the plain rendering; no template writes it."""
GAP = re.compile(r"\n\s*\n+")


@dataclass(frozen=True, slots=True)
class Content:
    subject: str
    text: str
    html: str


def rendered(template: str, context: dict[str, Any]) -> Content:
    """The mail that a template makes, which fills the blocks `subject`, `body` and `button`.

    Args:
        template: it extends `base`, which this function sets.
        context: `link` is where the button goes; without one there is no button.
    """
    known = {**context, "site_url": settings.SITE_URL, "end_of_subject": END_OF_SUBJECT}

    def by(base: str) -> str:
        return str(render_to_string(template, {**known, "base": base})).strip()

    subject, _, text = by("mail/base.txt").partition(END_OF_SUBJECT)
    return Content(
        subject=" ".join(subject.split()),
        text=GAP.sub("\n\n", text.strip()) + "\n",
        html=by("mail/base.html"),
    )
