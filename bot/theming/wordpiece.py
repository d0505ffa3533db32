"""A text as the numbers of the word pieces that the MiniLM model was taught with."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

LONGEST_WORD = 100
MOST_SIGNS = 4_000
START, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"


class WordPieces:
    """The uncased BERT vocabulary: greedy longest pieces, as in Devlin et al. 2018."""

    def __init__(self, vocabulary: Sequence[str]) -> None:
        self._number = {piece: place for place, piece in enumerate(vocabulary)}
        self._pieces = lru_cache(maxsize=20_000)(self._split)

    @classmethod
    def read(cls, path: Path) -> WordPieces:
        return cls(path.read_text("utf-8").splitlines())

    def numbers(self, text: str, most: int) -> list[int]:
        """At most `most` numbers, the start and end marks included."""
        found: list[int] = []
        for word in _words(text[:MOST_SIGNS]):
            found += self._pieces(word)
            if len(found) >= most - 2:
                break
        return [self._number[START], *found[: most - 2], self._number[END]]

    def _split(self, word: str) -> tuple[int, ...]:
        unknown = (self._number[UNKNOWN],)
        if len(word) > LONGEST_WORD:
            return unknown
        found: list[int] = []
        start = 0
        while start < len(word):
            for end in range(len(word), start, -1):
                piece = self._number.get(("##" if start else "") + word[start:end])
                if piece is not None:
                    found.append(piece)
                    start = end
                    break
            else:
                return unknown
        return tuple(found)


def _words(text: str) -> Iterator[str]:
    """Lower-case words without accents, signs on their own, as BERT's basic tokenizer cuts them."""
    word = ""
    for sign in unicodedata.normalize("NFD", text.lower()):
        kind = unicodedata.category(sign)
        if kind == "Mn" or sign in {"\0", "\ufffd"} or (kind in {"Cc", "Cf"} and sign not in "\t\n\r"):
            continue
        alone = _stands_alone(sign, kind)
        if alone or sign.isspace():
            if word:
                yield word
            word = ""
            if alone:
                yield sign
        else:
            word += sign
    if word:
        yield word


def _stands_alone(sign: str, kind: str) -> bool:
    """Punctuation in BERT's sense, and the ideographs of Chinese."""
    return kind.startswith("P") or sign in "$+<=>^`|~" or "\u4e00" <= sign <= "\u9fff"
