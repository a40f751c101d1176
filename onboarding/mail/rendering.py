"""One template, three renderings: subject, plain text and HTML can't say different things."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

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
    known = {"site_url": settings.SITE_URL, **context}

    def by(base: str) -> str:
        return str(render_to_string(template, {**known, "base": base})).strip()

    return Content(
        subject=" ".join(by("mail/base.subject.txt").split()),
        text=GAP.sub("\n\n", by("mail/base.txt")) + "\n",
        html=by("mail/base.html"),
    )
