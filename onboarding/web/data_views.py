"""The applicant's own data, to take along: one JSON file and every picture, in a ZIP archive."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from django.core.cache import cache
from django.core.serializers.json import DjangoJSONEncoder
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from onboarding import clock
from onboarding.documents import vault
from onboarding.models.cases import Case
from onboarding.models.documents import Document, DocumentView
from onboarding.records import export
from onboarding.web import case_views
from onboarding.web.access import own_case, signed_in

PAUSE_SECONDS = 60
"""Between two archives of the same account: each reads and decrypts every picture."""
UNREADABLE = gettext_noop(
    "This picture could not be read when the archive was made. Please try again later.\n"
)


@require_POST
@own_case
def download(request: HttpRequest, row: Case) -> HttpResponseBase:
    """Sends the archive while it is being made, a picture at a time."""
    user = signed_in(request)
    if not cache.add(f"data-download:{user.pk}", "", PAUSE_SECONDS):
        problem = _("You have just downloaded your data. Wait a minute, then you can do it again.")
        refused = case_views.page(request, row, problem=problem, code=429)
        refused.headers["Retry-After"] = str(PAUSE_SECONDS)
        return refused
    documents = export.documents_of(row)
    now = clock.now()
    # Looks are written down before a byte is sent, as everywhere, and so they are part of what is sent.
    DocumentView.objects.bulk_create(
        DocumentView(document=document, viewer=user, page=page, at=now)
        for document in documents
        for page in export.pages_of(document)
    )
    return StreamingHttpResponse(
        _archive(export.data_of(row), documents),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="onboarding-{row.reference}.zip"'},
    )


def _archive(data: dict[str, Any], documents: list[Document]) -> Iterator[bytes]:
    """The archive in pieces: at most one picture is in memory at a time."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w") as archive:
        text = json.dumps(data, cls=DjangoJSONEncoder, ensure_ascii=False, indent=2)
        archive.writestr("data.json", text, zipfile.ZIP_DEFLATED)
        yield sink.taken()
        for document in documents:
            for page in export.pages_of(document):
                _add(archive, document, page)
                yield sink.taken()
    yield sink.taken()


def _add(archive: zipfile.ZipFile, document: Document, page: int) -> None:
    file_name = export.file_name(document, page)
    try:
        archive.writestr(file_name, vault.read(document, page))  # stored: a JPEG does not get smaller
    except vault.VaultError:
        archive.writestr(f"{file_name}.txt", _(UNREADABLE) + "\n")


class _Sink(io.RawIOBase):
    """A file that cannot be rewound and forgets what was taken from it."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)
