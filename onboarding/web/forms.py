"""Forms that applicants send. A form carries the key that makes sending it twice harmless."""

from __future__ import annotations

import hashlib
import uuid

from django import forms
from django.utils.translation import gettext_lazy as _

STALE_FORM = _("This form has grown old. Reload the page and send it again.")


class KeyForm(forms.Form):
    """A form with a key of its own: the same key and content is the same message, however often it comes."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        initial=uuid.uuid4,
        error_messages={"required": STALE_FORM, "invalid": STALE_FORM},
    )

    def message_key(self, *content: object) -> str:
        """The key for this content: a form that was corrected after going back is another message."""
        digest = hashlib.sha256(repr(content).encode()).hexdigest()
        return str(uuid.uuid5(self.cleaned_data["key"], digest))


class UploadForm(KeyForm):
    """One file for one slot. What is inside is the intake's business."""

    file = forms.FileField(
        allow_empty_file=True,  # the intake has better words for it
        error_messages={"required": _("Choose a file first, then press the button.")},
    )
