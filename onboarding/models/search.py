"""What cases are found by: words of names, addresses, references, folded: typing need not be exact."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from onboarding.models.cases import Case
from onboarding.models.terms import EMAIL, LONGEST_TERM, NAME, REFERENCE

if TYPE_CHECKING:
    TextField = models.CharField[str, str]
else:
    TextField = models.CharField  # generic in the stubs only

BYTEWISE = {"postgresql": "C", "sqlite": "BINARY"}
"""Collations in which everything that begins alike lies together, so that one range of the index has it."""


class BytewiseField(TextField):
    """Text that is compared byte by byte, whatever language the database was made for."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        return {**super().db_parameters(connection), "collation": BYTEWISE[connection.vendor]}


class SearchTerm(models.Model):
    """One thing a case can be found by. Written in the transaction of what it mirrors: `records.search`."""

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="terms", db_index=False)
    kind = models.CharField(
        max_length=10, choices=[(REFERENCE, "reference"), (EMAIL, "e-mail"), (NAME, "name")]
    )
    value = BytewiseField(max_length=LONGEST_TERM)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["case", "value"], name="term_once_per_case")]
        indexes = [models.Index(fields=["value", "case"], name="term_by_value")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id}"
