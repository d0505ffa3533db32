"""A plain model of a round, in dictionaries and sets: what a voter, a facilitator and a reader may expect."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.errors import (
    AlreadyVoted,
    BadDots,
    BadForm,
    CapReached,
    NoDotsLeft,
    NotAnOption,
    NotAVoter,
    StaleForm,
    VoteOver,
)
from bot.domain.names import IdeaNumber, PersonId
from bot.domain.roles import told_apart
from bot.domain.rules import Electorate, Quorum, RoundKind, Rules, Secrecy

Placed = dict[IdeaNumber, int]
Refusal = type[Exception] | None
CHIEF, GUEST, OBSERVER = PersonId("U0CHIEF"), PersonId("U0GUEST"), PersonId("U0OBSERVER")
VOTERS = tuple(PersonId(f"U{n}") for n in range(7))
LATE = PersonId("U0LATE")
EVERYBODY = (CHIEF, GUEST, OBSERVER, LATE, *VOTERS)
ROLES = {person: "resident" if n < 5 else "ambassador" for n, person in enumerate(VOTERS)} | {LATE: "ambassador"}
FEW = 5


@dataclass
class Batch:
    """Paper ballots and the people whose ballots are among them."""

    papers: list[Placed]
    struck: set[PersonId]


@dataclass
class Model:
    """An open round. `members` None: nobody knows who is in the room."""

    rules: Rules
    options: tuple[IdeaNumber, ...]
    members: set[PersonId] | None
    kind: RoundKind = RoundKind.MAIN
    number: int = 1
    started: bool = False
    listed: dict[PersonId, str] = field(default_factory=dict)
    placed: dict[PersonId, Placed] = field(default_factory=dict)
    versions: Counter[PersonId] = field(default_factory=Counter)
    seen: set[tuple[PersonId, str, IdeaNumber]] = field(default_factory=set)
    cast: list[Placed] = field(default_factory=list)
    voted: set[PersonId] = field(default_factory=set)
    done: set[PersonId] = field(default_factory=set)
    declined: set[PersonId] = field(default_factory=set)
    batches: dict[int, Batch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        able = (self.members or set()) - {CHIEF, GUEST, OBSERVER}
        self.listed = {person: ROLES.get(person, "") for person in able}
        self.known = bool(self.listed)

    @property
    def detached(self) -> bool:
        return self.rules.secrecy is Secrecy.DETACHED

    @property
    def struck(self) -> set[PersonId]:
        return set[PersonId]().union(*(batch.struck for batch in self.batches.values()))

    @property
    def papers(self) -> list[Placed]:
        return [paper for batch in self.batches.values() for paper in batch.papers]

    @property
    def ballots(self) -> list[Placed]:
        """Every ballot with a dot on it."""
        return [*(p for p in self.placed.values() if p), *self.cast, *self.papers]

    @property
    def eligible(self) -> int:
        """Those listed, and the papers of people nobody had listed; 0 where nobody knows."""
        return len(self.listed) + len(self.papers) - len(self.struck & set(self.listed)) if self.known else 0

    def over(self, now: datetime) -> bool:
        return self.rules.closes_at is not None and now >= self.rules.closes_at

    def may(self, person: PersonId, now: datetime) -> Refusal:
        """Why a person may not vote now."""
        return VoteOver if self.over(now) else self.barred(person)

    def barred(self, person: PersonId) -> Refusal:
        """Why a person has no ballot to see or change, whatever the time."""
        if person in self.struck or (self.detached and person in self.voted):
            return AlreadyVoted
        if person in self.listed or person == CHIEF:
            return None
        late = self.rules.who is Electorate.PRESENT and self.known
        if late or person in {GUEST, OBSERVER} or (self.members is not None and person not in self.members):
            return NotAVoter
        return None

    def breaks(self, start: Placed, wishes: Iterable[tuple[IdeaNumber, int]]) -> Refusal:
        """Why a ballot that reads `start` may not be changed by `wishes`, one after the other."""
        placed = dict(start)
        for option, dots in wishes:
            if option not in self.options:
                return NotAnOption
            if dots < 0:
                return BadDots
            if dots > self.rules.cap:
                return CapReached
            placed[option] = dots
            if sum(placed.values()) > self.rules.dots:
                return NoDotsLeft
        return None

    def wish(self, person: PersonId, wishes: Mapping[IdeaNumber, int], action: str, now: datetime) -> Refusal:
        """Grants wishes, all or none; an action seen before changes no dot."""
        refused = self.may(person, now) or (StaleForm if self.detached else None)
        before = self.placed.get(person, {})
        taken_first = sorted(wishes.items(), key=lambda wish: wish[1] - before.get(wish[0], 0))
        refused = refused or self.breaks(before, taken_first)
        if refused:
            return refused
        changed = [(option, dots) for option, dots in wishes.items() if before.get(option, 0) != dots]
        if not changed:
            return None  # a wish for what stands already makes nobody a voter
        self._list(person)
        mine = self.placed.setdefault(person, {})
        for option, dots in changed:
            self.versions[person] += 1
            if (person, action, option) in self.seen:
                continue
            self.seen.add((person, action, option))
            empty = not mine
            mine.pop(option, None)
            if dots:
                mine[option] = dots
            self.started |= empty != (not mine)
        return None

    def moved(self, person: PersonId, version: int, wishes: Mapping[IdeaNumber, int]) -> bool:
        """Whether another device changed the ballot since a form was drawn, to something else than it wants."""
        mine = {} if self.detached else self.placed.get(person, {})
        current = 0 if self.detached else self.versions[person]
        return version != current and any(mine.get(option, 0) != dots for option, dots in wishes.items())

    def cast_whole(self, person: PersonId, placed: Placed, now: datetime) -> Refusal:
        refused = self.may(person, now) or (None if self.detached else StaleForm)
        refused = refused or self.breaks({}, sorted(placed.items()))
        kept = {option: dots for option, dots in placed.items() if dots}
        if refused in {CapReached, NoDotsLeft} or (not refused and not kept):
            return BadForm
        if refused in {NotAnOption, BadDots}:
            return StaleForm  # no form holds such a thing
        if refused:
            return refused
        self._list(person)
        self.voted.add(person)
        self.cast.append(kept)
        self.started = True
        return None

    def validate(self, person: PersonId, now: datetime) -> Refusal:
        if refused := self.may(person, now):
            return refused
        if self.placed.get(person):
            self.done.add(person)
        return None

    def enter(self, number: int, papers: list[Placed], struck: list[PersonId], now: datetime) -> Refusal:
        """Takes papers in; `number` is the batch they get."""
        if self.over(now):
            return VoteOver
        kept = [{option: dots for option, dots in paper.items() if dots} for paper in papers]
        bad = not papers or any(self.breaks({}, paper.items()) for paper in papers) or not all(kept)
        taken = {person for person, mine in self.placed.items() if mine} | self.voted | self.struck
        if bad or len(struck) > len(papers) or set(struck) & {GUEST, OBSERVER} or set(struck) & taken:
            return BadForm
        self.batches[number] = Batch(kept, set(struck))
        self.started = True
        for person in struck:
            self.versions[person] += not self.detached
        return None

    def change(self, wanted: Rules, now: datetime) -> Refusal:
        """The ratchet: anything before the first dot, then only later or more private."""
        if wanted.closes_at is not None and wanted.closes_at <= now:
            return BadForm
        was = self.rules
        if self.started:
            fixed = ("dots", "cap", "places", "who", "quorum", "tie", "secrecy")
            sooner = wanted.closes_at is not None and (was.closes_at is None or wanted.closes_at < was.closes_at)
            less_private = (wanted.by_role and not was.by_role) or wanted.keep_days > was.keep_days
            if sooner or less_private or any(getattr(was, name) != getattr(wanted, name) for name in fixed):
                return BadForm
        if was.secrecy is not wanted.secrecy:  # another key or none: nothing was placed under the old one
            self.versions.clear()
            self.seen.clear()
            self.placed.clear()
        self.rules = wanted
        return None

    def scores(self) -> dict[IdeaNumber, tuple[int, int]]:
        """Option -> dots and supporters."""
        return {
            option: (
                sum(ballot.get(option, 0) for ballot in self.ballots),
                sum(1 for ballot in self.ballots if ballot.get(option)),
            )
            for option in self.options
        }

    def ranks(self) -> set[tuple[int, IdeaNumber, int, int, bool]]:
        """Place, option, dots, supporters, tied."""
        scores = self.scores()
        all_dots = [dots for dots, _ in scores.values()]
        return {
            (1 + sum(other > dots for other in all_dots), option, dots, supporters, all_dots.count(dots) > 1)
            for option, (dots, supporters) in scores.items()
        }

    def covered(self, chosen: Iterable[IdeaNumber]) -> int:
        wanted = set(chosen)
        return sum(1 for ballot in self.ballots if wanted & set(ballot))

    def quorum(self) -> int | None:
        """The least number of voters that is more than a half, or at least the share, of those who may vote."""
        if not self.eligible or self.rules.quorum is Quorum.NONE:
            return None
        enough = {
            Quorum.THIRD: lambda n: 3 * n >= self.eligible,
            Quorum.HALF: lambda n: 2 * n > self.eligible,
            Quorum.TWO_THIRDS: lambda n: 3 * n >= 2 * self.eligible,
        }[self.rules.quorum]
        return next(n for n in range(self.eligible + 1) if enough(n))

    def groups(self) -> dict[str, tuple[int, int, Placed]]:
        """Group -> voters, how many might, dots (none where ballots are detached)."""
        if not self.rules.by_role:
            return {}
        present = {**dict.fromkeys(self.done | self.voted, ""), **self.listed}
        voters: Counter[str] = Counter()
        dots: dict[str, Counter[IdeaNumber]] = {}
        for person in self.voted | {person for person, mine in self.placed.items() if mine}:
            voters[present.get(person, "")] += 1
        voters[""] += len(self.papers)
        names = told_apart({role: number for role, number in voters.items() if number or role == ""})
        for person, mine in self.placed.items():
            dots.setdefault(names.get(present.get(person, ""), ""), Counter()).update(mine)
        for paper in self.papers:
            dots.setdefault("", Counter()).update(paper)
        eligible = Counter(names.get(role) for role in present.values())
        return {
            group: (
                sum(n for role, n in voters.items() if names.get(role) == group),
                eligible[group],
                {} if self.detached else dict(dots.get(group, {})),
            )
            for group in set(names.values())
        }

    def _list(self, person: PersonId) -> None:
        if self.known:
            self.listed.setdefault(person, ROLES.get(person, ""))
