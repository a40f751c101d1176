"""Domain values to JSON and back, for the columns that hold them whole and for Temporal's payloads."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from onboarding.domain.messages import FACTS, Fact

T = TypeVar("T")

_converter = make_converter(detailed_validation=False)

FACT_NAMES = {kind: name for name, kind in FACTS.items()}


def to_json(value: Any) -> Any:
    """A dataclass of the domain as JSON values."""
    return _converter.unstructure(value)


def from_json(value: Any, kind: type[T]) -> T:
    """The inverse of `to_json`. Fields that are missing take their defaults; unknown ones are left out.

    Raises:
        KeyError, TypeError, ValueError: it is something else. Nothing is made to fit: a number is no text, a
            text is no number.
    """
    return _converter.structure(value, kind)


def fact_from_json(name: str, payload: Any) -> Fact:
    """A fact as it stands in the outbox.

    Raises:
        KeyError: nobody knows a fact of this name.
    """
    return from_json(payload, FACTS[name])


def _only(base: type[Any]) -> Callable[[Any, type[Any]], Any]:
    def read(value: Any, kind: type[Any]) -> Any:
        if not isinstance(value, base) or (isinstance(value, bool) and base is not bool):
            raise TypeError(f"{type(value).__name__} is no {base.__name__}")
        return kind(value)  # the type itself, or an enumeration of such values

    return read


for _base in (str, int, bool):
    _converter.register_structure_hook(_base, _only(_base))
