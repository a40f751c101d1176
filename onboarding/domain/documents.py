"""Which pictures a case owes, and what has become of each."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from onboarding.domain.policy import Policy
from onboarding.domain.status import OWED, DocumentState, DocumentType, Slot


@dataclass(frozen=True, slots=True)
class Document:
    """The newest picture of one slot, or the place it will take."""

    slot: Slot
    state: DocumentState = DocumentState.AWAITED
    document_id: str = ""
    sha256: str = ""
    uploaded_at: datetime | None = None
    reasons: tuple[str, ...] = ()
    """Why it is owed again: citations of `reasons`."""


def required(document_type: DocumentType, policy: Policy) -> tuple[Slot, ...]:
    """The slots that this kind of document and this policy ask for, in the order people meet them."""
    pages = {
        DocumentType.PASSPORT: (Slot.PASSPORT,),
        DocumentType.ID_CARD: (Slot.ID_FRONT, Slot.ID_BACK),
    }[document_type]
    selfie = (Slot.SELFIE,) if policy.selfie_required else ()
    address = (Slot.PROOF_OF_ADDRESS,) if policy.proof_of_address_required else ()
    return (*pages, *selfie, *address)


def for_type(
    document_type: DocumentType, policy: Policy, present: Iterable[Document]
) -> tuple[Document, ...]:
    """The documents of a case after its type was (re)chosen: what was handed in for a slot stays."""
    known = {document.slot: document for document in present}
    return tuple(known.get(slot, Document(slot)) for slot in required(document_type, policy))


def owed(documents: Iterable[Document]) -> tuple[Document, ...]:
    """What the applicant still has to hand in."""
    return tuple(document for document in documents if document.state in OWED)


def all_to(
    documents: Iterable[Document], state: DocumentState, *, only: frozenset[DocumentState]
) -> tuple[Document, ...]:
    """Every document in one of the states `only` moves to `state`; the others stay."""
    return tuple(
        replace(document, state=state) if document.state in only else document for document in documents
    )
