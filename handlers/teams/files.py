"""Files for one person: offered on a card in their own chat, and brought to their OneDrive once they agree."""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bot.domain.names import PersonId
from bot.screens import File
from bot.words import Raw, translator
from handlers.desk.wishes import text_at

Json = dict[str, Any]
CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
MOST_OFFERED = 50
"""Files kept in memory until their person answers; a forgotten one is asked for again."""
STORES = (".sharepoint.com", ".sharepoint.us")
"""Where OneDrive keeps files. Nothing is brought anywhere else, whoever says so."""


@dataclass(frozen=True, slots=True)
class Offered:
    """A file, whose it is, and how they read."""

    person: PersonId
    file: File
    language: str
    zone: str


class Files:
    """What was offered since the start. `standin`: the address of a stand-in that takes files too."""

    def __init__(self, standin: str = "") -> None:
        self._standin = standin
        self._offered: OrderedDict[str, Offered] = OrderedDict()

    def offer(self, person: PersonId, file: File, language: str, zone: str) -> Json:
        """The card that asks whether a file may be brought."""
        token = secrets.token_urlsafe(16)
        self._offered[token] = Offered(person, file, language, zone)
        while len(self._offered) > MOST_OFFERED:
            self._offered.popitem(last=False)
        said = translator(language).plain("teams.file.offer", file=Raw(file.name), question=file.hunt.question)
        context = {"token": token}
        content = {
            "description": said,
            "sizeInBytes": len(file.content),
            "acceptContext": context,
            "declineContext": context,
        }
        return _carried(said, {"contentType": CONSENT, "name": file.name, "content": content})

    def taken(self, token: str, person: PersonId) -> Offered | None:
        """What was offered to this very person, once."""
        found = self._offered.get(token)
        if found is None or found.person != person:
            return None
        return self._offered.pop(token)

    def may_go_to(self, url: str) -> bool:
        """Whether an address is one where OneDrive takes files."""
        if self._standin:
            return url.startswith(self._standin)
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:  # no address at all
            return False
        return parts.scheme == "https" and (parts.hostname or "").endswith(STORES) and port in {None, 443}


def brought(name: str, upload: Mapping[str, Any]) -> Json:
    """The card of a file that is there."""
    content = {"uniqueId": text_at(upload, "uniqueId"), "fileType": text_at(upload, "fileType")}
    card = {"contentType": INFO, "name": name, "contentUrl": text_at(upload, "contentUrl"), "content": content}
    return _carried(name, card)


def _carried(summary: str, attachment: Json) -> Json:
    return {"type": "message", "summary": summary, "attachments": [attachment]}
