"""A database as version 0001 left it: a closed round, its run-off, and a round that is open, with dots in all."""

from __future__ import annotations

import hmac
import json
from contextlib import closing
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, text

from bot.domain.names import HuntId, RoundNumber
from storage.columns import microseconds
from storage.engine import open_engine
from storage.schema import migrate
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, NOW, ROOM

VOTED, OPEN = HuntId("0ldc105ed000"), HuntId("0ld0pen00000")
"""One hunt whose two rounds are closed, one whose round is open."""
FIRST, SECOND = RoundNumber(1), RoundNumber(2)
KEY = bytes(range(32))


def left_by_0001(url: str) -> None:
    """Makes the tables of revision 0001 and the rows its program wrote."""
    with closing(open_engine(url, 1)) as engines, engines.write.begin() as connection:
        migrate(connection, "0001")
        _add(connection, "tenant", id=ACME, bot="U0BOT", language="fr", zone="Europe/Paris", active=True)
        for person in (ANNA, BEN, CHLOE):
            _person(connection, person)
        _hunt(connection, VOTED, "closed", 2)
        _round(connection, VOTED, FIRST, dots=3, runoff=False)
        # Random names, as the close gave them; BEN took a dot back before it.
        _ballot(connection, VOTED, FIRST, "aa" * 16, {1: 2, 2: 1})
        _ballot(connection, VOTED, FIRST, "bb" * 16, {2: 1, 1: 1}, taken_back=3)
        _close(connection, VOTED, FIRST, [(1, 3, 2), (2, 2, 2), (3, 0, 0)], 2, 2, 6)
        _round(connection, VOTED, SECOND, dots=1, runoff=True)
        _ballot(connection, VOTED, SECOND, "cc" * 16, {2: 1})
        _close(connection, VOTED, SECOND, [(2, 1, 1), (1, 0, 0), (3, 0, 0)], 1, 2, 1)
        _hunt(connection, OPEN, "voting", 1)
        _round(connection, OPEN, FIRST, dots=3, runoff=False)
        _add(connection, "round_key", **_keys(OPEN, FIRST), key=KEY)
        _ballot(connection, OPEN, FIRST, _voter(ANNA), {1: 2, 3: 1})
        _ballot(connection, OPEN, FIRST, _voter(BEN), {3: 2})


def _voter(person: str) -> str:
    return hmac.digest(KEY, f"{ACME}|{person}".encode(), "sha256").hex()


def _person(connection: Connection, person: str) -> None:
    words = {"name": person.title(), "locale": "fr-FR", "zone": "Europe/Paris", "language": None, "seen_at": None}
    flags = dict.fromkeys(("outsider", "inactive", "muted", "plain_ballot"), False)
    _add(connection, "person", tenant=ACME, id=person, **words, **flags)


def _hunt(connection: Connection, hunt: str, phase: str, round: int) -> None:
    at = microseconds(NOW)
    told = {"question": "Quoi ?", "facilitator": ANNA, "created_at": at, "phase": phase, "language": "fr"}
    rules = {"cofacilitators": "[]", "names": "shown", "private": True, "capture": "thread", "own_themes": False}
    numbers = {"dots": None, "cap": 2, "places": 1, "round": round, "seed": 7}
    times = dict.fromkeys(("collect_until", "vote_from", "vote_until", "next_session", "closed_at", "due_at"))
    _add(connection, "hunt", tenant=ACME, id=hunt, **told, **rules, **numbers, **times)
    _add(connection, "hunt_count", tenant=ACME, hunt=hunt, numbered=3, ideas=3, voices=2)
    traces = dict.fromkeys(("board", "table", "results"))
    _add(connection, "hunt_room", tenant=ACME, hunt=hunt, room=ROOM, standing="live", **traces)


def _round(connection: Connection, hunt: str, number: int, *, dots: int, runoff: bool) -> None:
    keys = _keys(hunt, number)
    _add(
        connection,
        "round",
        tenant=ACME,
        hunt=hunt,
        number=number,
        dots=dots,
        cap=2,
        places=1,
        runoff=runoff,
        opened_at=microseconds(NOW),
        closes_at=None,
        closed_at=None,
        seed="5eed",
        tally=None,
        tally_sha256=None,
    )
    _add(connection, "round_count", **keys, voters=0, eligible=2)
    for option in (1, 2, 3):
        words = {"text": f"Idée {option}", "theme": "", "title": ""}
        _add(connection, "round_option", **keys, number=option, position=option, **words)
    for slot in range(1, dots + 1):
        _add(connection, "round_slot", **keys, slot=slot)
    for nth in (1, 2):
        _add(connection, "round_nth", **keys, nth=nth)
    for person, declined in ((ANNA, False), (BEN, False), (CHLOE, True)):
        _add(connection, "round_elector", **keys, person=person, listed=person != CHLOE, declined=declined)


def _ballot(
    connection: Connection, hunt: str, number: int, voter: str, placed: dict[int, int], taken_back: int = 0
) -> None:
    keys = _keys(hunt, number)
    _add(connection, "ballot", **keys, voter=voter, version=1)
    dots = [(option, nth) for option, many in placed.items() for nth in range(1, many + 1)]
    for slot, (option, nth) in enumerate(dots, 1):
        _add(connection, "dot", **keys, voter=voter, slot=slot, option=option, nth=nth)
    entries = [*placed.items(), *([(taken_back, 1), (taken_back, -1)] if taken_back else [])]
    for place, (option, delta) in enumerate(entries):
        action = sha256(f"{voter}{place}".encode()).hexdigest()
        _add(connection, "vote_ledger", **keys, action=action, voter=voter, option=option, delta=delta)
    one_more = "UPDATE round_count SET voters = voters + 1 WHERE hunt = :hunt AND round = :round"
    connection.execute(text(one_more), {"hunt": hunt, "round": number})


def _close(
    connection: Connection, hunt: str, number: int, scores: list[tuple[int, int, int]], voters: int, *most: int
) -> None:
    """Seals a tally in the words of 0001: `scores` are option, dots, supporters; `most` eligible, possible dots."""
    ranks = [
        {
            "place": 1 + sum(other[1] > dots for other in scores),
            "option": option,
            "dots": dots,
            "supporters": supporters,
            "tied": sum(other[1] == dots for other in scores) > 1,
        }
        for option, dots, supporters in scores
    ]
    eligible, possible = most
    told = {"ranks": ranks, "places": 1, "voters": voters, "eligible": eligible, "dots_possible": possible}
    told |= {"dots_placed": sum(dots for _, dots, _ in scores), "covered": scores[0][2]}
    words = json.dumps(told, sort_keys=True, separators=(",", ":"))
    seal = (
        "UPDATE round SET closed_at = :at, tally = :words, tally_sha256 = :seal WHERE hunt = :hunt AND number = :number"
    )
    facts = {"at": microseconds(NOW), "words": words, "seal": sha256(words.encode()).hexdigest()}
    connection.execute(text(seal), {**facts, "hunt": hunt, "number": number})


def _keys(hunt: str, number: int) -> dict[str, Any]:
    return {"tenant": ACME, "hunt": hunt, "round": number}


def _add(connection: Connection, table: str, /, **row: Any) -> None:
    columns = ", ".join(f'"{name}"' for name in row)
    values = ", ".join(f":{name}" for name in row)
    connection.execute(text(f'INSERT INTO "{table}" ({columns}) VALUES ({values})'), row)
