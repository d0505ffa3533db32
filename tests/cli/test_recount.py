"""`ideahunt verify` and `ideahunt order` as processes of their own: what they find, what they say, how they leave."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from bot.domain.names import HuntId, PersonId, RoundNumber
from bot.domain.people import Tenant
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, a_round, opened, wish

ROOT = Path(__file__).parents[2]
VOTERS = tuple(PersonId(f"U0V{place}") for place in range(6))


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def ideahunt(tmp_path: Path) -> Run:
    def run(*arguments: str, url: str = "") -> Ended:
        ended = subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=tmp_path,
            env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "IDEAHUNT_DATABASE_URL": url},
            capture_output=True,
            encoding="utf-8",
            check=False,
        )
        assert "Traceback" not in ended.stderr
        return Ended(ended.returncode, ended.stdout, ended.stderr)

    return run


@dataclass(frozen=True)
class Vote:
    """A database with one closed vote."""

    url: str
    fingerprint: str

    def change(self, statement: str) -> None:
        """One row changed behind the program's back."""
        engine = create_engine(self.url, poolclass=NullPool)
        with engine.begin() as connection:
            assert connection.exec_driver_sql(statement).rowcount >= 1
        engine.dispose()


def close_one(storage: SqlStorage) -> str:
    """A round of six voters, opened and closed."""
    with storage.begin() as unit:
        unit.people.keep_tenant(Tenant(ACME))
        round = opened(unit, electors=VOTERS)
        for place, voter in enumerate(VOTERS):
            wish(unit, round, voter, 1 + place % 3, 1 + place % 2)
    with storage.begin() as unit:
        unit.rounds.close(round, NOW)
    with storage.look() as unit:
        return unit.rounds.fingerprint(round)


@pytest.fixture
def vote(migrated_url: str) -> Vote:
    storage = SqlStorage(migrated_url)
    fingerprint = close_one(storage)
    storage.close()
    return Vote(migrated_url, fingerprint)


# --- verify


def test_an_untouched_vote_agrees_and_its_whole_fingerprint_is_told(ideahunt: Run, vote: Vote) -> None:
    ended = ideahunt("verify", HUNT, url=vote.url)
    assert (ended.code, ended.out.splitlines()) == (
        0,
        ["round 1: counted again, all agrees", f"  fingerprint {vote.fingerprint}"],
    )


@pytest.mark.parametrize("written", [slice(64), slice(8), slice(16)])
def test_a_published_fingerprint_or_its_beginning_is_recognised(ideahunt: Run, vote: Vote, written: slice) -> None:
    ended = ideahunt("verify", HUNT, "1", "--expect", vote.fingerprint[written].upper() + "…", url=vote.url)
    assert ended.code == 0
    assert "it is the one published" in ended.out


def test_another_fingerprint_is_told_and_fails(ideahunt: Run, vote: Vote) -> None:
    other = sha256(b"another vote").hexdigest()
    ended = ideahunt("verify", HUNT, "--expect", other, url=vote.url)
    assert ended.code == 1
    assert f"DIFFERS from the published {other}" in ended.out
    assert vote.fingerprint in ended.out


@pytest.mark.parametrize("wrong", ["abc", "f0f0f0f", "zzzzzzzzzzzz", "f" * 65, " "])
def test_what_is_no_fingerprint_is_told_before_anything_is_counted(ideahunt: Run, vote: Vote, wrong: str) -> None:
    ended = ideahunt("verify", HUNT, "--expect", wrong, url=vote.url)
    assert ended.code == 2
    assert "at least 8 of its 64 characters" in ended.err
    assert ended.out == ""


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE vote_ledger SET delta = delta + 1 WHERE option = 1", "the dots and the ledger differ"),
        ("DELETE FROM dot WHERE option = 2", "the dots and the ledger differ"),
        ("UPDATE round_option SET text = 'Another idea' WHERE number = 3", "the options were changed"),
        ("UPDATE round SET places = 2", "the rules were changed"),
        ("UPDATE round SET tally = replace(tally, '\"dots\":3', '\"dots\":4')", "sealed tally does not match"),
    ],
)
def test_a_single_changed_row_is_found_and_named(ideahunt: Run, vote: Vote, change: str, found: str) -> None:
    vote.change(change)
    ended = ideahunt("verify", HUNT, url=vote.url)
    assert ended.code == 1
    assert ended.out.startswith("round 1: DIFFERS")
    assert found in ended.out


def test_a_record_written_anew_to_hide_a_change_no_longer_matches_what_was_published(ideahunt: Run, vote: Vote) -> None:
    vote.change("UPDATE round SET record = replace(record, 'rules', 'rulez')")
    assert ideahunt("verify", HUNT, "1", "--expect", vote.fingerprint[:16], url=vote.url).code == 1


def test_with_several_closed_votes_a_fingerprint_needs_its_round(ideahunt: Run, vote: Vote) -> None:
    storage = SqlStorage(vote.url)
    with storage.begin() as unit:
        options = unit.rounds.options(unit.rounds.get(ACME, HUNT, RoundNumber(1)))
        second = a_round(number=RoundNumber(2))
        unit.rounds.open(second, options, dict.fromkeys(VOTERS, ""))
        unit.rounds.close(second, NOW)
    storage.close()
    ended = ideahunt("verify", HUNT, "--expect", vote.fingerprint, url=vote.url)
    assert (ended.code, "one of 1, 2" in ended.err) == (2, True)
    assert ideahunt("verify", HUNT, "1", "--expect", vote.fingerprint, url=vote.url).code == 0
    assert ideahunt("verify", HUNT, "2", "--expect", vote.fingerprint, url=vote.url).code == 1


def test_a_vote_that_is_open_or_unknown_is_told(ideahunt: Run, migrated_sqlite_url: str) -> None:
    storage = SqlStorage(migrated_sqlite_url)
    with storage.begin() as unit:
        unit.people.keep_tenant(Tenant(ACME))
        opened(unit)
    storage.close()
    ended = ideahunt("verify", HUNT, url=migrated_sqlite_url)
    assert (ended.code, "once it is closed" in ended.err) == (1, True)
    assert ideahunt("verify", HuntId("nowhere"), url=migrated_sqlite_url).code == 2


# --- order


def report(tmp_path: Path, **changed: Any) -> str:
    ballot = [{"number": n, "sign": f"#{n}", "text": f"Idea {n}", "title": None} for n in range(1, 8)]
    ballot.append({"number": 1_000_001, "sign": "A", "text": "Change nothing\x1b[2J", "title": None})
    closed = {"number": 1, "closed": True, "seed": "5eed", "ballot": ballot}
    told = {"schema": "ideahunt.report/1", "rounds": [closed, {"number": 2, "closed": False, "ballot": ballot}]}
    path = tmp_path / "report.json"
    path.write_text(json.dumps({**told, **changed}), "utf-8")
    return str(path)


def test_a_voter_draws_their_own_order_again_without_a_database(ideahunt: Run, tmp_path: Path) -> None:
    ended = ideahunt("order", report(tmp_path), "--person", "U0ANNA", "--workspace", "T0ACME")
    voter = sha256(b"5eed|slack:T0ACME|U0ANNA").hexdigest()
    numbers = sorted([*range(1, 8), 1_000_001], key=lambda n: sha256(f"{voter}:{n}".encode()).digest())
    signs = ["A" if n > 7 else f"#{n}" for n in numbers]
    assert ended.code == 0
    assert [line.split()[1] for line in ended.out.splitlines()[1:]] == signs
    assert "seed 5eed" in ended.out
    assert "\x1b" not in ended.out
    assert list(tmp_path.iterdir()) == [tmp_path / "report.json"]


def test_the_workspace_may_be_written_whole_and_the_person_as_a_mention(ideahunt: Run, tmp_path: Path) -> None:
    path = report(tmp_path)
    one = ideahunt("order", path, "--person", "<@U0ANNA>", "--workspace", "slack:T0ACME")
    assert one.out == ideahunt("order", path, "--person", "U0ANNA", "--workspace", "T0ACME", "--round", "1").out
    assert one.out == ideahunt("order", path, "--person", "slack:u0anna", "--workspace", "t0acme").out
    assert one.out != ideahunt("order", path, "--person", "U0BEN", "--workspace", "T0ACME").out


@pytest.mark.parametrize(
    ("changed", "options", "code", "words"),
    [
        ({"schema": "another/1"}, {}, 2, "no report of ideahunt"),
        ({"rounds": "none"}, {}, 2, "no report of ideahunt"),
        ({"rounds": [{"number": 1, "closed": True, "seed": "5eed", "ballot": [{"number": "1"}]}]}, {}, 2, "no report"),
        ({"rounds": []}, {}, 1, "no closed vote"),
        ({}, {"--round": "2"}, 1, "no closed vote"),
        ({}, {"--person": "Anna Berg"}, 2, "no member's id"),
        ({}, {"--person": ""}, 2, "no member's id"),
        ({}, {"--person": "U1|x"}, 2, "no member's id"),
        ({}, {"--person": "teams:U0ANNA"}, 2, "no member's id"),
        ({}, {"--workspace": "acme"}, 2, "no workspace's id"),
    ],
)
def test_what_cannot_be_drawn_is_told_with_what_to_do(
    ideahunt: Run, tmp_path: Path, changed: dict[str, Any], options: dict[str, str], code: int, words: str
) -> None:
    wanted = {"--person": "U0ANNA", "--workspace": "T0ACME", **options}
    arguments = [part for option in wanted.items() for part in option]
    ended = ideahunt("order", report(tmp_path, **changed), *arguments)
    assert (ended.code, words in ended.err, "→" in ended.err) == (code, True, True), ended.err


@pytest.mark.parametrize("content", [b"", b"# A report", b"[]", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_is_no_document_is_told(ideahunt: Run, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(content)
    ended = ideahunt("order", str(path), "--person", "U0ANNA", "--workspace", "T0ACME")
    assert (ended.code, "--format json" in ended.err) == (2, True)
    missing = ideahunt("order", str(tmp_path / "nowhere.json"), "--person", "U0ANNA", "--workspace", "T0ACME")
    assert (missing.code, "cannot be read" in missing.err) == (2, True)
