"""Larger models as an option: a sentence-transformers or model2vec model by name or folder, or an endpoint."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.theming.meanings import Encoder, Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

AT_ONCE = 64
WITHIN = 30.0
"""Seconds an endpoint may take for one batch."""


class BadModel(Exception):
    """A model that cannot be used: `why` is missing (its library), unreadable, endpoint, answer or nameless."""

    def __init__(self, name: str, why: str, told: str = "") -> None:
        super().__init__(f"{name}: {why} {told}".strip())
        self.name, self.why, self.told = name, why, told


def named_model(name: str) -> Part:
    """A model: `model2vec:NAME`, `st:NAME`, or a folder of either. Raises BadModel.

    A folder that holds `modules.json` is one of sentence-transformers.
    """
    kind, _, rest = name.partition(":")
    if kind == "model2vec" or (not rest and _is_static(Path(name))):
        return Part(_Static(rest or name), 1.0)
    return Part(_Sentence(rest if kind == "st" else name), 1.0)


def _is_static(folder: Path) -> bool:
    return (folder / "model.safetensors").exists() and not (folder / "modules.json").exists()


class _Static:
    """A model2vec model: one vector a word piece, fast on any machine."""

    def __init__(self, name: str) -> None:
        try:
            from model2vec import StaticModel
        except ImportError as error:
            raise BadModel(name, "missing", "model2vec") from error
        self.name = name
        self._model = _loaded(name, lambda: StaticModel.from_pretrained(name))

    def encode(self, texts: Sequence[str]) -> Floats:
        return unit(self._model.encode(list(texts)))


class _Sentence:
    """A sentence-transformers model."""

    def __init__(self, name: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise BadModel(name, "missing", "sentence-transformers") from error
        self.name = name
        self._model = _loaded(name, lambda: SentenceTransformer(name))

    def encode(self, texts: Sequence[str]) -> Floats:
        return unit(self._model.encode(list(texts), show_progress_bar=False))


def _loaded(name: str, load: Any) -> Any:  # noqa: ANN401 - models of other libraries, without types
    try:
        return load()
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise BadModel(name, "unreadable", type(error).__name__) from error


class _Straight(HTTPRedirectHandler):
    """Follows no redirect: the key and the words go to the address that was set, and nowhere else."""

    def redirect_request(self, *_: object) -> None:
        return None


_OPENER = build_opener(_Straight)


class Endpoint:
    """An OpenAI-compatible embeddings endpoint. Texts leave this machine: only for who switched it on.

    `key` is sent as a bearer token when there is one, and is in no message.
    """

    def __init__(self, url: str, model: str, key: str = "") -> None:
        if urlsplit(url).scheme not in {"http", "https"}:
            raise BadModel(url, "endpoint")
        if not model.strip():
            raise BadModel(url, "nameless")
        self.name, self._url, self._key = model, f"{url.rstrip('/')}/embeddings", key

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row a text. Raises BadModel when the endpoint cannot be reached or its answer is none."""
        import numpy as np

        rows: list[list[float]] = []
        for start in range(0, len(texts), AT_ONCE):
            rows += self._asked(texts[start : start + AT_ONCE])
        return unit(np.array(rows, dtype=np.float32))

    def _asked(self, texts: Sequence[str]) -> list[list[float]]:
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        body = json.dumps({"model": self.name, "input": list(texts)}).encode()
        request = Request(self._url, body, headers)  # noqa: S310 - http or https, checked when it was made
        try:
            with _OPENER.open(request, timeout=WITHIN) as answer:
                told = json.load(answer)
            rows = sorted(told["data"], key=lambda row: row["index"])
            found = [[float(value) for value in row["embedding"]] for row in rows]
        except HTTPError as error:
            error.close()
            raise BadModel(self.name, "endpoint", f"HTTP {error.code}") from None
        except (URLError, TimeoutError) as error:
            raise BadModel(self.name, "endpoint", str(getattr(error, "reason", error))[:80]) from None
        except (ValueError, KeyError, TypeError) as error:
            raise BadModel(self.name, "answer", type(error).__name__) from None
        if len(found) != len(texts) or len({len(row) for row in found}) > 1:
            raise BadModel(self.name, "answer", "shape")
        return found


def endpoint_part(url: str, model: str, key: str = "") -> Part:
    """An endpoint as the only model."""
    encoder: Encoder = Endpoint(url, model, key)
    return Part(encoder, 1.0)


def unit(rows: Floats) -> Floats:
    """Rows of length one."""
    import numpy as np

    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.asarray(rows / np.maximum(lengths, 1e-9), dtype=np.float32)
