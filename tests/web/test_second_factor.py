"""The second factor: asked for where there is one, forced for staff, and good once."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import Group
from django.test import Client

from onboarding.demo import people as demo_people
from onboarding.domain.status import Role
from onboarding.models.people import User
from onboarding.usecases import staff
from tests.people import code_of, give_app
from tests.web.people import PASSWORD, Applicant, newest_mail, words

pytestmark = pytest.mark.database

STEP = "/account/sign-in/code/"
SETTING_UP = "/account/second-factor/app/"
FACTORS = "/account/second-factor/"


def totp_code(secret: str) -> str:
    return str(totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30)))


def enter(client: Client, user: User, code: str = "") -> Any:
    """Both steps; returns the answer to the second."""
    first = client.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    assert first.headers["Location"] == STEP
    return client.post(STEP, {"code": code or code_of(user)})


def make_colleague(email: str = "rita@example.org") -> User:
    user = User.objects.create_user(email, PASSWORD, is_staff=True, is_superuser=True)
    staff.vouch_for_address(user)
    return user


@pytest.fixture
def rita() -> User:
    return give_app(make_colleague())


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_with_an_app_the_password_alone_opens_nothing(rita: User, browser: Client) -> None:
    """Mutant seen red: without the adapter's stage."""
    browser.post("/account/sign-in/", {"login": rita.email, "password": PASSWORD})
    assert not is_in(browser)
    assert browser.get("/admin/").status_code == 302
    assert browser.post(STEP, {"code": code_of(rita)}).headers["Location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


@pytest.mark.parametrize("code", ["", "000000", "12345", "abcdef", "9" * 500, "\x00", "\u0661\u0662\u0663"])
def test_wrong_code_is_refused_at_its_field(code: str, rita: User, browser: Client) -> None:
    browser.post("/account/sign-in/", {"login": rita.email, "password": PASSWORD})
    answer = browser.post(STEP, {"code": code})
    assert answer.status_code == 422
    assert 'id="id_code_error"' in answer.content.decode()
    assert not is_in(browser)


def test_a_code_is_good_once(rita: User) -> None:
    """ASVS 6.5.1. Mutant seen red: without `_once`, a code of the next half minute works twice."""
    start = time.time() // 30 * 30
    with time_machine.travel(start, tick=False):
        ahead = code_of(rita, half_minutes=1)
        assert enter(Client(), rita, ahead).status_code == 302
    with time_machine.travel(start + 45, tick=False):  # allauth itself has forgotten it, and it is still good
        assert enter(Client(), rita, ahead).status_code == 422
        assert enter(Client(), rita).status_code == 422  # the same code
    with time_machine.travel(start + 60, tick=False):
        assert enter(Client(), rita).status_code == 302


def test_clocks_may_differ_by_half_a_minute_and_no_more(rita: User) -> None:
    start = time.time() // 30 * 30
    codes = {step: code_of(rita, half_minutes=step) for step in (-2, -1, 1, 2)}
    with time_machine.travel(start, tick=False):
        got = {step: enter(Client(), rita, code).status_code for step, code in codes.items()}
    assert got == {-2: 422, -1: 302, 1: 302, 2: 422}


@pytest.fixture
def codes(rita: User) -> list[str]:
    return RecoveryCodes.activate(rita).get_unused_codes()


def test_a_recovery_code_opens_the_account_once(rita: User, codes: list[str]) -> None:
    browser = Client()
    assert enter(browser, rita, codes[0]).status_code == 302
    assert browser.get("/admin/").status_code == 200
    assert enter(Client(), rita, codes[0]).status_code == 422
    assert "You have 9 codes left" in words(browser.get(FACTORS))


def test_guessing_codes_ends_with_a_moment_to_come_back(rita: User, browser: Client, settings: Any) -> None:
    """Mutant seen red: 422 without saying when."""
    settings.ACCOUNT_RATE_LIMITS = {}
    browser.post("/account/sign-in/", {"login": rita.email, "password": PASSWORD})
    answers = [browser.post(STEP, {"code": "000000"}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert 290 < int(answers[-1]["Retry-After"]) <= 300
    assert "You can try again at" in words(answers[-1])
    assert browser.post(STEP, {"code": code_of(rita)}).status_code == 429


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/onboarding/case/", "/admin/nonsense/", "/case/", "/"]
)
def test_staff_without_a_factor_are_led_to_set_one_up(path: str, browser: Client) -> None:
    """ASVS 6.3.3. Mutants seen red: the middleware lets everybody pass; it guards `/admin/` alone."""
    user = make_colleague()
    answer = browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD, "next": path})
    assert answer.status_code == 302
    answer = browser.get(path)
    if path == "/":
        assert answer.status_code == 200
        return
    assert answer.headers["Location"] == FACTORS
    assert "Your account needs a second factor" in words(browser.get(FACTORS))


def test_posts_of_staff_without_a_factor_do_nothing(browser: Client) -> None:
    user = make_colleague()
    browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    for path in (
        "/admin/login/",
        "/admin/onboarding/user/add/",
        "/demo/clock/0b1f8d7e-0000-4000-8000-000000000000/",
    ):
        answer = browser.post(path, {"username": user.email, "password": PASSWORD, "email": "x@example.org"})
        assert answer.headers["Location"] == FACTORS
    assert User.objects.count() == 1


def test_setting_up_an_app_opens_the_desk_and_shows_recovery_codes(
    browser: Client, transactional_db: None
) -> None:
    """Mutant seen red: setting up does not count as proof, so that the code is asked for at once again."""
    user = make_colleague()
    browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    page = browser.get(SETTING_UP)
    secret = page.context["form"].secret
    assert page.context["secret"].replace(" ", "") == secret
    assert browser.post(SETTING_UP, {"code": "000000"}).status_code == 422
    code = totp_code(secret)
    answer = browser.post(SETTING_UP, {"code": code})
    assert answer.headers["Location"] == "/account/second-factor/codes/"
    assert len(browser.get("/account/second-factor/codes/").context["unused_codes"]) == 10
    assert browser.get("/admin/").status_code == 200
    assert newest_mail(user.email).subject == "Your second factor is on"
    assert enter(Client(), user, code).status_code == 422  # used up
    file = browser.get("/account/second-factor/codes/file/")
    assert len(file.content.split()) == 10


def test_another_session_of_the_same_account_is_asked_for_the_code(browser: Client) -> None:
    """It began before there was a factor."""
    user = make_colleague()
    browser.post("/account/sign-in/", {"login": user.email, "password": PASSWORD})
    give_app(user)
    asked = browser.get("/admin/onboarding/case/").headers["Location"]
    assert asked == "/account/again/code/?next=%2Fadmin%2Fonboarding%2Fcase%2F"
    answer = browser.post(asked, {"code": code_of(user), "next": "/admin/onboarding/case/"})
    assert answer.headers["Location"] == "/admin/onboarding/case/"
    assert browser.get("/admin/").status_code == 200


def test_who_becomes_staff_is_asked_from_then_on(ana: Applicant) -> None:
    User.objects.filter(email=ana.email).update(is_staff=True)
    assert ana.get("case").headers["Location"] == FACTORS


def test_staff_cannot_give_up_their_last_factor(rita: User, browser: Client) -> None:
    """Mutant seen red: `can_delete_authenticator` is allauth's own."""
    enter(browser, rita)
    assert "Add a passkey first" in words(browser.get(SETTING_UP + "off/"))
    assert browser.post(SETTING_UP + "off/").status_code == 422
    assert Authenticator.objects.filter(user=rita).count() == 1


def test_an_applicant_switches_the_app_on_and_off(ana: Applicant, transactional_db: None) -> None:
    page = ana.sign_in_again().client.get(SETTING_UP)
    ana.client.post(SETTING_UP, {"code": totp_code(page.context["form"].secret)})
    assert Authenticator.objects.filter(user=ana.user).count() == 2
    assert ana.client.post(SETTING_UP + "off/").status_code == 302
    assert not Authenticator.objects.filter(user=ana.user).exists()
    assert newest_mail(ana.email).subject == "Your authenticator app is switched off"


def test_what_matters_is_asked_for_again_after_a_while(ana: Applicant) -> None:
    """Right after signing in nobody is asked twice. Mutant seen red: a sign-in of last week counts."""
    other = Client()
    other.post("/account/sign-in/", {"login": ana.email, "password": PASSWORD})
    assert other.get(SETTING_UP).status_code == 200
    with time_machine.travel(time.time() + 400, tick=False):
        asked = other.get(SETTING_UP).headers["Location"]
        assert asked.startswith("/account/again/")
        assert other.post(asked, {"password": "wrong"}).status_code == 422
        answer = other.post("/account/again/", {"password": PASSWORD, "next": SETTING_UP})
        assert answer.headers["Location"] == SETTING_UP
        assert other.get(SETTING_UP).status_code == 200


NONSENSE = [
    "",
    "x",
    "[]",
    "1",
    "null",
    "{}",
    '{"a": 1}',
    '{"id": "x", "rawId": "x", "response": {}, "type": 1}',
]
SHAPED = json.dumps(
    {
        "type": "public-key",
        "id": "AAAA",
        "rawId": "AAAA",
        "response": {
            "clientDataJSON": "AAAA",
            "authenticatorData": "AAAA",
            "signature": "AAAA",
            "userHandle": "MQ",
        },
        "clientExtensionResults": {},
    }
)


ADDED = SHAPED.replace("authenticatorData", "attestationObject")


@pytest.mark.parametrize("credential", [*NONSENSE, SHAPED, ADDED, ADDED.replace("AAAA", "o2NmbXQ")])
def test_a_made_up_passkey_is_refused_without_a_fault(credential: str, rita: User, ana: Applicant) -> None:
    """At signing in alone, as second step, at being asked again, and at adding one."""
    browser = Client()
    browser.get("/account/sign-in/passkey/", headers={"accept": "application/json"})
    answer = browser.post("/account/sign-in/passkey/", {"credential": credential})
    assert answer.status_code in {302, 422}
    assert not is_in(browser)
    browser = Client()
    browser.post("/account/sign-in/", {"login": rita.email, "password": PASSWORD})
    browser.get(STEP)
    assert browser.post(STEP, {"credential": credential}).status_code == 422
    assert not is_in(browser)
    ana.sign_in_again().client.get("/account/second-factor/passkey/")
    answer = ana.client.post("/account/second-factor/passkey/", {"credential": credential, "name": "n"})
    assert answer.status_code == 422
    assert Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN).count() == 0


def test_passkeys_of_others_do_not_exist(ana: Applicant, rita: User) -> None:
    key = Authenticator.objects.create(user=rita, type="webauthn", data={"name": "hers", "credential": {}})
    ana.sign_in_again()
    for path in (f"passkey/{key.pk}/", f"passkey/{key.pk}/off/", "passkey/999999/", "passkey/999999/off/"):
        assert ana.client.get(FACTORS + path).status_code == 404
        assert ana.client.post(FACTORS + path, {"name": "mine"}).status_code == 404
    key.refresh_from_db()
    assert key.data["name"] == "hers"


def test_demo_staff_see_their_code_in_a_demo_only(browser: Client, settings: Any) -> None:
    """Mutants seen red: shown outside the demo; shown for everybody."""
    settings.DEMO = True
    for role in Role:
        Group.objects.get_or_create(name=role)
    user = demo_people.make_colleagues()["rita"]
    password = demo_people.STAFF_PASSWORD
    browser.post("/account/sign-in/", {"login": user.email, "password": password})
    shown = browser.get(STEP).context["demo_code"]
    assert shown == code_of(user)
    assert f"The code is now {shown}" in words(browser.get(STEP))
    assert browser.post(STEP, {"code": shown}).status_code == 302
    again = Client()  # within the same half minute
    again.post("/account/sign-in/", {"login": user.email, "password": password})
    assert again.post(STEP, {"code": again.get(STEP).context["demo_code"]}).status_code == 302
    settings.DEMO = False
    real = Client()
    real.post("/account/sign-in/", {"login": user.email, "password": password})
    assert "The code is now" not in words(real.get(STEP))


def test_other_staff_see_no_code_in_a_demo(rita: User, browser: Client, settings: Any) -> None:
    settings.DEMO = True
    browser.post("/account/sign-in/", {"login": rita.email, "password": PASSWORD})
    assert "The code is now" not in words(browser.get(STEP))
