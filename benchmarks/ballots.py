"""Ballots: five hundred voters at once beside bare Bolt, and what the size of the form they vote in costs."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from benchmarks import payloads
from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_least, at_most
from benchmarks.ingest import Served, served
from benchmarks.servers import NotReady, bare_http, ideahunt
from benchmarks.stubbed import stubbed
from benchmarks.town import TENANT, Town, author_of
from bot.domain.names import HuntId, PersonId
from bot.domain.people import Asker
from handlers.slack import draw

NAME = "ballots"
OPTIONS, DOTS = 60, 10
EACH, API_PAUSE = 7, 0.08
Views = Mapping[PersonId, dict[str, Any]]


def measured(bench: Bench) -> Measured:
    """A burst, in turn with bare Bolt; then one form of one block and one of fifty."""
    voters = bench.size(500, 100)
    town = Town.built(bench.ground.folder, "ballots", voters)
    hunt = town.hunt()
    town.hear(range(OPTIONS))
    town.open_vote(hunt, DOTS)
    town.deliver()
    views = _views(town, hunt, voters)
    town.close()
    try:
        yield from _minute(bench, town.url, views)
        yield from _burst(bench, town.url, views)
        yield _size(bench, town.url, views)
    except NotReady as dead:
        yield Skipped(NAME, f"a server ended: {dead}"[-300:])


def _views(town: Town, hunt: HuntId, voters: int) -> Views:
    """Each voter's ballot as Slack shows it."""
    now = datetime.now(UTC)
    people = [author_of(8 * each) for each in range(voters)]
    ballot = town.core.ballots.ballot
    return {one: draw.view(ballot(Asker(TENANT, one), hunt, now), "fr", "Europe/Paris") for one in people}


def choices(views: Views, each: int, first: int) -> list[bytes]:
    """So many choices of each voter, in no order."""
    requests = [
        payloads.press_request(payloads.choice(person, view, first + turn, turn * 7 + place))
        for turn in range(each)
        for place, (person, view) in enumerate(views.items())
    ]
    random.Random(7).shuffle(requests)
    return requests


def _copy(bench: Bench, url: str, name: str) -> str:
    path = bench.ground.folder / f"{name}.db"
    with sqlite3.connect(url.removeprefix("sqlite:///")) as source, sqlite3.connect(path) as target:
        source.backup(target)
    return f"sqlite:///{path}"


def _minute(bench: Bench, url: str, views: Views) -> Measured:
    """Everybody votes within the same minute, seven choices each, as a town does when the mayor says "now"."""
    requests = choices(views, EACH, 1)
    seconds = bench.size(60, 12)
    with (
        stubbed(pause=API_PAUSE) as stub,
        ideahunt(bench.ground.folder, _copy(bench, url, "minute"), stub.url) as server,
    ):
        served(server, choices(views, 1, 0))
        outcome = served(server, requests, rate=len(requests) / seconds).outcome
    what = f"{len(views)} voters, {EACH} choices each, in {seconds} s"
    note = (
        f"{len(requests):,} choices; middle {outcome.at(0.5):.1f} ms; not answered 200: {len(requests) - outcome.good}"
    )
    yield Row(NAME, f"{what}: slowest in 100", Spread.of([outcome.at(0.99)]), "ms", None, at_most(286, "figure"), note)
    yield Row(NAME, f"{what}: over 3 s", Spread.of([outcome.late]), "acks", None, at_most(0, "figure"))


def _burst(bench: Bench, url: str, views: Views) -> Measured:
    each, folder = bench.size(5, 3), bench.ground.folder
    ours: list[Served] = []
    floor: list[Served] = []
    for turn in bench.turns():
        with bare_http(folder) as bare:
            served(bare, choices(views, 1, 0))
            floor.append(served(bare, choices(views, each, 1), len(views)))
        with stubbed() as stub, ideahunt(folder, _copy(bench, url, f"ballots-{turn}"), stub.url) as server:
            served(server, choices(views, 1, 0))
            ours.append(served(server, choices(views, each, 1), len(views)))
    total = each * len(views)
    bad = sum(total - one.outcome.good for one in ours)
    late = sum(one.outcome.late for one in ours)
    load = f"{len(views)} voters at once, {total:,} choices over {OPTIONS} ideas"
    note = f"{load}; not answered 200: {bad}; over 3 s: {late}"
    rate, bare_rate = (Spread.of([one.rate for one in side]) for side in (ours, floor))
    yield Row(NAME, "choices a second v bare acks", rate, "/s", bare_rate, at_least(1.5), note)
    cpu, bare_cpu = (Spread.of([one.cpu for one in side]) for side in (ours, floor))
    yield Row(NAME, "CPU a choice v a bare ack", cpu, "us", bare_cpu)
    waits, bare_waits = (Spread.of([one.outcome.at(0.99) for one in side]) for side in (ours, floor))
    yield Row(NAME, "wait for the ack, slowest in 100, v bare", waits, "ms", bare_waits, at_most(286, "figure"))


def _size(bench: Bench, url: str, views: Views) -> Row:
    """The same choices from a form of one block and from one of fifty, in turn, on one server."""
    few, many = ({person: _of_blocks(view, size) for person, view in views.items()} for size in (1, 50))
    small: list[float] = []
    large: list[float] = []
    body = 0
    with stubbed() as stub, ideahunt(bench.ground.folder, _copy(bench, url, "ballots-size"), stub.url) as server:
        served(server, choices(views, 1, 0))
        for turn in range(1, bench.rounds + 2):
            for side, forms in ((small, few), (large, many)):
                requests = choices(forms, 1, 2 * turn + (side is large))
                body = len(requests[0])
                side.append(served(server, requests).cpu)
    note = f"Slack sends the whole form with each choice: {body / 1e3:.0f} kB at fifty blocks"
    return Row(NAME, "a form of 50 blocks v of 1", Spread.of(large), "us CPU", Spread.of(small), at_most(1.4), note)


def _of_blocks(view: Mapping[str, Any], size: int) -> dict[str, Any]:
    options = [one for one in view["blocks"] if one.get("accessory", {}).get("type") == "static_select"]
    return {**view, "blocks": [options[place % len(options)] for place in range(size)]}


SCENARIO = Scenario(NAME, "what does a change of one's ballot cost?", measured)
