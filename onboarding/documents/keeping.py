"""Puts the pages of an upload into the vault while the rows that name them are being written."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator

from onboarding.documents import vault
from onboarding.documents.intake import Intake
from onboarding.models.cases import Case


@contextlib.contextmanager
def kept(
    case: Case,
    document_id: uuid.UUID,
    taken: Intake,
    original: bytes | None,
    *,
    undone_by: tuple[type[Exception], ...],
) -> Iterator[tuple[list[dict[str, object]], str]]:
    """The pages as the row of the document names them, and the name of the original in the vault.

    After any other failure than those of `undone_by` they stay: a COMMIT may have been applied although its
    answer was lost. What nothing points to is swept later (`documents.housekeeping`).

    Args:
        original: the upload as it was sent, where it has to be kept.
        undone_by: after these the files are taken out again.

    Raises:
        vault.VaultUnavailable, vault.DocumentLocked: not everything was kept.
    """
    names: list[str] = []

    def keep(data: bytes, page: int) -> str:
        names.append(vault.store(data, case, document_id, page))
        return names[-1]

    try:
        pages: list[dict[str, object]] = [
            {
                "name": keep(page.data, number),
                "sha256": page.sha256,
                "size_bytes": len(page.data),
                "width": page.width,
                "height": page.height,
                "measures": page.measures,
            }
            for number, page in enumerate(taken.pages, start=1)
        ]
        yield pages, "" if original is None else keep(original, vault.ORIGINAL)
    except undone_by:
        for name in names:
            vault.delete(name)
        raise
