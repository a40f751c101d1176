"""A page that remembers everything the browser complained about."""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import ConsoleMessage, Page


@dataclass
class Watched:
    """`complaints`: errors of scripts, of the console (policy violations among them), missing files."""

    page: Page
    complaints: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(each in message.text for each in self.expected):
            self.complaints.append(f"{self.page.url}: {message.text}")


def watched(page: Page) -> Watched:
    window = Watched(page)
    page.on("console", window.hear)
    page.on("pageerror", lambda error: window.complaints.append(f"{page.url}: {error}"))
    return window
