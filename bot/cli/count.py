"""`ideahunt count`: ballots that come from elsewhere, counted exactly as a round is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.cli.ballots import Cast, Poll, Source, read_poll
from bot.cli.problems import FAILED, Problem, Stopped
from bot.domain.ballot import Ballot, Round
from bot.domain.errors import VoteRefused
from bot.domain.names import HuntId, IdeaNumber, RoundNumber, TenantId
from bot.domain.readings import read
from bot.domain.tally import CloseCall, Score, Tally, close_calls, count

PLACES = 3
UNLIMITED = 10**9
FORMATS = ("table", "json", "csv")


@dataclass(frozen=True, slots=True)
class Rules:
    """What the ballots were cast by. `dots` and `cap` None: not known, and not checked."""

    dots: int | None
    cap: int | None
    places: int


@dataclass(frozen=True, slots=True)
class SetAside:
    """A ballot that breaks a rule: none of its dots count."""

    cast: Cast
    option: str
    why: VoteRefused


@dataclass(frozen=True, slots=True)
class Counted:
    """One vote, counted. `blank`: ballots without a dot, which are no voters; `runoff`: the vote that parts its tie."""

    poll: Poll
    rules: Rules
    tally: Tally
    set_aside: tuple[SetAside, ...]
    blank: int
    runoff: Counted | None = None

    def option(self, number: IdeaNumber) -> str:
        """The option's own name in the file."""
        return self.poll.options[number - 1]

    @property
    def close(self) -> tuple[CloseCall, ...]:
        """Gaps too small to be a verdict."""
        return close_calls(self.tally)

    @property
    def final(self) -> tuple[IdeaNumber, ...]:
        """The options that surely have a place, best first; the run-off's winners come last."""
        return self.tally.winners + (self.runoff.tally.winners if self.runoff else ())


def count_file(path: Path, rules: Mapping[str, int | None], runoff: Path | None, shape: str, language: str) -> int:
    """Counts, prints, and returns 1 when ballots broke the rules; `rules` are those that were given, by name.

    Raises Stopped for a file that cannot be read, a rule that is no number from 1 on, and a run-off without a tie.
    """
    from bot.cli.count_told import told

    _expect(rules, shape)
    poll = read_poll(path)
    second = None
    if runoff is not None:
        found = read_poll(runoff)
        second = found.runoff or found
    with _busy(path.name):
        counted = count_poll(poll, rules, second or poll.runoff)
    if second is not None and counted.runoff is None:
        fix = "Leave --runoff out, or check --places."
        Source(path).refuse(0, "no tie crosses the last place, so a run-off has nothing to part.", fix)
    print(told(counted, path.name, shape, language), end="")
    return FAILED if counted.set_aside or (counted.runoff and counted.runoff.set_aside) else 0


def _expect(rules: Mapping[str, int | None], shape: str) -> None:
    if shape not in FORMATS:
        raise Stopped(Problem(f"There is no format {shape!r}.", f"Write one of {', '.join(FORMATS)}."))
    for name, number in rules.items():
        if number is not None and number < 1:
            raise Stopped(Problem(f"--{name} {number} is no number from 1 on.", f"Write --{name} 1 or more."))


@contextmanager
def _busy(name: str) -> Iterator[None]:
    """A sign of life on a terminal: equal shares of very many ballots take a while."""
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        yield
        return
    with console.status(name):
        yield


def count_poll(poll: Poll, rules: Mapping[str, int | None], runoff: Poll | None) -> Counted:
    """A vote and, where a tie crosses its last place, the run-off over exactly the tied options.

    `rules` go before those of the file.
    """
    own = Rules(
        rules.get("dots") or poll.dots, rules.get("cap") or poll.cap, rules.get("places") or poll.places or PLACES
    )
    main = _counted(poll, own, range(1, len(poll.options) + 1), poll, balance=True)
    tally = main.tally
    if runoff is None or not tally.tied_at_cut:
        return main
    for_tie = Rules(1, 1, tally.places - len(tally.winners))
    parted = _counted(runoff, for_tie, tally.tied_at_cut, poll, balance=False)
    return Counted(poll, own, tally, main.set_aside, main.blank, parted)


def _counted(poll: Poll, rules: Rules, open_to: Iterable[int], ballot: Poll, *, balance: bool) -> Counted:
    """`open_to`: the numbers that may be voted for; `ballot`: the poll whose options have these numbers."""
    numbers = {option: IdeaNumber(number) for number, option in enumerate(ballot.options, 1)}
    options = frozenset(IdeaNumber(number) for number in open_to)
    round = _round(rules) if rules.dots or rules.cap else None  # no rule, nothing to break
    papers: list[dict[IdeaNumber, int]] = []
    set_aside: list[SetAside] = []
    blank = 0
    for cast in poll.casts:
        broken = _broken(cast, numbers, options, round) if round else None
        if broken:
            set_aside.append(broken)
        elif cast.placed:
            papers.append({numbers[option]: dots for option, dots in cast.placed.items()})
        else:
            blank += 1
    tally = count(_scores(papers, sorted(options)), rules.places, len(papers), 0, rules.dots or 0)
    return Counted(ballot, rules, read(tally, papers, balance=balance), tuple(set_aside), blank)


def _round(rules: Rules) -> Round:
    """The rules as the ballot of a round knows them."""
    dots = rules.dots or UNLIMITED
    cap = rules.cap or dots
    opened = datetime(1970, 1, 1, tzinfo=UTC)  # no clock decides here
    return Round(TenantId(""), HuntId(""), RoundNumber(1), dots, cap, rules.places, opened)


def _broken(
    cast: Cast, numbers: Mapping[str, IdeaNumber], options: frozenset[IdeaNumber], round: Round
) -> SetAside | None:
    """The first rule this ballot breaks, told by the ballot of a round itself."""
    ballot = Ballot()
    for option, dots in cast.placed.items():
        try:
            ballot = ballot.wish(numbers.get(option, IdeaNumber(0)), dots, round, options)
        except VoteRefused as why:
            return SetAside(cast, option, why)
    return None


def _scores(papers: Sequence[Mapping[IdeaNumber, int]], options: Sequence[IdeaNumber]) -> list[Score]:
    dots, supporters = Counter[IdeaNumber](), Counter[IdeaNumber]()
    for paper in papers:
        for option, number in paper.items():
            dots[option] += number
            supporters[option] += 1
    return [Score(option, dots[option], supporters[option]) for option in options]
