"""What one can change about one's account, and who hears about it."""

from __future__ import annotations

import time
from typing import Any

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from onboarding.mail import outgoing
from onboarding.models.emails import Email
from onboarding.models.people import User
from onboarding.web import devices
from tests.web.people import (
    PASSWORD,
    Applicant,
    code_in,
    enter_code,
    link_in,
    make_applicant,
    newest_mail,
    sign_up,
    words,
)

pytestmark = pytest.mark.database

NEW = "new@example.org"
PAGES = [
    "/account/",
    "/account/address/",
    "/account/change-password/",
    "/account/devices/",
    "/account/second-factor/",
    "/account/second-factor/app/",
    "/account/second-factor/passkey/",
    "/account/again/",
]
PHONE = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/142.0 Mobile Safari/537.36"


def sign_in(client: Client, email: str, password: str = PASSWORD, **headers: str) -> Any:
    return client.post("/account/sign-in/", {"login": email, "password": password}, headers=headers)


def ask_for(ana: Applicant, address: str = NEW) -> Any:
    return ana.sign_in_again().client.post("/account/address/", {"email": address})


@pytest.mark.parametrize("path", PAGES)
def test_pages_of_the_account_are_for_its_owner_and_for_no_cache(path: str, ana: Applicant) -> None:
    answer = ana.sign_in_again().client.get(path)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    page = answer.content.decode()
    assert " style=" not in page
    assert "<style" not in page
    assert "<script>" not in page
    answer = Client().get(path)
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/account/")


def test_the_account_page_leads_everywhere(ana: Applicant) -> None:
    page = ana.client.get("/account/").content.decode()
    for path in ("address/", "change-password/", "second-factor/", "devices/"):
        assert f'href="/account/{path}"' in page
    assert 'href="/account/"' in ana.get("case").content.decode()


class TestPassword:
    def change(self, ana: Applicant, old: str = PASSWORD, new: str = "another good passphrase") -> Any:
        typed = {"oldpassword": old, "password1": new}
        return ana.client.post("/account/change-password/", typed)

    def test_a_new_password_keeps_this_device_and_signs_out_the_others(self, ana: Applicant) -> None:
        """Mutant seen red: allauth signs out here, too."""
        other = Client()
        sign_in(other, ana.email)
        assert self.change(ana).headers["Location"] == "/account/"
        assert ana.get("case").status_code == 200
        assert other.get("/case/").status_code == 302
        assert sign_in(Client(), ana.email).status_code == 422
        assert sign_in(Client(), ana.email, "another good passphrase").status_code == 302
        assert newest_mail(ana.email).subject == "Your password was changed"

    @pytest.mark.parametrize(
        ("old", "new", "field"),
        [
            ("wrong", "another good passphrase", "oldpassword"),
            ("", "another good passphrase", "oldpassword"),
            (PASSWORD, "short", "password1"),
            (PASSWORD, "ana@example.org", "password1"),
            (PASSWORD, "x" * 1001, "password1"),
            ("x" * 5000, "another good passphrase", "oldpassword"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, old: str, new: str, field: str, ana: Applicant) -> None:
        answer = self.change(ana, old, new)
        assert answer.status_code == 422
        assert f'id="id_{field}_error"' in answer.content.decode()
        assert ana.user.check_password(PASSWORD)

    def test_the_mail_names_moment_and_device_and_one_button(self, ana: Applicant) -> None:
        ana.client.defaults["HTTP_USER_AGENT"] = PHONE
        self.change(ana)
        mail = newest_mail(ana.email)
        assert "with Chrome on Android" in mail.text
        assert mail.html.count('class="button"') == 1
        assert "http://testserver/account/password/" in mail.text

    def test_password_and_mail_stand_or_fall_together(
        self, ana: Applicant, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Mutant seen red: the view without its transaction."""

        def fail(**_named: Any) -> None:
            raise RuntimeError("broken")

        monkeypatch.setattr(Email.objects, "create", fail)
        ana.client.raise_request_exception = False
        assert self.change(ana).status_code == 500
        assert ana.user.check_password(PASSWORD)

    def test_a_session_that_ended_meanwhile_leads_to_the_sign_in_and_back(self, ana: Applicant) -> None:
        Session.objects.all().delete()
        answer = self.change(ana)
        assert answer.headers["Location"] == "/account/sign-in/?next=/account/change-password/"
        assert ana.user.check_password(PASSWORD)


class TestAddress:
    def test_the_new_address_counts_once_its_code_was_entered_and_the_old_one_is_told(
        self, ana: Applicant
    ) -> None:
        """Mutants seen red: the old address hears nothing; it counts without the code."""
        assert ask_for(ana).headers["Location"] == "/account/confirm/"
        assert ana.user.email == ana.email
        mail = newest_mail(NEW)
        assert mail.subject == "Confirm your new e-mail address"
        assert "/account/confirm/" not in mail.text
        assert enter_code(ana.client, code_in(mail)).headers["Location"] == "/account/"
        assert [row.email for row in EmailAddress.objects.all()] == [NEW]
        assert User.objects.get().email == NEW
        assert newest_mail(ana.email).subject == "Your account has another address now"
        assert sign_in(Client(), ana.email).status_code == 422
        assert sign_in(Client(), NEW).status_code == 302

    def test_mails_of_the_case_follow(self, ana: Applicant) -> None:
        case = ana.case
        mail = Email.objects.create(
            case=case, key="1", kind="approved", recipient=ana.user, owed_at="2026-01-01T00:00Z",
            next_attempt_at="2026-01-01T00:00Z",
        )  # fmt: skip
        ask_for(ana)
        enter_code(ana.client, code_in(newest_mail(NEW)))
        assert outgoing.address_of(Email.objects.get(pk=mail.pk)) == NEW

    def test_nothing_changes_without_the_code(self, ana: Applicant) -> None:
        ask_for(ana)
        right = code_in(newest_mail(NEW))
        wrong = "000000" if right != "000000" else "111111"
        answers = [enter_code(ana.client, wrong) for _ in range(3)]
        assert [answer.status_code for answer in answers] == [422, 422, 302]
        assert answers[-1].headers["Location"] == "/account/address/"
        assert enter_code(ana.client, right).headers["Location"] == "/case/"
        assert ana.user.email == ana.email

    def test_the_code_ends_after_a_quarter_of_an_hour(self, ana: Applicant) -> None:
        ask_for(ana)
        code = code_in(newest_mail(NEW))
        with time_machine.travel(time.time() + 901, tick=False):
            assert enter_code(ana.client, code).headers["Location"] == "/case/"
        assert ana.user.email == ana.email

    def test_the_old_address_can_be_kept(self, ana: Applicant) -> None:
        ask_for(ana)
        assert NEW in words(ana.client.get("/account/address/"))
        answer = ana.client.post("/account/confirm/", {"action": "start_over"})
        assert answer.headers["Location"] == "/account/address/"
        assert NEW not in words(ana.client.get("/account/address/"))
        assert ana.get("case").status_code == 200

    def test_an_address_of_somebody_else_gets_the_same_answer_and_is_refused_by_its_owner_alone(
        self, ana: Applicant, outsider: Applicant
    ) -> None:
        """Only who reads that mail box learns anything."""
        first, second = ask_for(ana), ask_for(outsider, ana.email)
        assert (first.status_code, first.headers["Location"]) == (
            second.status_code,
            second.headers["Location"],
        )
        answer = enter_code(outsider.client, code_in(newest_mail(ana.email)))
        assert answer.status_code == 422
        assert User.objects.filter(email=ana.email).count() == 1

    @pytest.mark.parametrize(
        "address",
        [
            "",
            "x",
            "ana@example.org",
            "ANA@example.org",
            "a" * 300 + "@example.org",
            "a\n@b.org",
            "a@b\u200bc.org",
        ],
    )
    def test_an_unfit_address_is_refused_at_its_field(self, address: str, ana: Applicant) -> None:
        """Mutant seen red: without `seen_address`."""
        answer = ask_for(ana, address)
        assert answer.status_code == 422
        assert 'id="id_email_error"' in answer.content.decode()

    def test_a_stale_sign_in_is_asked_who_it_is_and_nothing_typed_is_lost(self, ana: Applicant) -> None:
        ana.sign_in_again()
        with time_machine.travel(time.time() + 400, tick=False):
            asked = ana.client.post("/account/address/", {"email": NEW}).headers["Location"]
            assert asked.startswith("/account/again/")
            answer = ana.client.post(asked, {"password": PASSWORD, "next": "/account/address/"})
            assert answer.headers["Location"] == "/account/confirm/"
        assert code_in(newest_mail(NEW))

    def test_links_of_the_old_address_are_over(self, browser: Client) -> None:
        sign_up(browser, "ana@example.org")
        mail = newest_mail("ana@example.org")
        enter_code(browser, code_in(mail))
        ana = Applicant(browser, "ana@example.org")
        ask_for(ana)
        enter_code(ana.client, code_in(newest_mail(NEW)))
        assert Client().post(link_in(mail)).status_code == 404


class TestDevices:
    def test_every_device_is_listed_and_the_others_can_be_signed_out(self, ana: Applicant) -> None:
        """Mutant seen red: the row goes, the session stays."""
        phone = Client()
        sign_in(phone, ana.email, **{"user-agent": PHONE})
        page = words(ana.client.get("/account/devices/"))
        assert "Chrome on Android" in page
        assert "this device" in page
        assert ana.client.post("/account/devices/").status_code == 302
        assert phone.get("/case/").status_code == 302
        assert ana.get("case").status_code == 200
        assert "Nowhere else." in words(ana.client.get("/account/devices/"))

    def test_devices_of_others_are_not_touched(self, ana: Applicant, outsider: Applicant) -> None:
        ana.client.post("/account/devices/")
        assert outsider.get("case").status_code == 200
        assert UserSession.objects.filter(user=outsider.user).count() == 1

    def test_a_device_that_signed_out_is_gone_from_the_list(self, ana: Applicant) -> None:
        phone = Client()
        sign_in(phone, ana.email)
        phone.post("/account/sign-out/")
        assert len(ana.client.get("/account/devices/").context["devices"]) == 1

    @pytest.mark.parametrize(
        ("sent", "name"),
        [
            (PHONE, "Chrome on Android"),
            (
                "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/142 Safari/537.36 Edg/142",
                "Edge on Windows",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18 Safari/604",
                "Safari on iPhone",
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox on Linux"),
            ("curl/8", "an unknown device"),
            ("", "an unknown device"),
            ("<script>alert(1)</script>" * 50, "an unknown device"),
        ],
    )
    def test_devices_have_names_that_people_know(self, sent: str, name: str) -> None:
        assert devices.device(sent) == name


def test_two_tabs_that_sign_up_at_the_same_time_end_as_one_account(browser: Client) -> None:
    """The second tab is led to the page of the first: one browser is one person at a time."""
    sign_up(browser, "one@example.org")
    answer = sign_up(browser, "two@example.org")
    assert answer.headers["Location"] == "/account/confirm/"
    assert "one@example.org" in words(browser.get("/account/confirm/"))
    assert User.objects.count() == 1


def test_back_after_the_code_leads_on_instead_of_failing(browser: Client) -> None:
    """The same code once more, from the page that the Back button shows."""
    ana = make_applicant(client=browser)
    assert enter_code(browser, "123456").headers["Location"] == "/case/"
    assert sign_up(browser, "ana@example.org").headers["Location"] == "/case/"
    assert sign_in(browser, ana.email).headers["Location"] == "/case/"
