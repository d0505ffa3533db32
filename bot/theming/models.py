"""Larger models as an option: a sentence-transformers or model2vec model by name or folder, or an endpoint."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.theming.meanings import Encoder, Part

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

Loaded = TypeVar("Loaded")

HERE_ONLY = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
"""Read by the libraries of models: with 1 they fetch nothing. Who wants them to sets 0."""
WEIGHTS, MODULES, CONFIG = "model.safetensors", "modules.json", "config.json"
"""Files of a model's folder: its numbers, what sentence-transformers is made of, and what a plain transformer is."""
AT_ONCE = 64
WITHIN = 30.0
"""Seconds an endpoint may take for one batch."""


class BadModel(Exception):
    """A model that cannot be used: `why` is a key of SENTENCES; `told` is the library, the file or the reason."""

    def __init__(self, name: str, why: str, told: str = "") -> None:
        super().__init__(f"{name}: {why} {told}".strip())
        self.name, self.why, self.told = name, why, told

    @property
    def sentence(self) -> str:
        """What is wrong, without a text of anybody."""
        return SENTENCES[self.why].format(name=self.name, told=self.told)


SENTENCES = {
    "folder": "there is no folder {name} for a model",
    "broken": "the folder {name} holds no whole model: {told} is missing or damaged",
    "missing": "the model {name} needs the package {told}, which is not installed",
    "unreadable": "the model {name} cannot be read: {told}",
    "endpoint": "the embeddings of {name} cannot be asked for: {told}",
    "nameless": "the endpoint {name} needs the name of its model",
    "answer": "the embeddings of {name} are none: {told}",
}


def stay_here() -> None:
    """Models come from this machine alone, unless its owner decided otherwise; before a library of models is read."""
    for name in HERE_ONLY:
        os.environ.setdefault(name, "1")


def named_model(name: str) -> Part:
    """A model: `model2vec:NAME`, `st:NAME`, or a folder of either. Raises BadModel.

    A folder that holds `modules.json` is one of sentence-transformers. It is looked at before its library, so that
    nobody installs one for a folder that is not there.
    """
    kind, _, rest = name.partition(":")
    named = kind in {"model2vec", "st"} and bool(rest)
    folder = Path(rest if named else name).expanduser()
    _expect_whole(name, folder, named=named)
    place = str(folder) if folder.is_dir() else rest
    if kind == "model2vec" if named else _is_static(folder):
        return Part(_Static(place), 1.0)
    return Part(_Sentence(place), 1.0)


def _is_static(folder: Path) -> bool:
    return (folder / WEIGHTS).exists() and not (folder / MODULES).exists()


def _expect_whole(name: str, folder: Path, *, named: bool) -> None:
    """Raises BadModel for a folder that is not there, or whose first file is none of a model; names are not looked up.

    The libraries tell the rest: this is for what people get wrong, another folder or half a copy.
    """
    if not folder.is_dir():
        if not named:
            raise BadModel(name, "folder")
    elif _is_static(folder):
        if not _begins_as_weights(folder / WEIGHTS):
            raise BadModel(name, "broken", WEIGHTS)
    elif not any(_is_json(folder / one) for one in (MODULES, CONFIG)):
        raise BadModel(name, "broken", MODULES)


def _begins_as_weights(file: Path) -> bool:
    """Whether a safetensors file is as long as its first eight bytes say its table is, which is JSON."""
    try:
        with file.open("rb") as opened:
            length = int.from_bytes(opened.read(8), "little")
            return 0 < length <= file.stat().st_size - 8 and opened.read(1) == b"{"
    except OSError:
        return False


def _is_json(file: Path) -> bool:
    try:
        json.loads(file.read_bytes())
    except (OSError, ValueError):
        return False
    return True


class _Static:
    """A model2vec model: one vector a word piece, fast on any machine."""

    def __init__(self, name: str) -> None:
        self.name = name
        library = _library(name, "model2vec")
        self._model = loaded(name, lambda: library.StaticModel.from_pretrained(name))

    def encode(self, texts: Sequence[str]) -> Floats:
        return unit(loaded(self.name, lambda: self._model.encode(list(texts))))


class _Sentence:
    """A sentence-transformers model."""

    def __init__(self, name: str) -> None:
        self.name = name
        library = _library(name, "sentence_transformers")
        self._model = loaded(name, lambda: library.SentenceTransformer(name))

    def encode(self, texts: Sequence[str]) -> Floats:
        return unit(loaded(self.name, lambda: self._model.encode(list(texts), show_progress_bar=False)))


def _library(name: str, library: str) -> Any:  # noqa: ANN401 - a library without types
    stay_here()
    try:
        return import_module(library)
    except ImportError as error:
        raise BadModel(name, "missing", library.replace("_", "-")) from error


def loaded(name: str, load: Callable[[], Loaded]) -> Loaded:
    """A model read from its files, whatever library reads them. Raises BadModel."""
    try:
        return load()
    except Exception as error:  # tokenizers and safetensors raise classes of their own, and bare ones
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
