"""A case as a stream of events: says that something is new; what it is, one reads from the case."""

from __future__ import annotations

import json
import uuid

from django.http import HttpResponseBase
from django.utils.translation import gettext
from rest_framework.request import Request

from onboarding.api.base import ApiView
from onboarding.api.callers import Scope
from onboarding.api.problems import Code, Problem
from onboarding.api.schema import described
from onboarding.web import stream
from onboarding.web.watch import Standing


class EventsView(ApiView):
    """Holds neither a thread nor a database connection while it lasts: see `web.stream`."""

    http_method_names = ["get"]
    scopes = {"GET": Scope.READ}

    @described(
        "Follow a case",
        None,
        operation="followCase",
        stream=True,
        about=(
            "Server-sent events. `change` says that the case is not as you know it: read it again. Its "
            "data is JSON with `case` and `version`. After a break send the id of the last one as "
            "`Last-Event-ID`: you are told at once, or nothing where you missed nothing. A comment comes "
            "every 15 seconds; after some minutes the stream ends and you ask again. Six at a time."
        ),
    )
    def get(self, request: Request, case_id: uuid.UUID) -> HttpResponseBase:
        row = self.case(case_id)

        def said(standing: Standing) -> tuple[str, str]:
            return stream.tag(standing, ""), json.dumps({"case": str(case_id), "version": standing.version})

        account = self.caller.user.pk
        answer = stream.changes(row, account=account, seen=stream.seen_by(request._request), describe=said)
        if answer.status_code == 429:
            detail = gettext("You have as many streams open as you may. Close one.")
            headers = {"Retry-After": answer.headers["Retry-After"]}
            raise Problem(429, Code.TOO_MANY_STREAMS, detail, headers=headers)
        return answer
