"""A stored file: header, nonce, and the AES-256-GCM of the bytes, bound to where they belong.

    bytes 0 to 3   ONBD
    byte 4         version of this layout, 1
    bytes 5 to 16  nonce (NIST SP 800-38D, 8.2.2: random, 96 bits)
    the rest       ciphertext, then the tag of 16 bytes

The associated data are the header and the place: whoever swaps two files, or edits one, gets an error.
"""

from __future__ import annotations

import secrets
import uuid

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from onboarding.documents.vault_errors import DocumentLocked

HEADER = b"ONBD\x01"
NONCE_BYTES = 12


def place(case_id: uuid.UUID, document_id: uuid.UUID, page: int) -> bytes:
    """Where a file belongs, in 34 bytes."""
    return case_id.bytes + document_id.bytes + page.to_bytes(2, "big")


def seal(data: bytes, key: bytes, where: bytes) -> bytes:
    """The file to be stored."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return HEADER + nonce + AESGCM(key).encrypt(nonce, data, HEADER + where)


def unseal(file: bytes, key: bytes, where: bytes) -> bytes:
    """What was sealed.

    Raises:
        DocumentLocked: another key, another place, or other bytes. Nothing tells which.
    """
    if not file.startswith(HEADER):
        raise DocumentLocked("it has no header that this release knows")
    nonce, sealed = file[len(HEADER) :][:NONCE_BYTES], file[len(HEADER) + NONCE_BYTES :]
    try:
        return AESGCM(key).decrypt(nonce, sealed, HEADER + where)
    except (InvalidTag, ValueError) as error:  # ValueError: cut within the nonce
        raise DocumentLocked("its key does not fit, or it is not what was stored here") from error
