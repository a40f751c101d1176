"""Settings: production accepts what works and refuses the rest, naming the variable, in one go."""

from __future__ import annotations

import importlib.util
import os
import runpy
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.views.debug import SafeExceptionReporterFilter

from onboarding.settings import VARIABLES

PROJECT = Path(__file__).resolve().parent.parent
KEY = "k3y-8Qz0aV5rT1nB7xW2mC9sL4pD6fG-hJ_uYeIoRtEwQzXcVbNm"
PASSWORD = "s3cret-of-the-database"
MAIL_PASSWORD = "s3cret-of-the-mail"
API_KEY = "s3cret-of-temporal"
DOCUMENT_KEY = "8Qz0aV5rT1nB7xW2mC9sL4pD6fGhJuYeIoRtEwQzXcU="
SECRETS = (KEY, PASSWORD, MAIL_PASSWORD, API_KEY, DOCUMENT_KEY)
SOUND = {
    "SITE_URL": "https://onboarding.example",
    "ALLOWED_HOSTS": "onboarding.example",
    "SECRET_KEY": KEY,
    "DOCUMENT_KEYS": f"2026-01:{DOCUMENT_KEY}",
    "DATABASE_URL": f"postgres://onboarding:{PASSWORD}@db.internal:5432/onboarding?sslmode=verify-full",
    "EMAIL_URL": f"smtp+tls://onboarding:{MAIL_PASSWORD}@mail.internal:587",
    "TEMPORAL_ADDRESS": "temporal.internal:7233",
    "TEMPORAL_TLS": "1",
    "TEMPORAL_API_KEY": API_KEY,
}
"""Production at its most usual. Every test changes one thing about it."""

NONSENSE = [
    ("DEMO", "perhaps"),
    ("DJANGO_DEBUG", "maybe"),
    ("DJANGO_DEBUG", "1"),
    ("VAR_DIR", str(PROJECT / "manage.py")),
    ("VAR_DIR", "~nobody-of-this-name/var"),
    ("SITE_URL", "onboarding.example"),
    ("SITE_URL", "ftp://onboarding.example"),
    ("SITE_URL", "https://"),
    ("SITE_URL", "https://onboarding.example/app"),
    ("SITE_URL", "https://onboarding.example?x"),
    ("SITE_URL", "https://onboarding.example:99999"),
    ("SITE_URL", "https://[broken"),
    ("SITE_URL", f"https://me:{PASSWORD}@onboarding.example"),
    ("SITE_URL", "http://onboarding.example"),
    ("SECRET_KEY", "short"),
    ("SECRET_KEY", "x" * 60),
    ("SECRET_KEY", "django-insecure-" + KEY),
    ("ALLOWED_HOSTS", "*"),
    ("ALLOWED_HOSTS", "onboarding.example,*"),
    ("ALLOWED_HOSTS", "https://onboarding.example"),
    ("ALLOWED_HOSTS", "onboarding.example:443"),
    ("ALLOWED_HOSTS", "onboarding.example other.example"),
    ("CSRF_TRUSTED_ORIGINS", "onboarding.example"),
    ("CSRF_TRUSTED_ORIGINS", "https://onboarding.example/"),
    ("DATABASE_URL", "garbage"),
    ("DATABASE_URL", f"mysql://onboarding:{PASSWORD}@db.internal/onboarding"),
    ("DATABASE_URL", f"postgres://onboarding:{PASSWORD}@db.internal:port/onboarding"),
    ("DATABASE_URL", f"postgres://onboarding:{PASSWORD}@db.internal"),
    ("DATABASE_URL", "postgres://onboarding:postgres@db.internal/onboarding"),
    ("DATABASE_URL", "postgres://onboarding:password@db.internal/onboarding"),
    ("DATABASE_URL", "postgres://onboarding:onboarding@db.internal/onboarding"),
    ("DATABASE_POOL_SIZE", "0"),
    ("DATABASE_POOL_SIZE", "many"),
    ("DATABASE_POOL_SIZE", "9" * 40),
    ("ACCOUNT_RATE_LIMITS", "5"),
    ("API_RATE_LIMITS", "5"),
    ("API_DOCS_PUBLIC", "maybe"),
    ("TEMPORAL_ADDRESS", "temporal.internal"),
    ("TEMPORAL_ADDRESS", "https://temporal.internal:7233"),
    ("TEMPORAL_ADDRESS", "temporal.internal:seven"),
    ("TEMPORAL_ADDRESS", "temporal.internal:0"),
    ("TEMPORAL_ADDRESS", "temporal.internal:" + "9" * 5000),
    ("TEMPORAL_NAMESPACE", "two words"),
    ("TEMPORAL_TASK_QUEUE", "tab\tqueue"),
    ("TEMPORAL_RETENTION_DAYS", "0"),
    ("TEMPORAL_RETENTION_DAYS", "-1"),
    ("TEMPORAL_RETENTION_DAYS", "99999"),
    ("TEMPORAL_TLS", "tls"),
    ("TEMPORAL_TLS_CA_FILE", "/nowhere/ca.pem"),
    ("TEMPORAL_TLS_CERT_FILE", "/nowhere/cert.pem"),
    ("TEMPORAL_TLS_KEY_FILE", "/nowhere/key.pem"),
    ("TEMPORAL_API_KEY", f"{API_KEY} ümlaut"),
    ("TEMPORAL_ALLOW_PLAINTEXT", "y"),
    ("TEMPORAL_TIMEOUT_SECONDS", "soon"),
    ("TEMPORAL_TIMEOUT_SECONDS", "0"),
    ("TEMPORAL_TIMEOUT_SECONDS", "60"),
    ("TEMPORAL_TIMEOUT_SECONDS", "nan"),
    ("WORKER_WORKFLOW_SLOTS", "1"),
    ("WORKER_ACTIVITY_THREADS", "0"),
    ("WORKER_ACTIVITY_THREADS", "2.5"),
    ("WORKER_CACHED_WORKFLOWS", "-5"),
    ("WORKER_DRAIN_SECONDS", "inf"),
    ("WORKER_DRAIN_SECONDS", "-1"),
    ("RELAY_SWEEP_SECONDS", "0"),
    ("POLICY", "{"),
    ("POLICY", "[1, 2]"),
    ("POLICY", "[" * 100_000),
    ("EMAIL_URL", "telegraph://mail.internal"),
    ("EMAIL_URL", f"smtp://me:{MAIL_PASSWORD}@mail.internal:port"),
    ("EMAIL_URL", "smtp://"),
    ("DEFAULT_FROM_EMAIL", "Onboarding"),
    ("DEFAULT_FROM_EMAIL", "a@example.org\r\nBcc: b@example.org"),
    ("DOCUMENT_DIR", str(PROJECT / "manage.py")),
    ("DOCUMENT_KEYS", DOCUMENT_KEY),
    ("DOCUMENT_KEYS", f"2026-01:{DOCUMENT_KEY[:-2]}"),
    ("DOCUMENT_KEYS", f"2026-01:{DOCUMENT_KEY},2026-01:{DOCUMENT_KEY}"),
    ("DOCUMENT_KEYS", "2026-01:" + "A" * 43 + "="),
    ("DOCUMENT_S3_BUCKET", "my documents"),
    ("DOCUMENT_S3_ENDPOINT", "minio:9000"),
    ("DOCUMENT_S3_REGION", "eu central"),
    ("CLAMD_ADDRESS", "clamd"),
    ("CLAMD_ADDRESS", "clamd.ctl"),
    ("CLAMD_ADDRESS", "clamd:0"),
    ("CLAMD_TIMEOUT_SECONDS", "30"),
    ("UPLOAD_MAX_BYTES", "10MB"),
    ("UPLOAD_MAX_BYTES", "1"),
    ("STATIC_ROOT", str(PROJECT / "manage.py")),
    ("SESSION_SECONDS", "60"),
    ("SESSION_IDLE_SECONDS", "3 days"),
    ("STAFF_SESSION_SECONDS", "0"),
    ("STAFF_SESSION_IDLE_SECONDS", "1"),
    ("BEHIND_PROXY", "nginx"),
    ("LOG_LEVEL", "LOUD"),
]


@pytest.fixture
def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Any:
    """Reads the settings in an environment of its own, as a fresh process would."""

    def read(changes: dict[str, str] | None = None, *, base: dict[str, str] = SOUND) -> dict[str, Any]:
        with monkeypatch.context() as patch:
            for name in list(os.environ):
                patch.delenv(name)
            for name, value in {"VAR_DIR": str(tmp_path), **base, **(changes or {})}.items():
                patch.setenv(name, value)
            return runpy.run_path(str(PROJECT / "onboarding" / "settings.py"))

    return read


def complaints(refusal: pytest.ExceptionInfo[ImproperlyConfigured]) -> list[str]:
    return str(refusal.value).splitlines()[1:]


@pytest.mark.parametrize(("name", "value"), NONSENSE)
def test_nonsense_is_refused_with_the_variables_name(load: Any, name: str, value: str) -> None:
    """Mutant seen red: `number` asks `number < minimum or number > maximum`, which lets `nan` in."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        load({name: value})
    (complaint,) = complaints(refusal)
    assert complaint.startswith(f"{name} ")
    assert complaint.endswith(".")
    assert not [secret for secret in SECRETS if secret in complaint]


def test_every_variable_has_nonsense_that_is_refused() -> None:
    assert {name for name, _ in NONSENSE} == set(VARIABLES)


def test_production_accepts_what_works(load: Any) -> None:
    assert load()["DEBUG"] is False


def test_everything_that_is_missing_is_named_at_once(load: Any) -> None:
    """Mutant seen red: EMAIL_URL falls back to the console, so that codes end up in the log."""
    with pytest.raises(ImproperlyConfigured) as refusal:
        load(base={})
    named = {complaint.split()[0] for complaint in complaints(refusal)}
    assert named == {"SITE_URL", "SECRET_KEY", "ALLOWED_HOSTS", "EMAIL_URL", "DOCUMENT_KEYS"}


def test_a_demo_needs_nothing_and_keeps_its_secret(load: Any) -> None:
    first = load(base={"DEMO": "1"})
    again = load(base={"DEMO": "1"})
    assert again["SECRET_KEY"] == first["SECRET_KEY"]
    assert again["DOCUMENT_KEYS"].key("demo") == first["DOCUMENT_KEYS"].key("demo")
    assert len(first["DOCUMENT_KEYS"].key("demo")) == 32


def test_a_demo_that_cannot_write_its_secret_says_so(load: Any, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(
        ImproperlyConfigured, match=r"SECRET_KEY is missing, and .* cannot be written"
    ) as refusal:
        load({"VAR_DIR": str(tmp_path / "file" / "below")}, base={"DEMO": "1"})
    assert "DOCUMENT_KEYS is missing, and" in str(refusal.value)


def test_master_keys_can_come_from_a_file_one_a_line(load: Any, tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"2026-01:{DOCUMENT_KEY},\n2025-01:{DOCUMENT_KEY[1:-1]}8=\n")
    loaded = load({"DOCUMENT_KEYS": "", "DOCUMENT_KEYS_FILE": str(file)})
    assert loaded["DOCUMENT_KEYS"].ids == ("2026-01", "2025-01")


def test_a_bucket_needs_its_libraries(load: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mutant seen red: nobody looks before the first upload."""
    assert load({"DOCUMENT_S3_BUCKET": "documents"})["DOCUMENT_S3_BUCKET"] == "documents"
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(ImproperlyConfigured, match=r"DOCUMENT_S3_BUCKET needs libraries .* '\.\[s3\]'"):
        load({"DOCUMENT_S3_BUCKET": "documents"})


@pytest.mark.parametrize("address", ["", "/run/clamav/clamd.ctl", "clamd:3310", "[::1]:3310"])
def test_the_scanner_is_a_socket_a_host_or_nothing(load: Any, address: str) -> None:
    assert load({"CLAMD_ADDRESS": address})["CLAMD_ADDRESS"] == address


def test_another_machine_without_encryption_is_refused(load: Any) -> None:
    """Mutant seen red: TEMPORAL_ALLOW_PLAINTEXT is not asked."""
    changes = {"TEMPORAL_API_KEY": "", "TEMPORAL_TLS": "0"}
    with pytest.raises(ImproperlyConfigured, match="TEMPORAL_ADDRESS is another machine"):
        load(changes)
    for accepted in (
        {"TEMPORAL_TLS": "1"},
        {"TEMPORAL_ALLOW_PLAINTEXT": "1"},
        {"TEMPORAL_ADDRESS": "127.0.0.1:7233"},
        {"TEMPORAL_ADDRESS": "[::1]:7233"},
        {"TEMPORAL_ADDRESS": "localhost:7233"},
    ):
        assert load(changes | accepted)["TEMPORAL_ADDRESS"]


def test_certificates_go_together_and_need_tls(load: Any, tmp_path: Path) -> None:
    pem = tmp_path / "some.pem"
    pem.touch()
    with pytest.raises(ImproperlyConfigured, match="TEMPORAL_TLS_CERT_FILE and TEMPORAL_TLS_KEY_FILE"):
        load({"TEMPORAL_TLS": "1", "TEMPORAL_TLS_CERT_FILE": str(pem)})
    with pytest.raises(ImproperlyConfigured, match="TEMPORAL_TLS is off"):
        load({"TEMPORAL_TLS": "0", "TEMPORAL_TLS_CA_FILE": str(pem)})


def test_plain_http_is_for_this_machine_only(load: Any) -> None:
    loaded = load({"SITE_URL": "http://localhost:8000"})
    assert loaded["SECURE"] is False
    assert load()["SESSION_COOKIE_NAME"].startswith("__Host-")


def test_postgres_gets_a_pool_and_keeps_its_own_options(load: Any) -> None:
    """Mutant seen red: the pool replaces the options of DATABASE_URL, and `sslmode` is dropped."""
    options = load({"DATABASE_POOL_SIZE": "7"})["DATABASES"]["default"]["OPTIONS"]
    assert options["sslmode"] == "verify-full"
    assert options["pool"]["max_size"] == 7


def test_sqlite_writes_wait_for_each_other(load: Any) -> None:
    options = load({"DATABASE_URL": "sqlite:////tmp/some.sqlite3"})["DATABASES"]["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"


def test_error_pages_and_reprs_show_no_secret(load: Any) -> None:
    shown = SafeExceptionReporterFilter()
    loaded = load()
    page = repr({name: shown.cleanse_setting(name, loaded[name]) for name in loaded if name.isupper()})
    assert "onboarding.example" in page
    assert not [secret for secret in SECRETS if secret in page + repr(loaded["env"])]
