"""Bodies on their way in: JSON in UTF-8 of a bounded size, forms with files, and nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import IO, Any

from django.utils.translation import gettext
from rest_framework import exceptions, parsers
from rest_framework.negotiation import BaseContentNegotiation

from onboarding.api.problems import Code, Problem

LONGEST_JSON_BYTES = 64 * 1024


class JsonParser(parsers.BaseParser):
    """RFC 8259: always UTF-8, without NaN, and with a limit before anything is parsed."""

    media_type = "application/json"

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        data = stream.read(LONGEST_JSON_BYTES + 1)
        if len(data) > LONGEST_JSON_BYTES:
            raise Problem(413, Code.TOO_LARGE, gettext("The body is larger than 64 KB. Send less."))
        try:
            return json.loads(data.decode("utf-8"), parse_constant=_no_number)
        except (ValueError, RecursionError) as error:
            raise Problem(400, Code.BAD_JSON, gettext("The body is not JSON in UTF-8.")) from error


class FormParser(parsers.MultiPartParser):
    """A form with a file in it."""

    def parse(
        self, stream: IO[Any], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        try:
            return super().parse(stream, media_type, parser_context)
        except (LookupError, ValueError) as error:  # an encoding that is none, bytes that aren't of it
            raise exceptions.ParseError from error


class AlwaysTheFirst(BaseContentNegotiation):
    """Answers in the one format there is, whatever the caller would accept."""

    def select_parser(self, request: Any, parsers: Iterable[Any]) -> Any:
        wanted = (request.content_type or "").partition(";")[0].strip().lower()
        return next((each for each in parsers if each.media_type == wanted), None)

    def select_renderer(
        self,
        request: Any,
        renderers: Iterable[Any],
        format_suffix: str | None = None,
    ) -> tuple[Any, str]:
        first = next(iter(renderers))
        return first, first.media_type


def _no_number(word: str) -> Any:
    raise ValueError(word)
