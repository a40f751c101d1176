"""Reading variables: values from files, and what counts as this machine."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from onboarding.environment import Environment, is_loopback


def test_a_secret_comes_from_the_file_that_is_named(tmp_path: Path) -> None:
    """Mutant seen red: the final line break of the file stays in the value."""
    file = tmp_path / "key"
    file.write_text("the-api-key\n", encoding="utf-8")
    env = Environment({"TEMPORAL_API_KEY_FILE": str(file)})
    assert env.word("TEMPORAL_API_KEY", default="") == "the-api-key"
    env.refuse_unfinished()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [(None, "SECRET_KEY_FILE cannot be read: No such file"), (b"\xff\xfe\x00", "it is not a text")],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: bytes | None, sentence: str) -> None:
    file = tmp_path / "key"
    if content is not None:
        file.write_bytes(content)
    env = Environment({"SECRET_KEY_FILE": str(file)})
    env.secret("SECRET_KEY", demo_file=None)
    with pytest.raises(ImproperlyConfigured, match=sentence):
        env.refuse_unfinished()


def test_value_and_file_together_are_refused(tmp_path: Path) -> None:
    env = Environment({"LOG_LEVEL": "INFO", "LOG_LEVEL_FILE": str(tmp_path / "level")})
    env.choice("LOG_LEVEL", default="INFO", choices=["INFO"])
    with pytest.raises(ImproperlyConfigured, match="LOG_LEVEL and LOG_LEVEL_FILE are both set"):
        env.refuse_unfinished()


def test_a_variable_that_is_a_file_is_not_read_from_another_file(tmp_path: Path) -> None:
    env = Environment({"TEMPORAL_TLS_CA_FILE_FILE": str(tmp_path / "ca")})
    assert env.file("TEMPORAL_TLS_CA_FILE") is None
    env.refuse_unfinished()


def test_an_empty_value_counts_as_missing() -> None:
    env = Environment({"DATABASE_POOL_SIZE": " ", "DEMO": "", "POLICY": ""})
    assert env.integer("DATABASE_POOL_SIZE", default=16, minimum=1) == 16
    assert env.boolean("DEMO", default=False) is False
    assert env.json("POLICY") == {}
    env.refuse_unfinished()


def test_all_complaints_come_together() -> None:
    """Mutant seen red: `refuse` raises at once, and people mend one variable per start."""
    env = Environment({"A": "x", "B": "y"})
    env.integer("A", default=1, minimum=1)
    env.boolean("B", default=True)
    with pytest.raises(ImproperlyConfigured) as refusal:
        env.refuse_unfinished()
    assert [line.split()[0] for line in str(refusal.value).splitlines()[1:]] == ["A", "B"]


@pytest.mark.parametrize("host", ["127.0.0.1", "127.8.9.1", "[::1]", "::1", "localhost", "LOCALHOST"])
def test_these_hosts_never_leave_the_machine(host: str) -> None:
    assert is_loopback(host)


@pytest.mark.parametrize(
    "host", ["192.0.2.1", "10.0.0.1", "temporal", "localhost.example.org", "127.0.0.1.x", ""]
)
def test_these_hosts_are_other_machines(host: str) -> None:
    """Mutant seen red: a name that begins with 127. or localhost passes."""
    assert not is_loopback(host)
