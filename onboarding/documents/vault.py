"""The one door to stored documents. They rest encrypted, each file bound to its case, document and page.

`vault_seal` says what a file looks like, `vault_keys` whose key opens it, `vault_local` and `vault_s3` where
it lies. Whatever goes wrong is a `VaultError`.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Protocol

from django.conf import settings

from onboarding.documents import vault_keys, vault_seal
from onboarding.documents.vault_errors import (
    DocumentHeld,
    DocumentLocked,
    DocumentMissing,
    VaultError,
    VaultUnavailable,
)
from onboarding.documents.vault_local import LocalFiles
from onboarding.models.cases import Case
from onboarding.models.documents import Document, Scan

__all__ = ["DocumentHeld", "DocumentLocked", "DocumentMissing", "VaultError", "VaultUnavailable"]

ORIGINAL = 0
"""Stands in the place of a page's number, which counts from 1, for the upload as it was sent."""


class Files(Protocol):
    """Where files lie. `vault_local.LocalFiles` says what each method promises."""

    def keep(self, data: bytes) -> str: ...
    def fetch(self, name: str) -> bytes: ...
    def forget(self, name: str) -> None: ...
    def older_than(self, moment: datetime) -> Iterator[str]: ...
    def clear_unfinished(self, moment: datetime) -> None: ...


def store(data: bytes, case: Case, document_id: uuid.UUID, page: int) -> str:
    """Keeps one page encrypted and durably, and returns its new name.

    Args:
        page: counted from 1, or `ORIGINAL`.

    Raises:
        VaultUnavailable: nothing was kept.
        DocumentLocked: nothing was kept, because the key of this person can't be had.
    """
    key = vault_keys.key_for(case.applicant_id)
    return _files().keep(vault_seal.seal(data, key, vault_seal.place(case.pk, document_id, page)))


def read(document: Document, page: int) -> bytes:
    """One page as it was stored.

    Args:
        page: counted from 1.

    Raises:
        DocumentMissing: there is no such page, or its file is gone.
        DocumentHeld: it waits for the virus scanner.
        DocumentLocked: it can't be opened.
        VaultUnavailable: not now.
    """
    if not 1 <= page <= len(document.pages):
        raise DocumentMissing(f"document {document.pk} has no page {page}")
    if document.scan == Scan.WAITING:
        raise DocumentHeld(f"document {document.pk} waits for the virus scanner")
    stored = document.pages[page - 1]
    if not document.sealed:
        return _in_clear(document, stored["name"], stored["sha256"])
    return _opened(document, stored["name"], page)


def read_original(document: Document) -> bytes:
    """The upload as it was sent, of a document that waits for the virus scanner. For nobody's eyes.

    Raises:
        DocumentMissing, DocumentLocked, VaultUnavailable.
    """
    return _opened(document, document.original, ORIGINAL)


def delete(name: str) -> None:
    """Forgets one file; doing it twice is harmless.

    Raises:
        DocumentMissing: `name` is no name of ours.
        VaultUnavailable: it may still be there.
    """
    _files().forget(name)


def sweep(known: Collection[str], *, now: datetime, grace: timedelta) -> tuple[str, ...]:
    """Deletes what nobody knows and was stored longer than `grace` before `now`; returns the names.

    A file is stored before the row that names it is committed: `grace` must be much longer than a request
    takes, and `known` (a set: it is asked once per file) must have been read less than `grace` ago.

    Raises:
        VaultUnavailable: some may be left for the next sweep.
    """
    files = _files()
    files.clear_unfinished(now - grace)
    swept = tuple(name for name in files.older_than(now - grace) if name not in known)
    for name in swept:
        files.forget(name)
    return swept


def _files() -> Files:
    if settings.DOCUMENT_S3_BUCKET:
        from onboarding.documents import vault_s3  # here: its libraries are an extra

        return vault_s3.connected(
            settings.DOCUMENT_S3_BUCKET, settings.DOCUMENT_S3_ENDPOINT, settings.DOCUMENT_S3_REGION
        )
    return LocalFiles(settings.DOCUMENT_DIR)


def _opened(document: Document, name: str, page: int) -> bytes:
    file = _files().fetch(name)
    try:
        key = vault_keys.key_of(document.case.applicant_id)
        return vault_seal.unseal(file, key, vault_seal.place(document.case_id, document.pk, page))
    except DocumentLocked as error:
        raise DocumentLocked(f"document {document.pk} cannot be opened: {error}") from error


def _in_clear(document: Document, name: str, sha256: str) -> bytes:
    """A page that the first release stored. The row says what it must be, so nobody can slip in another."""
    data = _files().fetch(name)
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DocumentLocked(f"document {document.pk} cannot be opened: it is not what was stored here")
    return data
