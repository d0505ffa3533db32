"""The seal on what a dialog remembers: it comes back from the client, who could have changed it."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import Any

from pydantic import SecretStr

from handlers.teams.pen import INSIDE

PURPOSE = b"ideahunt: what a dialog remembers"
PARTS = 3
"""The form, its memory and its own name; the seal comes fourth."""
LENGTH = 32
"""Hexadecimal digits: 128 bits."""


class Seal:
    """Signs with a key of its own, made from the app's secret."""

    def __init__(self, secret: SecretStr) -> None:
        self._key = hmac.digest(secret.get_secret_value().encode(), PURPOSE, "sha256")

    def put(self, drawn: object) -> None:
        """Seals every button of a dialog that was just drawn."""
        for one in drawn.values() if isinstance(drawn, dict) else drawn if isinstance(drawn, list) else ():
            self.put(one)
        if isinstance(drawn, dict) and isinstance(inside := drawn.get(INSIDE), list):
            drawn[INSIDE] = [*inside[:PARTS], self._sign(inside[:PARTS])]

    def broken(self, data: dict[str, Any]) -> bool:
        """Whether the memory is not as we sealed it; then it is forgotten, else its seal is taken off."""
        if INSIDE not in data:
            return False
        inside = data.pop(INSIDE)
        if not isinstance(inside, list) or len(inside) != PARTS + 1 or not all(isinstance(one, str) for one in inside):
            return True
        if not hmac.compare_digest(self._sign(inside[:PARTS]).encode(), inside[PARTS].encode("utf-8", "replace")):
            return True
        data[INSIDE] = inside[:PARTS]
        return False

    def _sign(self, inside: list[str]) -> str:
        return hmac.new(self._key, json.dumps(inside).encode(), hashlib.sha256).hexdigest()[:LENGTH]
