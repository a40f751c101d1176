"""References: what people read out on the telephone. No letters or digits that look or sound alike."""

import secrets

ALPHABET = "234679ACDEFGHJKMNPQRTUVWXYZ"


def new_reference() -> str:
    """A fresh reference like "7KQ4-M2XD": 27^8 possibilities, not guessable from another one."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
