"""Paper ballots as a facilitator types them: a line a ballot, `7x2 10 9`, checked against the round's rules."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.domain.ballot import Ballot, Round
from bot.domain.errors import BadDots, BadForm, CapReached, NoDotsLeft, NotAnOption, Problem
from bot.domain.names import IdeaNumber, number_of

MOST_PAPERS = 200
_BETWEEN = re.compile(r"[\s,;+]+")
_TIMES = re.compile(r"(?P<sign>[^x×*:=]+)[x×*:=](?P<dots>[0-9]{1,2})", re.IGNORECASE)
FIELD = "papers"


def read_papers(typed: str, round: Round, options: frozenset[IdeaNumber]) -> tuple[Mapping[IdeaNumber, int], ...]:
    """The ballots typed: option -> dots each. A number alone is one dot; said again it is one dot more.

    Raises BadForm with the first line that cannot be read or breaks a rule, by its number; nothing is kept then.
    """
    lines = [(place, line) for place, line in enumerate(typed.splitlines(), 1) if line.strip()]
    if not lines:
        raise BadForm({FIELD: "papers.problem.none"})
    if len(lines) > MOST_PAPERS:
        raise BadForm({FIELD: Problem("papers.problem.many", {"most": MOST_PAPERS})})
    return tuple(_ballot(place, line, round, options) for place, line in lines)


def _ballot(place: int, line: str, round: Round, options: frozenset[IdeaNumber]) -> Mapping[IdeaNumber, int]:
    ballot = Ballot()
    for number, dots in _counted(place, line).items():
        try:
            ballot = ballot.wish(number, dots, round, options)
        except NotAnOption:
            raise _problem("option", place, sign=_as_typed(number, line)) from None
        except CapReached as refusal:
            raise _problem("cap", place, cap=refusal.cap, sign=_as_typed(number, line)) from None
        except NoDotsLeft as refusal:
            raise _problem("dots", place, total=refusal.total) from None
        except BadDots:
            raise _problem("unread", place, sign=_as_typed(number, line)) from None
    if not ballot.used:
        raise _problem("blank", place)
    return ballot.placed


def _counted(place: int, line: str) -> Mapping[IdeaNumber, int]:
    counted: dict[IdeaNumber, int] = {}
    for piece in _pieces(line):
        times = _TIMES.fullmatch(piece)
        sign, dots = (times["sign"], int(times["dots"])) if times else (piece, 1)
        number = number_of(sign)
        if number is None:
            raise _problem("unread", place, sign=piece[:20])
        counted[number] = counted.get(number, 0) + dots
    return counted


def _pieces(line: str) -> Iterable[str]:
    """`7 x 2, 10` is typed as often as `7x2 10`."""
    joined = re.sub(r"\s*([x×*:=])\s*(?=[0-9])", r"\1", line.strip(), flags=re.IGNORECASE)
    joined = re.sub(r"n°\s+", "n°", joined, flags=re.IGNORECASE)
    return (piece for piece in _BETWEEN.split(joined) if piece)


def _as_typed(number: IdeaNumber, line: str) -> str:
    """The piece of the line that named the option."""
    for piece in _pieces(line):
        times = _TIMES.fullmatch(piece)
        if number_of(times["sign"] if times else piece) == number:
            return (times["sign"] if times else piece)[:20]
    return str(number)


def _problem(why: str, line: int, **facts: object) -> BadForm:
    return BadForm({FIELD: Problem(f"papers.problem.{why}", {"line": line, **facts})})
