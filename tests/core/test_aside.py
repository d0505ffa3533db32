"""The engine in a process of its own: it answers, it ends when idle, and nothing breaks without it."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any

import psutil
import pytest

from bot.domain.ideas import IdeaText, Pile, Standing, StandingTheme, ThemeSeed
from bot.ports import Unanswered
from bot.theming import LexicalThemer
from bot.theming.aside import AsideThemer, Dead, Late, Worker
from bot.theming.choice import WORDS, Choice, engine
from bot.theming.models import HERE_ONLY, BadModel, Endpoint, named_model
from bot.theming.worker import answer

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


@pytest.fixture(scope="module")
def shared() -> Iterator[AsideThemer]:
    """A process for the tests that leave it as it was: reading the models takes a second."""
    themer = AsideThemer()
    yield themer
    themer.close()
    assert not themer.running


def workers() -> list[psutil.Process]:
    """Those that are there; one of an earlier test may just be ending."""
    alive = [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]
    return [child for child in alive if "bot.theming.worker" in child.cmdline()]


@unix
def test_it_groups_in_another_process_below_this_one(shared: AsideThemer) -> None:
    piles = shared.group(IDEAS)
    assert sorted(number for pile in piles for number in pile.ideas) == [1, 2, 3, 4, 5, 6]
    assert piles == engine().group(IDEAS)
    [worker] = workers()
    assert worker.nice() >= min(19, os.nice(0) + 10)
    standing = Standing((StandingTheme(7, "Vélo"),), {1: 7, 2: 7}, frozenset({1}), ((1, 4),), frozenset({2}))
    assert next(pile for pile in shared.regroup(IDEAS, standing) if 1 in pile.ideas).theme == 7


@unix
def test_what_is_foreseen_is_what_an_arriving_idea_gets_at_once(
    shared: AsideThemer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.group(IDEAS)
    monkeypatch.setattr("bot.theming.aside.AT_ONCE", 20.0)  # whatever else this machine does
    text = "Des bicyclettes en libre-service"  # no word in common with a theme
    assert shared.place(text, SEEDS) is None
    shared.foresee(text, SEEDS)
    assert shared.place(text, SEEDS) == 1
    assert shared.place(text, SEEDS) is None  # told once: nothing piles up


@unix
def test_an_answer_that_comes_too_late_is_not_taken_for_the_next_one(
    shared: AsideThemer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.group(IDEAS)
    worker = shared._worker
    monkeypatch.setattr("bot.theming.aside.AT_ONCE", 0.0)
    shared.foresee("Un garage à vélo", SEEDS)
    assert shared.place("Un garage à vélo", SEEDS) == 1  # by words
    monkeypatch.undo()
    assert shared.group(IDEAS[1:]) == engine().group(IDEAS[1:])
    assert shared._worker is worker  # not started anew for being slow once


@unix
def test_the_same_question_is_not_worked_on_twice(shared: AsideThemer) -> None:
    first = shared.group(IDEAS)
    [worker] = workers()
    worker.suspend()
    try:
        assert shared.group(IDEAS) == first
    finally:
        worker.resume()


MORE = [*IDEAS, IdeaText(7, "Louer des bicyclettes"), IdeaText(8, "Location de vélos")]


@unix
def test_pairs_are_found_by_meaning_in_the_other_process_and_asked_for_once(shared: AsideThemer) -> None:
    shared.group(IDEAS)
    found = shared.alike(MORE, patient=True)
    assert found == engine().alike(MORE)
    assert (7, 8) in {(pair.one, pair.other) for pair in found}
    [worker] = workers()
    worker.suspend()
    try:
        assert shared.alike(MORE) == found
    finally:
        worker.resume()


@unix
def test_who_waits_for_pairs_does_not_wait_long_where_the_process_is_busy(
    shared: AsideThemer, monkeypatch: pytest.MonkeyPatch
) -> None:
    shared.group(IDEAS)
    worker, told = shared._worker, [*MORE, IdeaText(9, "Une piste cyclable !")]
    monkeypatch.setattr("bot.theming.aside.SOON", 0.05)
    process = workers()[0]
    process.suspend()  # as busy as can be
    try:
        with pytest.raises(Unanswered):  # too late
            shared.alike(told)
        with shared._lock, pytest.raises(Unanswered):  # somebody else is asking
            shared.alike(told)
        assert shared.alike_in_words(told) == LexicalThemer().alike(told)
    finally:
        process.resume()
    monkeypatch.undo()
    assert shared.alike(told, patient=True) == engine().alike(told)  # words are not what is remembered
    assert shared._worker is worker


@unix
def test_pairs_are_not_told_at_once_where_the_process_dies_or_is_not_there_yet(monkeypatch: pytest.MonkeyPatch) -> None:
    themer = AsideThemer()
    monkeypatch.setattr("bot.theming.aside.SOON", 0.05)
    try:
        with pytest.raises(Unanswered):  # it was asleep, and is woken
            themer.alike(MORE)
        assert eventually(lambda: themer.running and not themer._lock.locked())
        workers()[0].kill()
        with pytest.raises(Unanswered):
            themer.alike(MORE)
    finally:
        themer.close()
    with pytest.raises(Unanswered):
        themer.alike(MORE)


@unix
def test_who_wants_no_model_gets_words_at_once_and_a_process_for_whole_hunts_only() -> None:
    themer, words = AsideThemer(Choice(model=WORDS)), LexicalThemer()
    try:
        themer.wake()
        themer.foresee("Un garage à vélo", SEEDS)
        assert themer.place("Un garage à vélo", SEEDS) == 1
        assert themer.alike(MORE) == themer.alike(MORE, patient=True) == words.alike(MORE)
        assert workers() == []
        assert themer.group(IDEAS) == words.group(IDEAS)
        assert len(workers()) == 1
        themer.foresee("Un garage à vélo", SEEDS)
        assert not themer._foreseen  # nor is it asked once it is there
        assert themer.regroup(IDEAS, Standing((StandingTheme(7, "Vélo"),))) == ()
    finally:
        themer.close()


def test_a_whole_standing_reaches_the_engine_in_the_other_process() -> None:
    standing = Standing((StandingTheme(7, "Vélo", named=True),), {1: 7}, frozenset({1}), ((1, 4),), frozenset({2}))
    told: list[dict[str, Any]] = []

    @dataclass
    class Heard(AsideThemer):
        def _wait(self, asked: Mapping[str, Any], ideas: int) -> Any:
            told.append(json.loads(json.dumps(asked)))
            return []

    @dataclass
    class Engine:
        standing: Standing | None = None

        def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
            assert list(ideas) == IDEAS
            self.standing = standing
            return ()

    Heard().regroup(IDEAS, standing)
    behind = Engine()
    assert answer(behind, told[0]) == {"answer": []}
    assert behind.standing == standing


@unix
@pytest.mark.timeout(300)
def test_it_is_gone_when_nobody_asks() -> None:
    themer = AsideThemer(idle=0.3)
    themer.group(IDEAS)
    assert eventually(lambda: not themer.running, 240)  # on a busy machine reading takes long, and it stays longer
    assert themer.group(IDEAS)  # and there again when somebody does
    themer.close()


@unix
def test_an_arriving_idea_never_waits_for_models_to_be_read() -> None:
    themer = AsideThemer()
    try:
        start = time.perf_counter()
        themer.foresee("Un garage à vélo", SEEDS)
        assert themer.place("Un garage à vélo", SEEDS) == 1  # by words, at once
        assert time.perf_counter() - start < 2
        assert eventually(lambda: themer.running)
    finally:
        themer.close()


@unix
def test_killed_while_it_is_asked_it_is_started_anew_and_asked_again(caplog: pytest.LogCaptureFixture) -> None:
    themer = AsideThemer()
    try:
        themer.group(IDEAS[1:])
        assert themer._worker is not None
        worker = psutil.Process(themer._worker.process.pid)
        worker.suspend()
        Thread(target=lambda: (eventually(themer._lock.locked), worker.kill())).start()
        assert themer.group(IDEAS) == engine().group(IDEAS)
        assert themer._worker.process.pid != worker.pid
    finally:
        themer.close()
    assert caplog.text == ""


@unix
def test_it_is_closed_at_once_whoever_waits_for_an_answer() -> None:
    themer = AsideThemer()
    themer.group(IDEAS[1:])
    assert themer._worker is not None
    psutil.Process(themer._worker.process.pid).suspend()  # as long a grouping as any
    with ThreadPoolExecutor() as pool:
        waiting = [pool.submit(themer.group, IDEAS), pool.submit(themer.regroup, IDEAS, Standing(()))]
        assert eventually(themer._lock.locked)
        start = time.monotonic()
        themer.close()
        assert time.monotonic() - start < 3
        assert [type(one.exception(timeout=5)) for one in waiting] == [Unanswered, Unanswered]
    assert not themer.running
    themer.wake()
    with pytest.raises(Unanswered):
        themer.group(IDEAS)
    assert not themer.running


def said(*lines: str) -> Worker:
    """A process that said these lines and ended."""
    process = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    worker = Worker(process)
    worker.reader.start()
    worker.end()
    worker.said = SimpleQueue()
    for line in lines:
        worker.said.put(line)
    worker.said.put(None)
    return worker


def test_signs_of_life_are_no_answer_and_half_a_line_is_none() -> None:
    assert said('{"reading": true}\n', '{"reading": true}\n', '{"answer": 3}\n').hear(1) == {"answer": 3}
    for lines in (['{"answ'], [], ['{"reading": true}\n']):
        with pytest.raises(Dead):
            said(*lines).hear(1)
    worker = said()
    worker.said.get()
    with pytest.raises(Late):
        worker.hear(0.01)


def test_signs_of_life_keep_nobody_waiting_who_has_no_time() -> None:
    worker = said('{"reading": true}\n')
    worker.said.put(worker.said.get())
    worker.said.get()  # the end: it goes on reading
    start = time.monotonic()
    with pytest.raises(Late):
        worker.hear(60, until=start + 0.01)
    assert time.monotonic() - start < 30


# --- models of one's own

LIBRARY = """
import os
from pathlib import Path

OFFLINE = os.environ.get("HF_HUB_OFFLINE", "0") == "1"  # read when it is imported, as the hub's own library does


class StaticModel:
    @classmethod
    def from_pretrained(cls, name):
        from safetensors.numpy import load_file

        if (Path(name) / "model.safetensors").exists():
            return load_file(Path(name) / "model.safetensors")
        if OFFLINE:
            raise OSError("offline")
        import socket

        socket.create_connection(("127.0.0.1", 9))
"""


@pytest.fixture
def model2vec(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A library of models that fetches what is not here unless it was told to stay offline."""
    place = tmp_path_factory.mktemp("library")
    (place / "model2vec.py").write_text(LIBRARY)
    monkeypatch.syspath_prepend(place)
    monkeypatch.setenv("PYTHONPATH", str(place))
    for name in HERE_ONLY:
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)
    yield
    sys.modules.pop("model2vec", None)


BROKEN = "the folder {} holds no whole model: model.safetensors is missing or damaged"


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    return tmp_path


@unix
def test_a_model_that_cannot_be_read_leaves_the_words_and_is_tried_again_later(
    model2vec: None, broken: Path, caplog: pytest.LogCaptureFixture
) -> None:
    now = [0.0]
    themer = AsideThemer(Choice(model=str(broken), words="bicloune → vélo"), clock=lambda: now[0])
    told = f"ideas are grouped by their words alone: {BROKEN.format(broken)}; it is tried"
    try:
        assert themer.group(IDEAS) == LexicalThemer().group(IDEAS)
        assert caplog.messages == [f"{told} again in 30 s"]
        assert themer.group(IDEAS) == LexicalThemer().group(IDEAS)
        assert themer.regroup(IDEAS, Standing((StandingTheme(7, "Vélo"),))) == ()
        assert themer.place("Une bicloune", SEEDS) == 1  # the team's own words are read all the same
        assert len(caplog.messages) == 1
        first, now[0] = themer._worker, 31.0
        themer.group(IDEAS)
        assert themer._worker is not first
        assert caplog.messages[1:] == [f"{told} again in 60 s"]
    finally:
        themer.close()
    assert "vélo" not in caplog.text


def test_a_model_is_looked_for_on_this_machine_alone_unless_its_owner_decides_otherwise(
    model2vec: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached: list[object] = []

    def connect(*where: object, **how: object) -> None:
        reached.append(where)
        raise OSError

    monkeypatch.setattr(socket, "create_connection", connect)
    with pytest.raises(BadModel) as refused:
        named_model("model2vec:somebody/large")
    assert refused.value.why == "unreadable"
    assert reached == []
    sys.modules.pop("model2vec")
    monkeypatch.setenv("HF_HUB_OFFLINE", "0")
    with pytest.raises(BadModel):
        named_model("model2vec:somebody/large")
    assert len(reached) == 1


def test_grouping_opens_no_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", opened)
    monkeypatch.setattr(socket, "getaddrinfo", opened)
    assert engine().group(IDEAS)


def test_a_broken_folder_is_told_in_one_sentence(model2vec: None, broken: Path) -> None:
    with pytest.raises(BadModel) as refused:
        named_model(str(broken))
    assert refused.value.sentence == BROKEN.format(broken)


@pytest.mark.parametrize("prefix", ["", "st:", "model2vec:"])
def test_a_folder_is_looked_at_before_the_library_that_reads_it(tmp_path: Path, prefix: str) -> None:
    whys = []
    for files in ({}, {"modules.json": "[{"}, {"modules.json": "[]"}, {"config.json": "{}"}):
        for name, content in files.items():
            (tmp_path / name).write_text(content)
        with pytest.raises(BadModel) as refused:
            named_model(f"{prefix}{tmp_path}")
        whys.append((refused.value.why, refused.value.told))
        for name in files:
            (tmp_path / name).unlink()
    library = "model2vec" if prefix == "model2vec:" else "sentence-transformers"
    assert whys == [*[("broken", "modules.json")] * 2, *[("missing", library)] * 2]


def test_a_folder_that_is_not_there_is_no_missing_library_and_a_name_is_no_folder(tmp_path: Path) -> None:
    whys = []
    for name in (str(tmp_path / "none"), "large", "st:large"):
        with pytest.raises(BadModel) as refused:
            named_model(name)
        whys.append(refused.value.why)
    assert whys == ["folder", "folder", "missing"]


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
    with pytest.raises(BadModel, match="nameless") as refused:
        Endpoint(endpoint, model)
    assert refused.value.sentence == f"the endpoint {endpoint} needs the name of its model"


def test_a_bad_answer_or_none_is_told_without_the_texts(endpoint: str) -> None:
    Answers.broken = True
    for url in (endpoint, "http://127.0.0.1:9/v1"):
        with pytest.raises(BadModel) as refused:
            Endpoint(url, "large").encode(["un secret"])
        assert "secret" not in str(refused.value)
    with pytest.raises(BadModel):
        Endpoint("ftp:away", "large")
