"""A hunt as it grows, by the bot's own use cases and clock: what people see change, and what corrections bring."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import mean

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import DrawnHunt, drawn, read_sets  # noqa: E402
from benchmarks.themes.scores import measured  # noqa: E402
from bot.domain.hunt import MAX_THEMES  # noqa: E402
from bot.domain.ideas import IdeaState, IdeaText  # noqa: E402
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, TenantId, ThemeId  # noqa: E402
from bot.domain.people import Asker, Person, Room, Tenant  # noqa: E402
from bot.text import clean, says_something  # noqa: E402
from bot.theming.engine import Themes  # noqa: E402
from bot.theming.meanings import Meanings, shipped  # noqa: E402
from bot.usecases import Core, build_core  # noqa: E402
from bot.usecases.requests import IdeaRequest, LaunchRequest, TickedPile  # noqa: E402
from storage import schema  # noqa: E402
from storage.sql import SqlStorage  # noqa: E402

GAP = 15.0
"""Seconds between two ideas, on average, by chance: some come in bursts, some after a silence."""
TICK = timedelta(seconds=5)
TAKEN = (1 / 3, 2 / 3, 1.0)
"""When the facilitator takes what the bot proposes, as shares of the ideas."""
CORRECTED = 0.2
TENANT, ROOM, LEADER = TenantId("t"), RoomId("r"), PersonId("leader")
ALL = frozenset(IdeaState)


@dataclass
class Growing:
    """A hunt under way in a database of its own: its ideas by their place in the drawn hunt."""

    core: Core
    storage: SqlStorage
    hunt: HuntId
    now: datetime
    numbers: dict[int, IdeaNumber] = field(default_factory=dict)
    decided: dict[int, ThemeId] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)
    looks: int = 0

    @property
    def leader(self) -> Asker:
        return Asker(TENANT, LEADER)

    def pass_by(self, seconds: float) -> None:
        """The clock ticks, and does what is due: a hunt that was quiet is looked at again."""
        end = self.now + timedelta(seconds=seconds)
        while self.now + TICK <= end:
            self.now += TICK
            for due in self.core.clock.due(self.now):
                self.looks += 1
                self.core.clock.carry_out(due, self.now)
        self.now = end

    def arrive(self, place: int, text: str) -> None:
        """Somebody writes an idea; it gets its likely theme among those that stand."""
        writer = Asker(TENANT, PersonId(f"p{place}"))
        start = time.perf_counter()
        self.core.ideas.foresee(TENANT, text, self.hunt)
        saved = self.core.ideas.post(writer, IdeaRequest(self.hunt, text), f"idea {place}", self.now)
        self.waits.append(time.perf_counter() - start)
        self.numbers[place] = saved.line.number

    def take(self) -> None:
        """The facilitator takes the proposed themes, the largest first, as many as a hunt may have."""
        proposed = self.core.themes.propose(self.leader, self.hunt, self.now)
        with self.storage.look() as unit:
            room = MAX_THEMES - sum(not theme.gone for theme in unit.ideas.themes(TENANT, self.hunt))
        largest = sorted(proposed.piles, key=lambda pile: -len(pile.numbers))[:room]
        ticked = tuple(TickedPile(pile.label, pile.numbers) for pile in largest)
        if ticked:
            self.core.themes.take_piles(self.leader, self.hunt, ticked, self.now)

    def shown(self) -> dict[int, int]:
        """The theme each idea is shown in, by its place; ideas without one are left out."""
        with self.storage.look() as unit:
            ideas = unit.ideas.page(TENANT, self.hunt, states=ALL, limit=100_000)
        themes = {idea.number: idea.theme for idea in ideas}
        found = ((place, themes[number]) for place, number in self.numbers.items())
        return {place: int(theme) for place, theme in found if theme is not None}


def opened(engine: Themes, folder: str, hunt: DrawnHunt) -> Growing:
    """An open hunt in a fresh database."""
    url = f"sqlite:///{folder}/live.db"
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    schema.upgrade(url, now)
    storage = SqlStorage(url)
    core = build_core(storage, engine)
    language = hunt.source.language
    core.people.keep_tenant(Tenant(TENANT, PersonId("bot"), language, "UTC"))
    core.people.keep(Person(TENANT, LEADER, "Leader", language, "UTC", seen_at=now))
    core.people.keep_room(Room(TENANT, ROOM, "room", zone="UTC", present=True), [LEADER, PersonId("bot")])
    wanted = LaunchRequest(ROOM, hunt.source.name, language=language, private=False)
    core.hunts.launch(Asker(TENANT, LEADER), wanted, "launch", now=now)
    for claimed in core.post.claim(now + timedelta(seconds=5), limit=100):
        core.post.delivered(claimed, MessageId("board"), now)
    open_one = core.hunts.open_here(TENANT, ROOM)
    assert open_one is not None
    return Growing(core, storage, open_one, now)


def grown(engine: Themes, hunt: DrawnHunt, *, corrected: float = 0.0) -> dict[str, float]:
    """One hunt from the first idea to the last, in an order of chance."""
    said = tuple(place for place in hunt.places if says_something(clean(hunt.source.texts[place])))
    hunt = replace(hunt, places=said)  # a single word is no idea to the bot
    engine.meanings.vectors(hunt.texts, [hunt.source.language] * len(hunt.texts))  # reading is measured elsewhere
    with tempfile.TemporaryDirectory() as folder:
        live = opened(engine, folder, hunt)
        try:
            return _grown(engine, hunt, live, corrected)
        finally:
            live.storage.close()


def _grown(engine: Themes, hunt: DrawnHunt, live: Growing, corrected: float) -> dict[str, float]:
    chance = np.random.default_rng(hunt.draw)
    order = [int(number) for number in chance.permutation(len(hunt.texts))]
    takes = {max(1, round(share * len(order))) for share in TAKEN}
    changes, agreements, touched = 0, [], frozenset[int]()
    before: dict[int, int] = {}
    for count, place in enumerate(order, start=1):
        live.arrive(place, hunt.texts[place])
        live.pass_by(float(chance.exponential(GAP)) if count < len(order) else 60.0)
        after = live.shown()
        changes += sum(after.get(one, -1) != theme for one, theme in before.items())
        agreements.append(_agreement(before, after))
        if count in takes:
            live.take()
        if count == len(order) // 2:
            touched = _correct(live, hunt, order[:count], corrected)
        before = live.shown()
    live.pass_by(60.0)
    return _told(engine, hunt, live, order, touched) | {
        "agreement": mean(agreements),
        "changes": changes / len(order),
    }


def _told(
    engine: Themes, hunt: DrawnHunt, live: Growing, order: Sequence[int], touched: frozenset[int]
) -> dict[str, float]:
    shown = live.shown()
    untouched = [place for place in order if place not in touched]
    labels = np.array([shown.get(place, -1) for place in untouched])
    piles = engine.group([IdeaText(place, text) for place, text in enumerate(hunt.texts)])
    scratch = {place: theme for theme, pile in enumerate(piles) for place in pile.ideas}
    true = [hunt.labels[place] for place in untouched]
    return {
        "ami": measured(labels, true)[0],
        "scratch": measured(np.array([scratch[place] for place in untouched]), true)[0],
        "loose": 1 - len(shown) / len(order),
        "kept": mean([shown.get(place) == theme for place, theme in live.decided.items()] or [True]),
        "wait": 1_000 * mean(live.waits),
        "looks": live.looks,
    }


def _agreement(before: dict[int, int], after: dict[int, int]) -> float:
    """The share of pairs of ideas that are together, or not, as before; by counting, not by pairs."""
    both = [place for place in before if place in after]
    pairs = len(both) * (len(both) - 1) / 2
    if not pairs:
        return 1.0
    old, new, joint = (
        sum(count * (count - 1) / 2 for count in Counter(key(place) for place in both).values())
        for key in (before.__getitem__, after.__getitem__, lambda place: (before[place], after[place]))
    )
    return float((pairs + 2 * joint - old - new) / pairs)


def _correct(live: Growing, hunt: DrawnHunt, places: Sequence[int], share: float) -> frozenset[int]:
    """A facilitator puts misplaced ideas, by chance, in the theme of their true one, until they moved a share of all.

    Where no theme stands for it, they open one. Tells their places, also where the share is 0 and nothing is moved:
    both runs are the same until then, and judge the same ideas.
    """
    shown, main = live.shown(), _standing_for(live, hunt, places)
    misplaced = [place for place in places if shown.get(place, -1) != main.get(hunt.labels[place], -2)]
    touched = frozenset(_chosen(misplaced, hunt, round((share or CORRECTED) * len(places))))
    for place in sorted(touched) if share else ():
        label, number = hunt.labels[place], live.numbers[place]
        new = "" if label in main else label
        live.core.grouping.move(live.leader, live.hunt, number, main.get(label), live.now, new_theme=new)
        with live.storage.look() as unit:
            theme = unit.ideas.get(TENANT, live.hunt, number).theme
        assert theme is not None
        live.decided[place] = main[label] = theme
    return touched


def _standing_for(live: Growing, hunt: DrawnHunt, places: Sequence[int]) -> dict[str, ThemeId]:
    """The theme that most ideas of each true one are in, where it is not another's already."""
    shown, main = live.shown(), dict[str, ThemeId]()
    met = Counter((hunt.labels[place], shown[place]) for place in places if place in shown)
    for (label, theme), _ in sorted(met.items(), key=lambda one: (-one[1], one[0])):
        if label not in main and theme not in main.values():
            main[label] = ThemeId(theme)
    return main


def _chosen(places: Sequence[int], hunt: DrawnHunt, most: int) -> set[int]:
    return {int(n) for n in np.random.default_rng(hunt.draw).permutation(places)[:most]}


def rows(engine: Themes, hunts: Sequence[DrawnHunt], corrected: float) -> Iterator[dict[str, float]]:
    for hunt in hunts:
        told = grown(engine, hunt, corrected=corrected)
        print(hunt.source.name, {name: round(value, 3) for name, value in told.items()}, file=sys.stderr, flush=True)
        yield told


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the means over hunts, without and with corrections."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.live", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--corrected", type=float, nargs="+", default=[0.0, CORRECTED])
    parser.add_argument("--set", default="")
    asked = parser.parse_args(arguments)
    engine = Themes(Meanings(shipped()))
    sets = [one for one in read_sets(asked.folder) if asked.set in one.name]
    hunts = [hunt for one in sets for hunt in drawn(one, [asked.size], asked.draws)]
    for corrected in asked.corrected:
        told = list(rows(engine, hunts, corrected))
        means = {name: mean(row[name] for row in told) for name in told[0]}
        print(
            f"{len(told)} hunts of {asked.size}, {corrected:.0%} corrected at half-time: "
            f"AMI {means['ami']:.3f} ({means['ami'] / means['scratch']:.2f} of from scratch), "
            f"agreement {means['agreement']:.4f}, changes an idea {means['changes']:.2f}, "
            f"{means['loose']:.0%} without a theme, decisions kept {means['kept']:.0%}, "
            f"{means['looks']:.0f} looks again, {means['wait']:.1f} ms an arriving idea"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
