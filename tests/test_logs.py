"""What the log says, whatever was handed in."""

import logging

from onboarding.logs import LineFormatter


def line(message: str, *arguments: object) -> str:
    record = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, arguments, None)
    return LineFormatter().format(record)


def test_a_message_cannot_begin_another_line() -> None:
    """Mutant seen red: the characters pass as they are."""
    said = line("name %s", "Ana\n2026-01-01 ERROR forged\x1b[2J")
    assert "\n" not in said
    assert "\x1b" not in said
    assert r"Ana\n2026" in said


def test_links_that_open_something_are_masked() -> None:
    """Mutant seen red: `LIVE_KEY` matches nothing."""
    said = line("Internal Server Error: %s", "/account/confirm/MQ:1secret:abc/")
    assert "secret" not in said
    assert "/account/confirm/***/" in said
    assert "secret" not in line("%s", "/account/password/1-secret/")


def test_pages_without_a_key_stay_readable() -> None:
    assert "/account/password/sent/" in line("%s", "/account/password/sent/")
    assert "/account/sign-up/" in line("%s", "/account/sign-up/")
