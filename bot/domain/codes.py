"""Short codes that people read on one screen and type on another: no letter or figure that looks like another one."""

from __future__ import annotations

import secrets
import unicodedata

SIGNS = "ABCDEFGHJKLMNPQRTUVWXYZ2346789"
"""Without I, O, S, 0, 1 and 5."""
LENGTH = 4


def new_code() -> str:
    """A code drawn at random: one of 810,000."""
    return "".join(secrets.choice(SIGNS) for _ in range(LENGTH))


def read_code(typed: str) -> str:
    """What somebody typed as a code, in capitals and without spaces, dashes or quotes; "" where it cannot be one."""
    kept = "".join(sign for sign in unicodedata.normalize("NFKC", typed).upper() if sign.isalnum())
    return kept if len(kept) == LENGTH and set(kept) <= set(SIGNS) else ""
