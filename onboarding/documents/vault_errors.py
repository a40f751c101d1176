"""What can go wrong with a stored document."""


class VaultError(Exception):
    """A document can't be had or kept.

    VaultError
    ├── DocumentMissing    there is no such document
    ├── DocumentHeld       it waits for the virus scanner, and nobody may see it before
    ├── DocumentLocked     no key of ours opens it; a person must look after the keys
    └── VaultUnavailable   the storage is full, broken, away or forbidden; trying again may help

    No text of them holds personal data: documents have ids, people their account's number.
    """


class DocumentMissing(VaultError):
    """There is no such document."""


class DocumentHeld(VaultError):
    """It waits for the virus scanner."""


class DocumentLocked(VaultError):
    """A key is missing or another one, or the file is not the one that was stored."""


class VaultUnavailable(VaultError):
    """The storage is full, broken, away or forbidden; nothing half-written stays."""
