"""Payloads: the SDK's JSON, with dataclasses made and read by code that is generated once for each.

The bytes are those of the SDK's own converter, which looks at every field of every value anew: and a case
goes to and fro with each of its messages.
"""

from __future__ import annotations

import dataclasses
from typing import Any

from temporalio.converter import (
    AdvancedJSONEncoder,
    CompositePayloadConverter,
    DataConverter,
    DefaultPayloadConverter,
    JSONPlainPayloadConverter,
    JSONTypeConverter,
    JSONTypeConverterUnhandled,
)

from onboarding.serial import from_json, to_json


class _Encoder(AdvancedJSONEncoder):
    def default(self, o: Any) -> Any:
        return to_json(o) if dataclasses.is_dataclass(o) else super().default(o)


class _Dataclasses(JSONTypeConverter):
    def to_typed_value(self, hint: type[Any], value: Any) -> Any | JSONTypeConverterUnhandled:
        return from_json(value, hint) if dataclasses.is_dataclass(hint) else JSONTypeConverter.Unhandled


class CasePayloadConverter(CompositePayloadConverter):
    """The SDK's converters, with another one for JSON."""

    def __init__(self) -> None:
        json = JSONPlainPayloadConverter(encoder=_Encoder, custom_type_converters=[_Dataclasses()])
        others = DefaultPayloadConverter.default_encoding_payload_converters
        super().__init__(*(json if each.encoding == json.encoding else each for each in others))


DATA_CONVERTER = dataclasses.replace(DataConverter.default, payload_converter_class=CasePayloadConverter)
