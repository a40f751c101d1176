"""Rows in bulk, many times faster than by objects: prepared once as a template, then varied and copied in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models

Row = Mapping[str, Any]
"""Attribute → value as the database takes it."""


class Sheet:
    """One table. Columns that the database fills by itself are left to it."""

    def __init__(self, model: type[models.Model]) -> None:
        self._table = model._meta.db_table
        self._fields = {
            field.attname: field for field in model._meta.concrete_fields if not field.has_db_default()
        }

    def template(self, instance: models.Model) -> dict[str, Any]:
        """The prepared values of an object; one without a number gets it from the database."""
        return {
            name: self.prepared(name, value)
            for name in self._fields
            if (value := getattr(instance, name)) is not None or not self._fields[name].primary_key
        }

    def prepared(self, name: str, value: Any) -> Any:
        """One value. JSON is text, which both databases take."""
        field = self._fields[name]
        if isinstance(field, models.JSONField):
            return json.dumps(value, cls=field.encoder or DjangoJSONEncoder)
        return field.get_db_prep_save(value, connection)

    def write(self, rows: Iterable[Row]) -> None:
        """Adds rows that all name the same columns."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return
        quote = connection.ops.quote_name
        columns = ", ".join(quote(self._fields[name].column) for name in first)
        values = (tuple(row.values()) for row in _all(first, rows))
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {quote(self._table)} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]
                    for each in values:
                        copy.write_row(each)
            else:
                marks = ", ".join(["%s"] * len(first))
                cursor.executemany(f"INSERT INTO {quote(self._table)} ({columns}) VALUES ({marks})", values)  # noqa: S608


def _all(first: Row, others: Iterable[Row]) -> Iterable[Row]:
    yield first
    yield from others
