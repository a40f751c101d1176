"""Sessions in the database, written once where a transaction wants them inside."""

from __future__ import annotations

import secrets

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions


class SessionStore(DatabaseSessions):
    """Django's own, with a memory: what was saved and has not changed since is not saved again.

    So a view can save the session inside its transaction, and the middleware, which saves at the end of each
    request that changed it, only sets the cookie.
    """

    _unsaved = False

    @property
    def modified(self) -> bool:
        return self._modified

    @modified.setter
    def modified(self, value: bool) -> None:
        self._modified = value
        self._unsaved = self._unsaved or value

    def save(self, must_create: bool = False) -> None:
        if self._unsaved or must_create or self.session_key is None:
            super().save(must_create)
        self._unsaved = False

    def _get_new_session_key(self) -> str:
        """Not looked for beforehand: 128 bits are enough, and `create` draws again where one is taken."""
        return secrets.token_hex(16)
