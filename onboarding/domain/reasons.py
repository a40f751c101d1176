"""The catalogue of reasons: stable codes, and the wording an applicant reads."""

from dataclasses import dataclass

from onboarding.domain.status import Slot


@dataclass(frozen=True, slots=True)
class Reason:
    """`text` completes "We could not accept this because …"; `cure` says what to do."""

    code: str
    text: str
    cure: str


ITEM_REASONS = (
    Reason("blurred", "the picture is blurred", "Hold the camera still and let it focus."),
    Reason("cut_off", "an edge is cut off", "Leave a small border around the document."),
    Reason("glare", "light hides part of the text", "Turn the flash off and move away from lamps."),
    Reason("too_dark", "the picture is too dark to read", "Put the document near a window."),
    Reason("too_small", "the picture is too small to read", "Move closer so the document fills the frame."),
    Reason("blank", "we can see no document in the picture", "Check the picture before you send it."),
    Reason("same_picture", "front and back are the same picture", "Turn the card and photograph its back."),
    Reason("wrong_side", "it shows the other side", "Turn the document and take the picture again."),
    Reason("wrong_document", "it is not the document you chose", "Send the document named above."),
    Reason("expired", "the document has expired", "Use a document that is still valid."),
    Reason("unreadable", "the file cannot be opened any more", "Take the picture again and send it."),
    Reason("infected", "a virus scanner objects to the file", "Take a new picture with the camera."),
)
REFUSE_REASONS = (
    Reason(
        "not_eligible", "we cannot offer the service to you", "Write to us if you think this is a mistake."
    ),
    Reason("document_not_genuine", "we could not confirm the document", "Write to us if you disagree."),
    Reason("data_mismatch", "the details do not match the document", "Write to us if you disagree."),
    Reason("not_readable", "we could not read the pictures after several attempts", "You can sign up again."),
)
ITEM_CODES = frozenset(reason.code for reason in ITEM_REASONS)
REFUSE_CODES = frozenset(reason.code for reason in REFUSE_REASONS)
BY_CODE = {reason.code: reason for reason in (*ITEM_REASONS, *REFUSE_REASONS)}

SLOT_NAMES = {
    Slot.PASSPORT: "the photo page of your passport",
    Slot.ID_FRONT: "the front of your ID card",
    Slot.ID_BACK: "the back of your ID card",
    Slot.SELFIE: "a picture of yourself",
    Slot.PROOF_OF_ADDRESS: "a proof of your address",
}
