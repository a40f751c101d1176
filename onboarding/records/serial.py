"""Domain values to JSON and back, for the columns that hold them whole."""

from typing import Any, TypeVar

from cattrs.preconf.json import make_converter

from onboarding.domain.messages import FACTS, Fact

T = TypeVar("T")

_converter = make_converter()

FACT_NAMES = {kind: name for name, kind in FACTS.items()}


def to_json(value: Any) -> Any:
    """A dataclass of the domain as JSON values."""
    return _converter.unstructure(value)


def from_json(value: Any, kind: type[T]) -> T:
    """The inverse of `to_json`. Fields that are missing take their defaults."""
    return _converter.structure(value, kind)


def fact_from_json(name: str, payload: Any) -> Fact:
    """A fact as it stands in the outbox.

    Raises:
        KeyError: nobody knows a fact of this name.
    """
    return from_json(payload, FACTS[name])
