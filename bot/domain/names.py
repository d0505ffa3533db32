"""The identifiers that cross every boundary, each its own type so that they cannot be swapped by mistake."""

from __future__ import annotations

from typing import NewType

TenantId = NewType("TenantId", str)
"""`platform:external id`, for instance `slack:T012AB3CD`: every row of every table starts with it."""
PersonId = NewType("PersonId", str)
"""The platform's own id of a person, unique within the tenant."""
RoomId = NewType("RoomId", str)
"""The platform's own id of a channel or of a direct conversation."""
MessageId = NewType("MessageId", str)
"""The platform's own id of a message within a room (Slack: `ts`, kept as text)."""
HuntId = NewType("HuntId", str)
"""Twelve random hexadecimal characters."""
IdeaNumber = NewType("IdeaNumber", int)
"""1, 2, 3…: an idea's number within its hunt; never used again once given."""
ThemeId = NewType("ThemeId", int)
"""1, 2, 3…: a theme's number within its hunt."""
RoundNumber = NewType("RoundNumber", int)
"""1, 2, 3…: a round's number within its hunt; run-offs are later rounds."""
VoterKey = NewType("VoterKey", str)
"""HMAC-SHA256(round key, tenant|person) in hexadecimal: a voter's name on a ballot while the round is open."""

NO_THEME = 500_000
"""A theme's option number is this plus the theme's own; ideas never come so far. This itself: ideas without a theme."""
FIRST_EXTRA = 1_000_001
"""Options that are nobody's idea ("change nothing") have numbers from here on."""
MOST_EXTRAS = 8
"""They are called A to H."""


def sign(number: int) -> str:
    """How an option is called for short: `#12`, `T3` for a theme, a letter for an option that is nobody's idea."""
    if 0 <= number - FIRST_EXTRA < MOST_EXTRAS:
        return chr(ord("A") + number - FIRST_EXTRA)
    return f"T{number - NO_THEME}" if NO_THEME <= number < FIRST_EXTRA else f"#{number}"


def number_of(sign: str) -> IdeaNumber | None:
    """The option a sign stands for: `12`, `#12`, `n°12`, `T3`, `A`, `b`; None for anything else."""
    bare = sign.strip().upper().removeprefix("#").removeprefix("N°")
    theme, digits = bare.startswith("T"), bare.removeprefix("T")
    if digits.isascii() and digits.isdecimal() and len(digits) < len(str(NO_THEME)):
        return IdeaNumber(int(digits) + (NO_THEME if theme else 0))
    if len(bare) == 1 and 0 <= ord(bare) - ord("A") < MOST_EXTRAS:
        return IdeaNumber(FIRST_EXTRA + ord(bare) - ord("A"))
    return None
