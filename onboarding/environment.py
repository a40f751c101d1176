"""Typed reading of environment variables. Every refusal names the variable and says what to write."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}


class Environment:
    """Reads variables, remembers their names and collects every complaint before it refuses to start."""

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = os.environ if values is None else values
        self._complaints: list[str] = []
        self.variables: list[str] = []

    def _raw(self, name: str) -> str | None:
        """The value of `NAME`, or the content of the file that `NAME_FILE` points to."""
        self.variables.append(name)
        value = self._values.get(name)
        pointed = self._values.get(f"{name}_FILE") if not name.endswith("_FILE") else None
        if value is None and pointed:
            try:
                value = Path(pointed).read_text(encoding="utf-8").strip()
            except OSError as error:
                self._complain(f"{name}_FILE", f"cannot be read: {error.strerror}")
        return None if value is None else value.strip()

    def _complain(self, name: str, what: str) -> None:
        self._complaints.append(f"{name} {what}.")

    def refuse_unfinished(self) -> None:
        """Raises `ImproperlyConfigured` with one line per refused variable."""
        if self._complaints:
            raise ImproperlyConfigured("\n".join(["These settings need attention:", *self._complaints]))

    def text(self, name: str, *, default: str) -> str:
        return self._raw(name) or default

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self._raw(name)
        if not value:
            return default
        if value.lower() not in TRUE | FALSE:
            self._complain(name, f"is {value!r}; write 1 or 0")
        return value.lower() in TRUE

    def number(
        self, name: str, *, default: float, minimum: float | None = None, maximum: float | None = None
    ) -> float:
        value = self._raw(name)
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            self._complain(name, f"is {value!r}; write a number")
            return default
        if not (minimum is None or number >= minimum) or not (maximum is None or number <= maximum):
            bounds = f"between {minimum} and {maximum}" if maximum is not None else f"of at least {minimum}"
            self._complain(name, f"is {value}; write a number {bounds}")
            return default
        return number

    def integer(self, name: str, *, default: int, minimum: int) -> int:
        value = self._raw(name)
        if not value:
            return default
        if not value.isdecimal() or int(value) < minimum:
            self._complain(name, f"is {value!r}; write a whole number of at least {minimum}")
            return default
        return int(value)

    def words(self, name: str, *, default: Sequence[str] | None) -> list[str]:
        value = self._raw(name)
        if not value:
            if default is None:
                self._complain(name, "is missing; write one or more values, separated by commas")
            return list(default or [])
        return [word.strip() for word in value.split(",") if word.strip()]

    def choice(self, name: str, *, default: str, choices: Sequence[str]) -> str:
        value = (self._raw(name) or default).upper()
        if value not in choices:
            self._complain(name, f"is {value!r}; write one of {', '.join(choices)}")
            return default
        return value

    def path(self, name: str, *, default: Path) -> Path:
        return Path(self._raw(name) or default).expanduser().resolve()

    def file(self, name: str) -> Path | None:
        """A file that must exist, or None."""
        value = self._raw(name)
        if not value:
            return None
        if not Path(value).is_file():
            self._complain(name, f"points to {value}, which is not a file")
        return Path(value)

    def url(self, name: str, *, default: str | None) -> str:
        value = self._raw(name) or default
        if not value:
            self._complain(name, "is missing; write the address people use, like https://example.org")
            return "https://unset.invalid"
        parts = urlsplit(value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path.strip("/"):
            self._complain(name, f"is {value!r}; write scheme and host, like https://example.org")
        return value.rstrip("/")

    def host_port(self, name: str, *, default: str) -> str:
        value = self._raw(name) or default
        host, _, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) < 65536:
            self._complain(name, f"is {value!r}; write host:port, like 127.0.0.1:7233")
            return default
        return value

    def secret(self, name: str, *, demo_file: Path | None) -> str:
        """A secret key of at least 50 characters; a demo makes its own and keeps it in `demo_file`."""
        value = self._raw(name)
        if not value and demo_file is not None:
            if not demo_file.exists():
                demo_file.parent.mkdir(parents=True, exist_ok=True)
                fresh = demo_file.with_name(f"{demo_file.name}.{os.getpid()}")
                fresh.write_text(secrets.token_urlsafe(64), encoding="utf-8")
                fresh.chmod(0o600)
                try:
                    os.link(fresh, demo_file)  # the first of several processes wins
                except FileExistsError:
                    pass
                finally:
                    fresh.unlink()
            value = demo_file.read_text(encoding="utf-8").strip()
        if not value or len(value) < 50 or "insecure" in value or len(set(value)) < 10:
            self._complain(name, "is missing or weak; write 50 or more random characters")
            return "unset"
        return value

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        value = self._raw(name) or default
        try:
            config: dict[str, Any] = dict(environ.Env.db_url_config(value))
        except (ValueError, KeyError, ImproperlyConfigured):
            config = {}
        if config.get("ENGINE") not in {"django.db.backends.sqlite3", "django.db.backends.postgresql"}:
            self._complain(name, "is not usable; write sqlite:////path or postgres://user:password@host/name")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        return config

    def email(self, name: str, *, default: str, folder: Path) -> dict[str, Any]:
        """`console`, `file` (into `folder`), or `smtp://user:password@host:port` (STARTTLS: `smtp+tls://`)."""
        value = self._raw(name) or default
        if value == "console":
            return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
        if value == "file":
            return {
                "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
                "EMAIL_FILE_PATH": str(folder),
            }
        try:
            config = dict(environ.Env.email_url_config(value))
        except (ValueError, KeyError, ImproperlyConfigured):
            config = {}
        if not config.get("EMAIL_HOST"):
            self._complain(name, "is not usable; write console, file or smtp+tls://user:password@host:587")
        config.pop("EMAIL_FILE_PATH", None)
        return config

    def json(self, name: str) -> dict[str, Any]:
        value = self._raw(name)
        try:
            content = json.loads(value) if value else {}
        except ValueError:
            content = None
        if not isinstance(content, dict):
            self._complain(name, 'is not a JSON object; write something like {"review_sla_seconds": 3600}')
            return {}
        return content

    def rate_limits(self, name: str) -> dict[str, str] | bool:
        """`off` switches allauth's limits off (load tests on loopback); anything else keeps its defaults."""
        value = self._raw(name)
        if not value:
            return {}
        if value.lower() != "off":
            self._complain(name, f"is {value!r}; write off, or leave it out")
        return False
