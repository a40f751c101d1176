"""The catalogue of reasons: one row a reason, and append-only rows for the words of each of its versions."""

from __future__ import annotations

from collections.abc import Iterable

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from onboarding.domain.reasons import BY_CODE, CITATION, ReasonKind, cited
from onboarding.domain.reasons import Reason as BuiltIn

KINDS = [(ReasonKind.ITEM.value, _("asks for a picture again")), (ReasonKind.REFUSAL.value, _("refuses"))]


class Reason(models.Model):
    """One reason. `version` is the one that decisions cite now; `active` whether reviewers are offered it."""

    code = models.CharField(
        max_length=40,
        unique=True,
        validators=[
            RegexValidator(
                rf"\A{CITATION.pattern.partition('(?:')[0]}\Z",
                _("Small letters, digits and underscores, a letter first: like “wrong_page”."),
            )
        ],
    )
    kind = models.CharField(max_length=10, choices=KINDS)
    position = models.PositiveSmallIntegerField(default=100)
    active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["kind", "position", "code"]

    def __str__(self) -> str:
        return self.code


class WordingManager(models.Manager["ReasonWording"]):
    """Finds the words of citations."""

    def of(self, citations: Iterable[str], language: str) -> dict[str, BuiltIn]:
        """The words of each citation that is known, by citation: one query, none without citations.

        In this language, else in the default one as far as it is translated, else those of the first version.
        """
        wanted = {each: parts for each in citations if (parts := cited(each))}
        if not wanted:
            return {}
        rows = self.filter(reason__code__in={code for code, _version in wanted.values()})
        known = {
            (row["reason__code"], row["version"], row["language"]): (row["text"], row["cure"])
            for row in rows.values("reason__code", "version", "language", "text", "cure")
        }
        found = {each: _best(known, *parts, language) for each, parts in wanted.items()}
        return {each: words for each, words in found.items() if words}


def _best(
    known: dict[tuple[str, int, str], tuple[str, str]], code: str, version: int, language: str
) -> BuiltIn | None:
    default = settings.LANGUAGE_CODE
    for number in (version, 1):
        for spoken in (language, language.partition("-")[0]):
            if spoken != default and (code, number, spoken) in known:
                return BuiltIn(code, *known[code, number, spoken])
        if (code, number, default) in known:
            text, cure = known[code, number, default]
            return BuiltIn(code, gettext(text), gettext(cure) if cure else "")
    first = BY_CODE.get(code)
    return BuiltIn(code, gettext(first.text), gettext(first.cure)) if first else None


class ReasonWording(models.Model):
    """What one version of a reason says in one language. Never changed: a new wording is a new version."""

    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, related_name="wordings")
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=10)
    text = models.CharField(max_length=200)
    """Completes "We could not accept this because …"."""
    cure = models.CharField(max_length=200, blank=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    objects = WordingManager()

    class Meta:
        ordering = ["-version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["reason", "version", "language"], name="one_wording_per_version")
        ]

    def __str__(self) -> str:
        return f"{self.reason_id} v{self.version} ({self.language})"
