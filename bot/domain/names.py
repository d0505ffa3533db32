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
