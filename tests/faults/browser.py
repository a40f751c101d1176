"""The least of a browser, behind a proxy that ends HTTPS: cookies, a form, and what may go wrong."""

from __future__ import annotations

import http.client
import re
from http.cookies import SimpleCookie
from urllib.parse import urlencode

LOOPBACK = "127.0.0.1"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


class NotSent(Exception):
    """The request did not leave, so it was certainly not carried out."""


class NoAnswer(Exception):
    """The request left and was not answered: whether it was carried out is unknown."""


class Visit:
    """One person's visit at one web process.

    Args:
        timeout_seconds: The promise is five; the answer that takes longer is counted by the caller.
    """

    def __init__(self, port: int, site: str, timeout_seconds: float = 15.0) -> None:
        self._port, self._site = port, site
        self._timeout = timeout_seconds
        self._cookies: dict[str, str] = {}

    def fill_in(self, path: str, fields: dict[str, str]) -> int:
        """Opens the page of a form, fills it in and sends it; returns the status of the answer.

        Raises:
            NotSent: nobody listens there.
            NoAnswer: the form was sent; nobody knows what became of it.
        """
        try:
            status, page = self._request("GET", path)
        except NoAnswer as error:
            raise NotSent(str(error)) from error
        token = TOKEN.search(page)
        if status != http.HTTPStatus.OK or token is None:
            raise NotSent(f"the form answers {status}")
        status, page = self._request("POST", path, {**fields, "csrfmiddlewaretoken": token[1]})
        return status

    def _request(self, method: str, path: str, fields: dict[str, str] | None = None) -> tuple[int, str]:
        connection = http.client.HTTPConnection(LOOPBACK, self._port, timeout=self._timeout)
        headers = {"Host": self._site.split("://")[1], "X-Forwarded-Proto": "https", "Origin": self._site}
        if self._cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self._cookies.items())
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            try:
                connection.connect()
            except (ConnectionRefusedError, TimeoutError) as error:
                raise NotSent(type(error).__name__) from error
            try:
                connection.request(method, path, urlencode(fields) if fields is not None else None, headers)
                answer = connection.getresponse()
                body = answer.read().decode("utf-8", errors="replace")
            except (OSError, http.client.HTTPException) as error:
                raise NoAnswer(type(error).__name__) from error
        finally:
            connection.close()
        for header in answer.headers.get_all("Set-Cookie", []):
            for name, morsel in SimpleCookie(header).items():
                self._cookies[name] = morsel.value
        return answer.status, body
