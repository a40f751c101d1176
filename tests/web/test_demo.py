"""What exists only in a demo: the mail box and the clock of a case."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from onboarding.mail import outgoing
from onboarding.models.cases import Case
from onboarding.models.people import User
from onboarding.usecases import demo
from onboarding.web import mailbox
from tests.web.people import Applicant, code_in, newest_mail, sign_up, words

pytestmark = pytest.mark.database


@pytest.fixture
def mail_files(settings: Any, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = mailbox.FILE_BACKEND
    settings.EMAIL_FILE_PATH = str(tmp_path / "mail")
    return tmp_path / "mail"


def the_letter(browser: Client) -> str:
    found = re.search(r'href="(/mailbox/[0-9a-f-]+/)"', browser.get("/mailbox/").content.decode())
    assert found
    return found[1]


def test_sent_mail_lies_in_the_mail_box_with_both_parts(mail_files: Path, browser: Client) -> None:
    sign_up(Client())
    code = code_in(newest_mail("ana@example.org"))
    assert "Nothing has been sent yet" in words(browser.get("/mailbox/"))
    outgoing.send_due()
    assert "ana@example.org" in words(browser.get("/mailbox/"))
    letter = the_letter(browser)
    page = browser.get(letter)
    assert code in words(page)
    assert f'src="{letter}html"' in page.content.decode()
    assert 'href="http://testserver/account/confirm/' in page.content.decode()


def test_html_part_may_run_and_load_nothing(mail_files: Path, browser: Client) -> None:
    sign_up(Client())
    outgoing.send_due()
    answer = browser.get(f"{the_letter(browser)}html")
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "unsafe" not in policy
    assert "sha256-" in policy
    assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_newest_letter_comes_first(mail_files: Path, browser: Client) -> None:
    for name in ("one", "two"):
        sign_up(Client(), f"{name}@example.org")
        outgoing.send_due()
    page = words(browser.get("/mailbox/"))
    assert page.index("two@example.org") < page.index("one@example.org")


def test_letter_that_does_not_exist_is_not_found(mail_files: Path, browser: Client) -> None:
    for path in (f"/mailbox/{uuid.uuid4()}/", f"/mailbox/{uuid.uuid4()}/html", "/mailbox/../secret-key/"):
        assert browser.get(path).status_code == 404


@pytest.mark.parametrize("change", ["demo", "backend"])
def test_mail_box_exists_only_in_a_demo(
    change: str, mail_files: Path, browser: Client, settings: Any
) -> None:
    """Mutant: `is_there` always True."""
    sign_up(Client())
    outgoing.send_due()
    letter = the_letter(browser)
    if change == "demo":
        settings.DEMO = False
    else:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    for path in ("/mailbox/", letter, f"{letter}html"):
        assert browser.get(path).status_code == 404


def move(person: Applicant | Client, case: Case, by: str = "day", **more: str) -> Any:
    client = person.client if isinstance(person, Applicant) else person
    return client.post(f"/demo/clock/{case.pk}/", {"by": by, **more})


def test_clock_stands_still_and_says_so_while_temporal_is_away(ana: Applicant) -> None:
    assert move(ana, ana.case).headers["Location"] == "/case/"
    assert "please try again in a minute" in words(ana.get("case"))
    assert ana.case.clock_offset_seconds == 0


def test_clock_moves_by_the_button_that_was_pressed(ana: Applicant, monkeypatch: pytest.MonkeyPatch) -> None:
    moves: list[float] = []
    monkeypatch.setattr(demo, "fast_forward", lambda _case, by: moves.append(by.total_seconds() / 86_400))
    for by in ("day", "three_days", "next", "nonsense"):
        move(ana, ana.case, by)
    assert moves[:2] == [1, 3]
    assert moves[2] == pytest.approx(1, abs=0.001)  # the first reminder
    assert moves[3] == pytest.approx(1, abs=0.001)


def test_clock_of_somebody_else_answers_like_one_that_does_not_exist(
    ana: Applicant, outsider: Applicant
) -> None:
    assert move(outsider, ana.case).status_code == 404
    assert outsider.client.post(f"/demo/clock/{uuid.uuid4()}/", {"by": "day"}).status_code == 404


def test_staff_move_any_clock_and_come_back_to_where_they_were(ana: Applicant) -> None:
    User.objects.create_user("root@example.org", "x", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(User.objects.get(email="root@example.org"))
    assert move(client, ana.case, next="/admin/x/").headers["Location"] == "/admin/x/"
    assert move(client, ana.case, next="//evil.example").headers["Location"] == "/case/"


def test_clock_exists_only_in_a_demo(ana: Applicant, settings: Any) -> None:
    settings.DEMO = False
    assert move(ana, ana.case).status_code == 404
    assert "Demo clock" not in words(ana.get("case"))


def test_looking_moves_no_clock(ana: Applicant) -> None:
    assert ana.client.get(f"/demo/clock/{ana.case.pk}/").status_code == 405
