"""Telling an author that an idea like theirs stands already, in the open only; theirs is kept whatever they do."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, IdeaState, IdeaText
from bot.domain.names import HuntId, IdeaNumber
from bot.ports import Unit
from bot.screens import IdeaSaved
from bot.theming.lexicon import WordList
from bot.theming.twins import twin
from bot.usecases.lines import idea_line

FORESEEN = 256
"""Twins that are known and not asked for yet: of ideas that are about to be kept."""


@dataclass(frozen=True, slots=True)
class Twins:
    """The idea most like one that is about to come, found out outside any transaction. Lost with the process."""

    _foreseen: OrderedDict[tuple[HuntId, str], IdeaNumber] = field(default_factory=OrderedDict)

    def foresee(self, hunt: HuntId, words: str, ideas: Sequence[IdeaText], own: WordList) -> None:
        """Compares `words`, as they will be kept, with the ideas that stand."""
        self._foreseen.pop((hunt, words), None)  # of an idea that was refused, or of words changed since
        found = twin(words, ideas, own)
        if found is not None:
            self._foreseen[hunt, words] = IdeaNumber(found)
            while len(self._foreseen) > FORESEEN:
                self._foreseen.popitem(last=False)

    def told(self, unit: Unit, hunt: Hunt, idea: Idea, receipt: IdeaSaved) -> IdeaSaved:
        """The receipt with what was foreseen, where people may see others' ideas and the other one still stands."""
        number = self._foreseen.pop((hunt.id, idea.text), None)
        if number is None or number == idea.number or not hunt.shows_ideas:
            return receipt
        other = unit.ideas.get(hunt.tenant, hunt.id, number)
        return replace(receipt, twin=idea_line(other, hunt, {})) if other.state is IdeaState.STANDING else receipt
