"""The engine in a process of its own: it answers, it ends when idle, and nothing breaks without it."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import psutil
import pytest

from bot.domain.ideas import IdeaText, Standing, StandingTheme, ThemeSeed
from bot.theming import LexicalThemer
from bot.theming.aside import AsideThemer
from bot.theming.choice import Choice, engine
from bot.theming.models import BadModel, Endpoint, named_model

IDEAS = [
    IdeaText(number, text)
    for number, text in enumerate(
        (
            "Une piste cyclable",
            "Un garage à vélos",
            "Prêter des vélos",
            "Rénover la cantine",
            "Aide aux devoirs",
            "Une école ouverte",
        ),
        start=1,
    )
]
SEEDS = [ThemeSeed(1, "Vélo"), ThemeSeed(2, "École")]
unix = pytest.mark.skipif(sys.platform == "win32", reason="pipes are waited for with select")


def eventually(what: object, within: float = 60.0) -> bool:
    end = time.monotonic() + within
    while time.monotonic() < end:
        if what():  # type: ignore[operator]  # a question without arguments
            return True
        time.sleep(0.05)
    return False


@unix
def test_it_groups_in_another_process_below_this_one() -> None:
    themer = AsideThemer()
    try:
        piles = themer.group(IDEAS)
        assert sorted(number for pile in piles for number in pile.ideas) == [1, 2, 3, 4, 5, 6]
        assert piles == engine().group(IDEAS)
        worker = [child for child in psutil.Process().children() if "bot.theming.worker" in child.cmdline()]
        assert len(worker) == 1
        assert worker[0].nice() >= min(19, os.nice(0) + 10)
        standing = Standing((StandingTheme(7, "Vélo", touched=True),), {1: 7}, frozenset({1}))
        assert next(pile for pile in themer.regroup(IDEAS, standing) if 1 in pile.ideas).theme == 7
    finally:
        themer.close()
    assert not themer.running


@unix
def test_it_is_gone_when_nobody_asks() -> None:
    themer = AsideThemer(idle=0.3)
    themer.group(IDEAS)
    assert eventually(lambda: not themer.running)
    assert themer.group(IDEAS)  # and there again when somebody does
    themer.close()


@unix
def test_an_arriving_idea_never_waits_for_models_to_be_read() -> None:
    themer = AsideThemer()
    try:
        start = time.perf_counter()
        assert themer.place("Un garage à vélo", SEEDS) == 1  # by words, at once
        assert time.perf_counter() - start < 2
        assert eventually(lambda: themer.running)
    finally:
        themer.close()


@unix
def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(monkeypatch: pytest.MonkeyPatch) -> None:
    themer = AsideThemer()
    try:
        themer.group(IDEAS)
        worker = themer._process
        monkeypatch.setattr("bot.theming.aside.AT_ONCE", 0.0)
        assert themer.place("Un garage à vélo", SEEDS) == 1  # by words
        monkeypatch.undo()
        assert themer.group(IDEAS) == engine().group(IDEAS)
        assert themer._process is worker  # not started anew for being slow once
    finally:
        themer.close()


@unix
def test_it_is_started_anew_after_it_was_killed() -> None:
    themer = AsideThemer()
    try:
        themer.group(IDEAS)
        for child in psutil.Process().children():
            if "bot.theming.worker" in child.cmdline():
                child.kill()
        themer.group(IDEAS)
        assert themer.group(IDEAS) == engine().group(IDEAS)
    finally:
        themer.close()


@unix
def test_a_model_that_cannot_be_read_leaves_the_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    themer = AsideThemer(Choice(model=str(tmp_path)))
    assert themer.group(IDEAS) == LexicalThemer().group(IDEAS)
    assert "the grouping process did not start" in caplog.text
    assert "vélo" not in caplog.text
    themer.close()


def test_a_broken_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(BadModel) as refused:
        named_model(str(tmp_path))
    assert refused.value.why in {"missing", "unreadable"}


def test_a_key_is_in_no_repr() -> None:
    assert "sesame" not in repr(Choice(url="http://localhost:1/v1", url_model="m", key="sesame"))


# --- an endpoint


class Answers(BaseHTTPRequestHandler):
    """Plays an OpenAI-compatible API: a vector of letters for each text, in another order than asked."""

    asked: list[tuple[str, str | None, dict[str, object]]] = []  # noqa: RUF012 - the class is the recorder
    broken = False
    moved = ""

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers.get("Authorization"), body))
        rows = [
            {"index": place, "embedding": [float(text.count(letter)) + 0.1 for letter in "aeiouv"]}
            for place, text in enumerate(body["input"])
        ]
        told = {"data": [] if self.broken else rows[::-1]}
        self.send_response(302 if self.moved else 200)
        if self.moved:
            self.send_header("Location", self.moved)
        self.end_headers()
        self.wfile.write(json.dumps(told).encode())

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def endpoint() -> Iterator[str]:
    Answers.asked.clear()
    Answers.broken = False
    Answers.moved = ""
    server = HTTPServer(("127.0.0.1", 0), Answers)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_an_endpoint_is_asked_as_openai_is_and_its_rows_are_put_in_order(endpoint: str) -> None:
    rows = Endpoint(endpoint, "large", "sesame").encode(["aaa", "vvv"])
    assert rows[0].argmax() == 0
    assert rows[1].argmax() == 5
    path, authorization, body = Answers.asked[0]
    assert (path, authorization) == ("/v1/embeddings", "Bearer sesame")
    assert body == {"model": "large", "input": ["aaa", "vvv"]}


def test_with_an_endpoint_the_same_engine_groups_and_says_where_words_go(endpoint: str) -> None:
    themer = engine(Choice(url=endpoint, url_model="large"))
    assert themer.outside == "127.0.0.1"
    piles = themer.group(IDEAS)
    assert sorted(number for pile in piles for number in pile.ideas) == [1, 2, 3, 4, 5, 6]
    assert engine().outside == ""


def test_no_redirect_is_followed_with_the_key_and_the_words(endpoint: str) -> None:
    Answers.moved = f"{endpoint}/elsewhere"
    with pytest.raises(BadModel, match="HTTP 302") as refused:
        Endpoint(endpoint, "large", "sesame").encode(["un secret"])
    assert "sesame" not in str(refused.value)
    assert [path for path, _, _ in Answers.asked] == ["/v1/embeddings"]


@pytest.mark.parametrize("model", ["", "  "])
def test_an_endpoint_without_the_name_of_a_model_is_refused(endpoint: str, model: str) -> None:
    with pytest.raises(BadModel, match="nameless"):
        Endpoint(endpoint, model)


def test_a_bad_answer_or_none_is_told_without_the_texts(endpoint: str) -> None:
    Answers.broken = True
    for url in (endpoint, "http://127.0.0.1:9/v1"):
        with pytest.raises(BadModel) as refused:
            Endpoint(url, "large").encode(["un secret"])
        assert "secret" not in str(refused.value)
    with pytest.raises(BadModel):
        Endpoint("ftp:away", "large")
