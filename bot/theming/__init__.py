"""Grouping ideas by the words they share: local, deterministic, explained. It suggests; people decide.

What it reaches, honestly: it sees words, not meanings. Near-duplicates that share words are found well ("sentier
fléché" and "sentier avec des flèches"); hard paraphrases that share none are not, and neither is a French idea said
again in English. Grouping short texts by their words alone is weak: on a hunt of 26 ideas most pairs of one theme share
no word at all, so expect a first sorting to correct by hand, with many ideas left "not grouped yet" rather than put
anywhere. A better engine stands behind the same port (`bot.ports.Themer`).
"""

from bot.theming.lexical import LexicalThemer

__all__ = ["LexicalThemer"]
