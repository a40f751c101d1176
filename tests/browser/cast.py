"""Everybody whom the pages are shown to, each with a window of their own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

from playwright.sync_api import Browser, BrowserContext, Page, Route

NOBODY = ""
MADE = "/made/"
"""Where the pages stand that only failures lead to."""


class Service(Protocol):
    """As much of `tests.stack.Stack` as is needed here."""

    base_url: str

    def python(self, code: str) -> str: ...


@dataclass
class Cast:
    """Signed-in windows of one browser on one service with the people of `making`."""

    live: Service
    chromium: Browser

    def __post_init__(self) -> None:
        self._contexts: dict[str, BrowserContext] = {}
        made = self.live.python("from tests.browser import making; making.make()")
        self._made: dict[str, Any] = json.loads(made.strip().splitlines()[-1])

    @cached_property
    def names(self) -> dict[str, str]:
        """What stands in addresses in braces: the case of each person, and links."""
        return {**self._made["cases"], **self._made["links"]}

    def reference(self, who: str) -> str:
        return str(self._made["references"][who])

    def context(self, who: str, **options: Any) -> BrowserContext:
        """A fresh profile of the browser in which this person is signed in."""
        context = self.chromium.new_context(
            base_url=self.live.base_url,
            timezone_id="Europe/Madrid",
            locale="en-GB",
            **{"reduced_motion": "reduce", **options},
        )
        # With the zone of the browser, as after any page before: or the first would change for it.
        cookies = {"time_zone": "Europe/Madrid"}
        if who:
            cookies["sessionid"] = self._made["sessions"][who]
        context.add_cookies(
            [{"name": name, "value": value, "url": self.live.base_url} for name, value in cookies.items()]
        )
        return context

    def page(self, who: str) -> Page:
        """The one window of this person, with the answers of failures under `MADE`."""
        if who not in self._contexts:
            self._contexts[who] = self.context(who)
            self._contexts[who].new_page().route(f"**{MADE}*", self._answer)
        if who == NOBODY:
            self._contexts[who].clear_cookies(name="sessionid")
        return self._contexts[who].pages[0]

    def _answer(self, route: Route) -> None:
        """Such a page as it is rendered, under the content policy of the start page."""
        status, body = self._made["answers"][route.request.url.rpartition("/")[2]]
        policy = route.fetch(url=self.live.base_url).headers["content-security-policy"]
        route.fulfill(
            status=status,
            body=body,
            headers={"content-type": "text/html; charset=utf-8", "content-security-policy": policy},
        )

    def close(self) -> None:
        for context in self._contexts.values():
            context.close()
        self._contexts.clear()
