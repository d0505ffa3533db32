"""A workspace's own words ("VTT → vélo"): kept by facilitators, read before any two ideas are compared."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from bot.domain.errors import BadForm, Problem
from bot.domain.ideas import Idea, IdeaText
from bot.domain.names import HuntId, TenantId
from bot.domain.people import Asker
from bot.ports import Storage, Unit
from bot.screens import Button, Deed, Note, WordsForm
from bot.theming.lexicon import EMPTY, BadWordList, WordList

MOST_LINES = 200
MOST_TEXT = 3_000
"""Characters of a list: what one field of a form holds on both platforms."""
FIELD = "words"


@dataclass(frozen=True, slots=True)
class WordLists:
    """Use cases about a workspace's own words: whoever leads a hunt may change them, for every hunt there."""

    storage: Storage

    def form(self, asker: Asker, hunt: HuntId, now: datetime) -> WordsForm:
        """The list as it stands. Raises NotAllowed."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "words")
            return WordsForm(kept, unit.people.words(asker.tenant))

    def keep(self, asker: Asker, hunt: HuntId, text: str, now: datetime) -> Note:
        """Replaces the list; an empty one takes it away. Raises NotAllowed, BadForm with the line that cannot be read.

        Ideas are looked at again with the new words once their hunt is quiet; what people decided stays.
        """
        words = checked(text)
        with self.storage.begin() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "words")
            if text.strip() != unit.people.words(asker.tenant):
                unit.people.keep_words(asker.tenant, text.strip(), asker.person, now)
                unit.calendar.note(asker.tenant, asker.person, "words", f"{hunt} {len(words.same)}", now)
        key = "words.kept" if words.same else "words.none"
        return Note(key, {"n": len(words.same)}, (Button(Deed.THEMES, hunt), Button(Deed.WORDS, hunt)))


def checked(text: str) -> WordList:
    """The list, if it can be used. Raises BadForm with the line that cannot, and why."""
    if len(text) > MOST_TEXT:
        raise BadForm({FIELD: Problem("words.problem.whole", {"most": MOST_TEXT, "n": len(text)})})
    try:
        return WordList.read(text, senses=False, most=MOST_LINES)
    except BadWordList as bad:
        facts = {"line": bad.line, "word": bad.word, "most": MOST_LINES}
        raise BadForm({FIELD: Problem(f"words.problem.{bad.why}", facts)}) from None


def own_words(unit: Unit, tenant: TenantId) -> WordList:
    """The workspace's words, ready to be applied."""
    return _read(unit.people.words(tenant))


@lru_cache(maxsize=64)
def _read(text: str) -> WordList:
    return WordList.read(text, senses=False) if text else EMPTY


def heard(own: WordList, ideas: Iterable[Idea]) -> list[IdeaText]:
    """Ideas as the Themer is to read them: in the workspace's words."""
    return [IdeaText(int(idea.number), own.apply(idea.text)) for idea in ideas]
