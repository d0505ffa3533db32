"""How often one person may do a thing in a minute, with or without a name: counted in memory only, and forgotten."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from bot.domain.errors import TooMany, TooManyIdeas
from bot.domain.names import PersonId

A_MINUTE = 10
MINUTE = timedelta(minutes=1)
MOST_PEOPLE = 5_000


class Allowance:
    """Ten ideas, or tries of a code, a minute for each person (reliability: abuse limits).

    The core counts ideas by their author, and an idea without a name has none: who sent it is known here alone, for
    a minute, and written nowhere.
    """

    def __init__(self, refusal: Callable[[int], TooMany] = TooManyIdeas) -> None:
        self._refusal = refusal
        self._sent: OrderedDict[PersonId, deque[datetime]] = OrderedDict()

    @contextmanager
    def one(self, person: PersonId, now: datetime) -> Iterator[None]:
        """Takes one of a person's ten; given back when an idea was not kept. Raises the refusal."""
        sent = self._lately(person, now)
        if len(sent) >= A_MINUTE:
            raise self._refusal(A_MINUTE)
        sent.append(now)
        try:
            yield
        except BaseException:
            if self._refusal is TooManyIdeas:  # a code that was wrong is a try all the same
                sent.remove(now)
            raise

    def _lately(self, person: PersonId, now: datetime) -> deque[datetime]:
        """What somebody sent within the last minute; whoever sent nothing for longer is forgotten."""
        sent = self._sent.setdefault(person, deque())
        self._sent.move_to_end(person)
        while sent and sent[0] <= now - MINUTE:
            sent.popleft()
        eldest = next(iter(self._sent))
        if eldest != person and (len(self._sent) > MOST_PEOPLE or _over(self._sent[eldest], now)):
            del self._sent[eldest]
        return sent


def _over(sent: deque[datetime], now: datetime) -> bool:
    return not sent or sent[-1] <= now - MINUTE
