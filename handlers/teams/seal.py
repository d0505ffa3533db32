"""The seal on what a dialog remembers: it comes back from a client, who could have changed it, or be somebody else."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from pydantic import SecretStr

from bot.domain.names import PersonId
from handlers.teams.pen import INSIDE

PURPOSE = b"ideahunt: what a dialog remembers"
PARTS = 3
"""The form, its memory and its own name; the seal comes fourth."""
LENGTH = 32
"""Hexadecimal digits: 128 bits."""


class Seal:
    """Signs with a key of its own, made from the app's secret; for one person, in whose dialog it was drawn.

    Else somebody could hand another one's memory in: their choices on a ballot that were not sent yet, whom an idea is
    credited to, a form's token, by which what is sent twice is kept once.
    """

    def __init__(self, secret: SecretStr) -> None:
        self._key = hmac.digest(secret.get_secret_value().encode(), PURPOSE, "sha256")

    def put(self, drawn: object, person: PersonId) -> None:
        """Seals every button of a dialog that was just drawn for this person, by their account."""
        for one in drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ():
            self.put(one, person)
        if isinstance(drawn, dict) and isinstance(inside := drawn.get(INSIDE), list):
            drawn[INSIDE] = [*inside[:PARTS], self._sign(inside[:PARTS], person)]

    def broken(self, data: dict[str, Any], person: PersonId) -> bool:
        """Whether the memory is not as we sealed it for this person; then it is forgotten, else its seal taken off."""
        if INSIDE not in data:
            return False
        inside = data.pop(INSIDE)
        if not isinstance(inside, list) or len(inside) != PARTS + 1 or not all(isinstance(one, str) for one in inside):
            return True
        if not hmac.compare_digest(
            self._sign(inside[:PARTS], person).encode(), inside[PARTS].encode("utf-8", "replace")
        ):
            return True
        data[INSIDE] = inside[:PARTS]
        return False

    def _sign(self, inside: list[str], person: PersonId) -> str:
        return hmac.new(self._key, json.dumps([person, *inside]).encode(), hashlib.sha256).hexdigest()[:LENGTH]
