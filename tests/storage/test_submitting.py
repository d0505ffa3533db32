"""What is submitted is written together, and each gets its own answer."""

from __future__ import annotations

import threading
from concurrent.futures import Future

import pytest

from bot.domain.errors import UnknownIdea
from bot.domain.names import IdeaNumber
from storage.hot import drive
from storage.people import SqlPeople
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, idea, launched


def add(storage: SqlStorage, text: str) -> int:
    with storage.begin() as unit:
        return unit.ideas.add(idea(text)).number


def add_then_refuse(storage: SqlStorage, text: str) -> int:
    with storage.begin() as unit:
        number = unit.ideas.add(idea(text)).number
        raise UnknownIdea(number)


def test_two_hundred_callables_each_get_their_own_result(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
    futures: list[Future[int]] = []
    for n in range(200):
        deed = add_then_refuse if n % 5 == 0 else add
        futures.append(storage.submit(lambda deed=deed, n=n: deed(storage, f"Idea {n}")))
    refused = [future for future in futures if future.exception(60) is not None]
    assert [type(future.exception()) for future in refused] == [UnknownIdea] * 40
    numbers = sorted(future.result() for future in futures if future not in refused)
    assert numbers == list(range(1, 161))
    with storage.look() as unit:
        texts = {text.text for text in unit.ideas.texts(ACME, HUNT)}
        assert texts == {f"Idea {n}" for n in range(200) if n % 5}
        assert unit.hunts.get(ACME, HUNT).ideas == 160


def test_a_result_is_told_after_its_commit(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
    number = storage.submit(lambda: add(storage, "Told when kept")).result(10)
    with storage.look() as unit:
        assert unit.ideas.get(ACME, HUNT, IdeaNumber(number)).text == "Told when kept"


def test_a_callable_may_look_and_begin_more_than_once(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)

    def several() -> int:
        first = add(storage, "First")
        with pytest.raises(UnknownIdea):
            add_then_refuse(storage, "Taken back")
        with storage.look() as unit:
            assert unit.ideas.get(ACME, HUNT, IdeaNumber(first)).text == "First"
        return add(storage, "Second")

    assert storage.submit(several).result(10) == 2


def test_an_error_of_the_program_reaches_who_asked_and_nobody_else(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)

    def wrong() -> int:
        return add(storage, "Lost") // 0

    results = [storage.submit(deed) for deed in (lambda: add(storage, "One"), wrong, lambda: add(storage, "Two"))]
    assert isinstance(results[1].exception(10), ZeroDivisionError)
    assert {results[0].result(10), results[2].result(10)} <= {1, 2, 3}


def test_an_error_after_sqlite_took_all_back_leaves_the_writer_alive(migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)

    def taken_back_and_wrong() -> None:
        with storage.begin() as unit:
            people = unit.people
            assert isinstance(people, SqlPeople)
            drive(people.connection, "ROLLBACK")
            raise KeyError("a fault of the program, not of the disk")

    def ends_the_process() -> None:
        raise SystemExit(3)

    held = threading.Event()
    first = storage.submit(lambda: held.wait(10))
    wrong, ending = storage.submit(taken_back_and_wrong), storage.submit(ends_the_process)
    after = storage.submit(lambda: 1)
    held.set()
    assert first.result(10)
    assert isinstance(wrong.exception(10), KeyError)
    assert isinstance(ending.exception(10), SystemExit)
    assert (after.result(10), storage.submit(lambda: 2).result(10)) == (1, 2)
    storage.close()


def test_looks_run_beside_the_writer(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
    held, looked = threading.Event(), threading.Event()

    def slow() -> bool:
        with storage.begin() as unit:
            unit.ideas.add(idea())
            held.set()
            return looked.wait(10)

    writing = storage.submit(slow)
    assert held.wait(10)

    def look() -> int:
        with storage.look() as unit:
            return unit.hunts.get(ACME, HUNT).ideas

    assert storage.submit_look(look).result(10) == 0
    looked.set()
    assert writing.result(10)
    assert storage.submit_look(look).result(10) == 1


def test_a_busy_writer_lets_others_write(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        launched(unit)
    stop = threading.Event()
    posted: list[int] = []

    def keep_posting() -> None:
        posted.append(add(storage, "Again"))
        if not stop.is_set():
            storage.submit(keep_posting)

    for _ in range(3):
        storage.submit(keep_posting)
    for _ in range(20):
        add(storage, "Between")
    stop.set()
    assert len(posted) >= 1


def test_a_transaction_inside_a_transaction_is_refused(migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    with storage.begin(), pytest.raises(RuntimeError), storage.begin():
        pass
    storage.close()


def test_closing_works_off_what_waits(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url)
    with storage.begin() as unit:
        launched(unit)
    futures = [storage.submit(lambda n=n: add(storage, f"Idea {n}")) for n in range(50)]
    storage.close()
    assert sorted(future.result(0) for future in futures) == list(range(1, 51))
    with pytest.raises(RuntimeError):
        storage.submit(lambda: 1)
