"""Everything ideahunt may refuse, as classes that carry facts and no words.

Refusal
├── WrongPhase(phase, wanted)              the hunt is at another stage
├── NotAllowed(deed)                       only a facilitator may do this
├── NotFound
│   ├── NoHuntHere                         no open hunt in this room
│   ├── UnknownHunt, UnknownIdea(number), UnknownTheme, UnknownRound
├── BadText
│   ├── TooShort(least)                    emoji only, empty, or fewer than `least` words
│   ├── TooLong(most, length)              characters
├── TooMany
│   ├── TooManyIdeas(most, hours)          one person's limit
│   ├── TooManyThemes(most)
│   ├── TooManyTries(most)                 codes guessed within a minute
├── ThemeNameTaken(name)                   another theme of the hunt has it
├── BadForm(problems)                      field -> key of a sentence, shown beside the field
├── VoteRefused
│   ├── NoDotsLeft(used, total)
│   ├── CapReached(used, cap)
│   ├── VoteOver(closed_at)                arrived at or after the close
│   ├── NotAnOption(number)
│   ├── BadDots
│   ├── NotAVoter
│   ├── VoteHalted                         the server's secret is not the one the round was opened with
│   ├── AlreadyVoted(person)                one ballot a person where ballots are cast once, or it is on paper
│   ├── BallotMoved(used, total)            the form is older than the ballot: another device was faster
├── TieStays                              by the rules of the vote a tie is left to people
├── NothingToUndo, NothingToVote, HuntOpenHere(question), StaleForm, UnknownFormat(wanted)
├── VotedTwice                             both accounts have voted, and one ballot is on paper or cast for good
├── SamePlatform                           both accounts are on one platform
├── VotedAsOne                             the joined person has a ballot in an open round: they stay one
├── OnlyRoom                               a hunt stays in its last room
├── BadCode, CodeNeedsRoom                 a code nobody gave, or one that was typed where it means nothing
└── AlreadyRunning                         this round or hunt is already open
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(eq=False)
class Refusal(Exception):
    """A wish that cannot be granted; its class is the key of its sentence and its fields are the facts in it.

    Not frozen: the interpreter assigns `__traceback__`. Not comparable: exceptions are hashed by identity.
    """

    def __post_init__(self) -> None:
        super().__init__(type(self).__name__)


@dataclass(eq=False)
class WrongPhase(Refusal):
    """The hunt is in `phase`, the deed needs one of `wanted`."""

    phase: str
    wanted: tuple[str, ...] = ()


@dataclass(eq=False)
class NotAllowed(Refusal):
    """Only a facilitator of the hunt may do `deed` (a key of the catalogue, `deed.…`)."""

    deed: str = "this"


@dataclass(eq=False)
class NotFound(Refusal):
    """What was asked for is not here; also said for another tenant's things, so that nothing leaks."""


@dataclass(eq=False)
class NoHuntHere(NotFound):
    """No open hunt in this room."""


@dataclass(eq=False)
class UnknownHunt(NotFound):
    """No such hunt in this tenant."""


@dataclass(eq=False)
class UnknownIdea(NotFound):
    """No such idea in this hunt."""

    number: int = 0


@dataclass(eq=False)
class UnknownTheme(NotFound):
    """No such theme in this hunt."""


@dataclass(eq=False)
class UnknownRound(NotFound):
    """No such round in this hunt."""


@dataclass(eq=False)
class BadText(Refusal):
    """A text that cannot become an idea as it is."""


@dataclass(eq=False)
class TooShort(BadText):
    """Empty, emoji only, or fewer than `least` words."""

    least: int = 3


@dataclass(eq=False)
class TooLong(BadText):
    """More than `most` characters (it had `length`)."""

    most: int
    length: int


@dataclass(eq=False)
class TooMany(Refusal):
    """A limit on number was reached."""


@dataclass(eq=False)
class TooManyIdeas(TooMany):
    """One person may post `most` ideas a minute (or a hunt, where `per` says so)."""

    most: int
    per: str = "minute"


@dataclass(eq=False)
class TooManyThemes(TooMany):
    """A hunt holds at most `most` themes."""

    most: int


@dataclass(eq=False)
class ThemeNameTaken(Refusal):
    """Another theme of the hunt is called `name` already, whatever the case and the accents of what was typed."""

    name: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """A sentence beside a field: its key, and the facts in it."""

    key: str
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(eq=False)
class TooManyTries(TooMany):
    """One person may try `most` codes a minute."""

    most: int


@dataclass(eq=False)
class BadForm(Refusal):
    """A form with problems: field name -> key of the sentence shown beside that field, with its facts where needed."""

    problems: Mapping[str, str | Problem] = field(default_factory=dict)


@dataclass(eq=False)
class VoteRefused(Refusal):
    """A dot that was not counted; the ballot is as it was."""


@dataclass(eq=False)
class NoDotsLeft(VoteRefused):
    """All `total` dots are used."""

    used: int
    total: int


@dataclass(eq=False)
class CapReached(VoteRefused):
    """`cap` dots at most on one option."""

    used: int
    cap: int


@dataclass(eq=False)
class VoteOver(VoteRefused):
    """The round closed before the dot could be committed."""

    closed_at: datetime | None = None


@dataclass(eq=False)
class NotAnOption(VoteRefused):
    """The number is not an option of this round."""

    number: int = 0


@dataclass(eq=False)
class BadDots(VoteRefused):
    """The wished number of dots is not a whole number from 0 to the cap."""


@dataclass(eq=False)
class NotAVoter(VoteRefused):
    """Guests from elsewhere and deactivated people do not vote, nor does who was in no room of the hunt in time."""


@dataclass(eq=False)
class ObserverDoesNotVote(NotAVoter):
    """Who observes a hunt reads along; a facilitator may change that."""


@dataclass(eq=False)
class VoteHalted(VoteRefused):
    """The secret that wraps the round's key was lost or changed: dots are safe, and can be neither seen nor moved."""


@dataclass(eq=False)
class AlreadyVoted(VoteRefused):
    """This person's ballot is cast and stays as it is; `person` is set where somebody else asked."""

    person: str = ""


@dataclass(eq=False)
class BallotMoved(VoteRefused):
    """The form is older than the ballot (`used` of `total` dots): it was changed on another device meanwhile."""

    used: int
    total: int


@dataclass(eq=False)
class NothingToUndo(Refusal):
    """No step of grouping is left to take back."""


@dataclass(eq=False)
class NothingToVote(Refusal):
    """A round needs at least two options."""


@dataclass(eq=False)
class TieStays(Refusal):
    """The rules of the vote said, before the first dot, that no run-off parts a tie."""


@dataclass(eq=False)
class HuntOpenHere(Refusal):
    """A room holds one open hunt at a time."""

    question: str = ""


@dataclass(eq=False)
class StaleForm(Refusal):
    """The form is older than what it shows, or nobody's: it is opened again."""


@dataclass(eq=False)
class UnknownFormat(Refusal):
    """Exports are written as csv, md, json or html."""

    wanted: str = ""


@dataclass(eq=False)
class BadCode(Refusal):
    """No such code, or it is too old."""


@dataclass(eq=False)
class CodeNeedsRoom(Refusal):
    """A hunt is joined from the room where it shall be shown, not from a private conversation."""


@dataclass(eq=False)
class SamePlatform(Refusal):
    """Two accounts of one platform are two people there: a link joins one account here and one there."""


@dataclass(eq=False)
class VotedAsOne(Refusal):
    """A person of several accounts has a ballot in an open round: apart, they could vote again before its close."""


@dataclass(eq=False)
class OnlyRoom(Refusal):
    """A hunt is shown in one room at least: its only one is not taken out."""


@dataclass(eq=False)
class VotedTwice(Refusal):
    """Both accounts have voted in an open round, and one of the ballots cannot be taken back."""
