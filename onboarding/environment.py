"""Typed reading of environment variables. Every refusal names the variable and says what to write."""

from __future__ import annotations

import json
import os
import secrets
import warnings
from collections.abc import Callable, Mapping, Sequence
from email.utils import parseaddr
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from django.core.exceptions import ImproperlyConfigured

from onboarding import keyring

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off"}
LARGEST = 2**31 - 1
DATABASE_ENGINES = {"django.db.backends.sqlite3", "django.db.backends.postgresql"}


def is_loopback(host: str) -> bool:
    """True for names and addresses that never leave the machine."""
    bare = host.strip("[]").lower()
    try:
        return ip_address(bare).is_loopback
    except ValueError:
        return bare == "localhost" or bare.endswith(".localhost")


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
        if value and pointed:
            self.refuse(name, f"and {name}_FILE are both set; write one of them")
        elif pointed:
            try:
                value = Path(pointed).read_text(encoding="utf-8")
            except OSError as error:
                self.refuse(f"{name}_FILE", f"cannot be read: {error.strerror}")
            except ValueError:
                self.refuse(f"{name}_FILE", "cannot be read: it is not a text")
        return None if value is None else value.strip()

    def refuse(self, name: str, what: str) -> None:
        """Remembers a complaint: `what` goes on with a sentence that begins with the variable's name."""
        self._complaints.append(f"{name} {what}.")

    def refuse_unfinished(self) -> None:
        """Raises `ImproperlyConfigured` with one line per refused variable."""
        if self._complaints:
            raise ImproperlyConfigured("\n".join(["These settings need attention:", *self._complaints]))

    def word(self, name: str, *, default: str) -> str:
        """A name or key: printable ASCII without spaces. It may be secret, so it is never repeated."""
        value = self._raw(name) or default
        if not (value.isascii() and value.isprintable()) or " " in value or len(value) > 4096:
            self.refuse(name, "holds a space or a strange character; write it in plain letters and digits")
            return default
        return value

    def address(self, name: str, *, default: str) -> str:
        """An e-mail address, alone or as `Name <address>`."""
        value = self._raw(name) or default
        local, _, domain = parseaddr(value)[1].rpartition("@")
        if not (local and domain and value.isprintable()):
            self.refuse(name, f"is {value!r}; write an address, like Onboarding <no-reply@example.org>")
            return default
        return value

    def boolean(self, name: str, *, default: bool) -> bool:
        value = self._raw(name)
        if not value:
            return default
        if value.lower() not in TRUE | FALSE:
            self.refuse(name, f"is {value!r}; write 1 or 0")
        return value.lower() in TRUE

    def number(self, name: str, *, default: float, minimum: float, maximum: float) -> float:
        value = self._raw(name)
        if not value:
            return default
        try:
            number = float(value)
        except ValueError:
            self.refuse(name, f"is {value!r}; write a number")
            return default
        if not minimum <= number <= maximum:  # also refuses nan
            self.refuse(name, f"is {value}; write a number between {minimum:g} and {maximum:g}")
            return default
        return number

    def integer(self, name: str, *, default: int, minimum: int, maximum: int = LARGEST) -> int:
        value = self._raw(name)
        if not value:
            return default
        if not value.isdecimal() or len(value) > 10 or not minimum <= int(value) <= maximum:
            self.refuse(name, f"is {value!r}; write a whole number from {minimum} to {maximum}")
            return default
        return int(value)

    def hosts(self, name: str, *, default: Sequence[str] | None) -> list[str]:
        """Host names separated by commas; a leading dot stands for all names below."""
        hosts = self._words(name, default, "write the hosts of this site, separated by commas")
        for host in hosts:
            if host == "*":
                continue
            if not host.strip("[].*") or set(host) & set("/@ ") or (":" in host and not host.endswith("]")):
                self.refuse(name, f"holds {host!r}; write hosts without scheme and port, like example.org")
        return hosts

    def origins(self, name: str, *, default: Sequence[str]) -> list[str]:
        """Scheme and host, separated by commas."""
        origins = self._words(name, default, "")
        for origin in origins:
            if not origin.startswith(("https://", "http://")) or "/" in origin.split("://", 1)[1]:
                self.refuse(name, f"holds {origin!r}; write scheme and host, like https://example.org")
        return origins

    def _words(self, name: str, default: Sequence[str] | None, advice: str) -> list[str]:
        value = self._raw(name)
        words = [word.strip() for word in (value or "").split(",") if word.strip()]
        if not words and default is None:
            self.refuse(name, f"is missing; {advice}")
        return words or list(default or [])

    def choice(self, name: str, *, default: str, choices: Sequence[str]) -> str:
        value = (self._raw(name) or default).upper()
        if value not in choices:
            self.refuse(name, f"is {value!r}; write one of {', '.join(choices)}")
            return default
        return value

    def path(self, name: str, *, default: Path) -> Path:
        """A folder, which need not exist yet."""
        value = self._raw(name)
        try:
            folder = Path(value or default).expanduser().resolve()
        except (RuntimeError, OSError):
            self.refuse(name, f"is {value!r}; write the path of a folder")
            return default
        if folder.exists() and not folder.is_dir():
            self.refuse(name, f"points to {folder}, which is not a folder")
        return folder

    def file(self, name: str) -> Path | None:
        """A file that must exist, or None."""
        value = self._raw(name)
        if not value:
            return None
        if not Path(value).is_file():
            self.refuse(name, f"points to {value}, which is not a file")
            return None
        return Path(value)

    def url(self, name: str, *, default: str | None) -> str:
        """Scheme and host, without path. With an empty default it may be left out."""
        value = self._raw(name) or default
        if value == "":
            return value
        if not value:
            self.refuse(name, "is missing; write the address people use, like https://example.org")
            return "https://unset.invalid"
        try:
            parts = urlsplit(value)
            sound = parts.port != 0 and parts.scheme in {"http", "https"} and bool(parts.hostname)
        except ValueError:
            sound = False
        if not sound or "@" in value or set(value) & set(" ?#\\") or parts.path.strip("/"):
            self.refuse(name, "is not usable; write scheme and host alone, like https://example.org")
            return "https://unset.invalid"
        return value.rstrip("/")

    def host_port(self, name: str, *, default: str, or_path: bool = False) -> str:
        """Host and port; with `or_path` also the path of a socket, or nothing."""
        value = self._raw(name) or default
        if or_path and (not value or value.startswith("/")):
            return value
        host, _, port = value.rpartition(":")
        strange = set(host) & set("/@ ,") or (":" in host and not host.endswith("]"))
        if not host or strange or not port.isdecimal() or len(port) > 5 or not 0 < int(port) < 65536:
            self.refuse(name, f"is {value!r}; write host:port, like 127.0.0.1:7233")
            return default
        return value

    def secret(self, name: str, *, demo_file: Path | None) -> str:
        """A secret key of at least 50 characters; a demo makes its own and keeps it in `demo_file`."""
        try:
            value = self._raw(name) or _kept(demo_file, lambda: secrets.token_urlsafe(64))
        except OSError as error:
            self.refuse(name, f"is missing, and {demo_file} cannot be written: {error.strerror}")
            return "unset"
        if not value or len(value) < 50 or "insecure" in value or len(set(value)) < 10:
            self.refuse(name, "is missing or weak; write 50 or more random characters")
            return "unset"
        return value

    def key_ring(self, name: str, *, demo_file: Path | None) -> keyring.KeyRing:
        """Master keys, the newest first; a demo makes its own and keeps it in `demo_file`."""
        try:
            return keyring.parse(self._raw(name) or _kept(demo_file, lambda: keyring.fresh("demo")))
        except OSError as error:
            self.refuse(name, f"is missing, and {demo_file} cannot be written: {error.strerror}")
        except ValueError as error:
            self.refuse(name, f"{error}; write id:key, the key as `openssl rand -base64 32` makes it")
        return keyring.KeyRing({"unset": b""})

    def database(self, name: str, *, default: str) -> dict[str, Any]:
        """A database by address. The address holds a password, so no complaint repeats it."""
        value = self._raw(name) or default
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # they repeat the address
                config: dict[str, Any] = dict(environ.Env.db_url_config(value))
        except (ValueError, KeyError, ImproperlyConfigured):
            config = {}
        if config.get("ENGINE") not in DATABASE_ENGINES or not config.get("NAME"):
            self.refuse(name, "is not usable; write sqlite:////path or postgres://user:password@host/name")
            return {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        return config

    def email(self, name: str, *, default: str | None, folder: Path) -> dict[str, Any]:
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
            config = dict(environ.Env.email_url_config(value or ""))
        except (ValueError, KeyError, ImproperlyConfigured):
            config = {}
        if not config.get("EMAIL_HOST"):
            state = "is not usable" if value else "is missing"
            self.refuse(name, f"{state}; write console, file or smtp+tls://user:password@host:587")
        return {
            key: content
            for key, content in config.items()
            if content is not None and key.startswith("EMAIL_") and key != "EMAIL_FILE_PATH"
        }

    def json(self, name: str) -> dict[str, Any]:
        value = self._raw(name)
        try:
            content = json.loads(value) if value else {}
        except (ValueError, RecursionError):
            content = None
        if not isinstance(content, dict):
            self.refuse(name, 'is not a JSON object; write something like {"review_sla_seconds": 3600}')
            return {}
        return content

    def rate_limits(self, name: str) -> dict[str, str] | bool:
        """`off` switches allauth's limits off (load tests on loopback); anything else keeps its defaults."""
        value = self._raw(name)
        if not value:
            return {}
        if value.lower() != "off":
            self.refuse(name, f"is {value!r}; write off, or leave it out")
        return False


def _kept(file: Path | None, make: Callable[[], str]) -> str:
    """The secret in this file, empty without one; the first of several processes makes it."""
    if file is None:
        return ""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f"{file.name}.{os.getpid()}")
        fresh.write_text(make(), encoding="utf-8")
        fresh.chmod(0o600)
        try:
            os.link(fresh, file)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return file.read_text(encoding="utf-8").strip()
