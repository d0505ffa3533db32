"""One person, two accounts, and processes that vote with both while they are linked: one ballot, within its budget."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace

import pytest

from bot.domain.hunt import Phase
from bot.domain.names import PersonId
from bot.domain.people import Asker
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.words import Words
from storage.sql import SqlStorage
from tests.contracts.linking_racers import link_all, unlink_all, vote_as
from tests.contracts.racers import race
from tests.contracts.samples import ACME, HUNT, NOW, a_round, opened

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
PAIRS = tuple((f"U{n:02}", f"T{n:02}") for n in range(16))
MAINS, ACCOUNTS = zip(*PAIRS, strict=True)


def begin(url: str) -> list[tuple[str, str]]:
    """A hunt whose vote is open, and a code of each person for their other account."""
    with closing(SqlStorage(url, alone=False)) as storage:
        with storage.begin() as unit:
            opened(unit, options=4, electors=(*map(PersonId, MAINS),))
            kept = unit.hunts.get(ACME, HUNT)
            unit.hunts.keep(replace(kept, phase=Phase.VOTING, round=a_round().number))
        core = build_core(storage, LexicalThemer())
        codes = [core.rooms.account_code(Asker(ACME, PersonId(main)), NOW).facts["code"] for main in MAINS]
        return [(account, code.text) for account, code in zip(ACCOUNTS, codes, strict=True) if isinstance(code, Words)]


def ballots(url: str) -> dict[str, int]:
    """The dots of every account, the books checked."""
    with closing(SqlStorage(url, alone=False)) as storage, storage.look() as unit:
        round = unit.rounds.get(ACME, HUNT, a_round().number)
        assert unit.rounds.check(round) == ()
        used = {one: unit.rounds.ballot(round, PersonId(one)).used for one in (*MAINS, *ACCOUNTS)}
        assert round.voters == sum(1 for dots in used.values() if dots)
        assert all(dots <= round.dots for dots in used.values())
        return used


def linked(url: str) -> dict[str, str]:
    with closing(SqlStorage(url, alone=False)) as storage, storage.look() as unit:
        return {str(account): str(main) for account, main in unit.links.accounts(ACME).items()}


def test_whoever_votes_with_both_accounts_while_they_are_linked_has_one_ballot(migrated_url: str) -> None:
    codes = begin(migrated_url)
    *_, refused = race(migrated_url, (vote_as, MAINS), (vote_as, ACCOUNTS), (vote_as, ACCOUNTS), (link_all, codes))
    assert refused == [""] * len(PAIRS)
    assert linked(migrated_url) == {account: main for main, account in PAIRS}
    used = ballots(migrated_url)
    assert [used[account] for account in ACCOUNTS] == [0] * len(PAIRS)
    assert all(used[main] > 0 for main in MAINS)


def test_a_link_is_never_undone_under_a_ballot(migrated_url: str) -> None:
    codes = begin(migrated_url)
    race(migrated_url, (link_all, codes))
    _, _, refused = race(migrated_url, (vote_as, MAINS), (vote_as, ACCOUNTS), (unlink_all, MAINS))
    kept = linked(migrated_url)
    assert set(refused) <= {"", "VotedAsOne"}
    assert kept == {account: main for (main, account), word in zip(PAIRS, refused, strict=True) if word}
    used = ballots(migrated_url)
    assert all(used[account] == 0 and used[main] for account, main in kept.items())
