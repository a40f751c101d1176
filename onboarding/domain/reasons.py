"""Reasons: how a decision cites one, and the built-in ones with the words of their first version.

The catalogue is kept in rows (`records.reasons`), where edited words become a new version. A message
cites a reason as `code@version`, so that an old decision keeps its old words. A code alone is the first
version of a built-in reason: so cases cited reasons before there was a catalogue, and still do.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from onboarding.domain.status import Slot
from onboarding.domain.texts import gettext_noop as _


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` completes "We could not accept this because …"; `cure` says what to do."""

    code: str
    text: str
    cure: str


ITEM_REASONS = (
    Reason("blurred", _("the picture is blurred"), _("Hold the camera still and let it focus.")),
    Reason("cut_off", _("an edge is cut off"), _("Leave a small border around the document.")),
    Reason("glare", _("light hides part of the text"), _("Turn the flash off and move away from lamps.")),
    Reason("too_dark", _("the picture is too dark to read"), _("Put the document near a window.")),
    Reason(
        "too_small", _("the picture is too small to read"), _("Move closer so the document fills the frame.")
    ),
    Reason("blank", _("we can see no document in the picture"), _("Check the picture before you send it.")),
    Reason(
        "same_picture", _("front and back are the same picture"), _("Turn the card and photograph its back.")
    ),
    Reason("wrong_side", _("it shows the other side"), _("Turn the document and take the picture again.")),
    Reason("wrong_document", _("it is not the document you chose"), _("Send the document named above.")),
    Reason("expired", _("the document has expired"), _("Use a document that is still valid.")),
    Reason("unreadable", _("the file cannot be opened any more"), _("Take the picture again and send it.")),
    Reason("infected", _("a virus scanner objects to the file"), _("Take a new picture with the camera.")),
)
REFUSE_REASONS = (
    Reason(
        "not_eligible",
        _("we cannot offer the service to you"),
        _("Write to us if you think this is a mistake."),
    ),
    Reason("document_not_genuine", _("we could not confirm the document"), _("Write to us if you disagree.")),
    Reason("data_mismatch", _("the details do not match the document"), _("Write to us if you disagree.")),
    Reason(
        "not_readable",
        _("we could not read the pictures after several attempts"),
        _("You can sign up again."),
    ),
)
ITEM_CODES = frozenset(reason.code for reason in ITEM_REASONS)
REFUSE_CODES = frozenset(reason.code for reason in REFUSE_REASONS)
CITATION = re.compile(r"([a-z][a-z0-9_]{0,39})(?:@([1-9][0-9]{0,4}))?")


class ReasonKind(StrEnum):
    """What a reason is good for: to ask for one picture again, or to refuse the application."""

    ITEM = "item"
    REFUSAL = "refusal"


BUILT_IN = {ReasonKind.ITEM: ITEM_CODES, ReasonKind.REFUSAL: REFUSE_CODES}


def cite(code: str, version: int) -> str:
    """How a message names one version of a reason. The inverse of `cited`."""
    return code if version == 1 and code in BY_CODE else f"{code}@{version}"


def cited(citation: str) -> tuple[str, int] | None:
    """Code and version of a citation; None for anything else."""
    found = CITATION.fullmatch(citation)
    return (found[1], int(found[2] or 1)) if found else None


def may_be_cited(citation: str, kind: ReasonKind) -> bool:
    """Whether the rules take it for a reason of this kind.

    Which reasons there are besides the built-in ones is known to the rows alone, so the rules take every code
    that names its version; the edges ask the catalogue before they send it.
    """
    found = cited(citation)
    if found is None:
        return False
    if found[0] in BY_CODE:
        return found[0] in BUILT_IN[kind]
    return "@" in citation


BY_CODE = {reason.code: reason for reason in (*ITEM_REASONS, *REFUSE_REASONS)}

SLOT_NAMES = {
    Slot.PASSPORT: _("the photo page of your passport"),
    Slot.ID_FRONT: _("the front of your ID card"),
    Slot.ID_BACK: _("the back of your ID card"),
    Slot.SELFIE: _("a picture of yourself"),
    Slot.PROOF_OF_ADDRESS: _("a proof of your address"),
}
