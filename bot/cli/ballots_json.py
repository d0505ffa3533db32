"""Ballots from JSON: voter -> {option: dots}, or a list of {option: dots}, alone or inside the file of a hunt's day."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bot.cli.ballots import MOST_DIGITS, Cast, Poll, Source, in_order, named

BALLOTS = ("bulletins", "ballots")
RUNOFF = ("departage", "runoff")
RULES = {"dots": ("points_par_personne", "dots"), "cap": ("plafond_par_idee", "cap"), "places": ("places",)}
SHAPES = 'Write {"voter": {"option": dots}}, or [{"option": dots}].'


class _Twice(ValueError):
    """A key that stands twice in one object: the second would quietly replace the first."""


def read_json(source: Source) -> Poll:
    """The ballots of a JSON file, with the rules and the run-off it may hold. Raises Stopped."""
    with source.opened() as text:
        try:
            held = json.load(text, object_pairs_hook=_once)
        except json.JSONDecodeError as error:
            source.refuse(error.lineno, f"this is no JSON ({error.msg}).", "Check commas, quotes and brackets there.")
        except _Twice as twice:
            source.refuse(0, f"“{twice}” stands twice in one place.", "Keep one of them.")
        except RecursionError:
            source.refuse(0, "its brackets are nested too deeply.", SHAPES)
        except UnicodeError:  # a ValueError too, told by `opened`
            raise
        except ValueError:  # more digits than Python turns into a number
            source.refuse(0, "it holds a number of thousands of digits.", "Write 0, 1, 2…")
    body = held["vote"] if isinstance(held, dict) and isinstance(held.get("vote"), dict) else held
    ballots = _first(body, BALLOTS)
    if ballots is None:
        return _poll(source, body, {})
    second = _first(body, RUNOFF)
    return _poll(source, ballots, body, None if second is None else _poll(source, second, {}))


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held = dict(pairs)
    if len(held) < len(pairs):
        keys = [key for key, _ in pairs]
        raise _Twice(named(next(key for key in keys if keys.count(key) > 1)))
    return held


def _first(body: Any, keys: tuple[str, ...]) -> Any:  # noqa: ANN401 - JSON of any shape
    return next((body[key] for key in keys if key in body), None) if isinstance(body, dict) else None


def _poll(source: Source, ballots: Any, body: dict[str, Any], runoff: Poll | None = None) -> Poll:  # noqa: ANN401
    casts = [Cast(_placed(source, who, ballot), 0, who) for who, ballot in _each(source, ballots)]
    declared = body.get("options")
    known = [named(str(one)) for one in declared] if isinstance(declared, list) else []
    source.expect_different(known, 0)
    voted = {option for cast in casts for option in cast.placed}
    options = (*known, *in_order(voted - set(known)))
    rules = {rule: _rule(source, body, keys) for rule, keys in RULES.items()}
    kept = [Cast({o: d for o, d in cast.placed.items() if d}, 0, cast.voter) for cast in casts]
    return Poll(options, kept, rules["dots"], rules["cap"], rules["places"], runoff=runoff)


def _each(source: Source, ballots: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - JSON of any shape
    """Each ballot with its voter, or with its place in the list."""
    if isinstance(ballots, dict):
        yield from ((named(voter), ballot) for voter, ballot in ballots.items())
    elif isinstance(ballots, list):
        yield from ((f"#{place}", ballot) for place, ballot in enumerate(ballots, 1))
    else:
        source.refuse(0, "there are no ballots in it.", SHAPES)


def _placed(source: Source, who: str, ballot: Any) -> dict[str, int]:  # noqa: ANN401 - JSON of any shape
    """Option -> dots, 0 included; a ballot that is one option holds one dot."""
    if isinstance(ballot, str) and ballot.strip():
        return {named(ballot): 1}
    if not isinstance(ballot, dict):
        source.refuse(0, f"the ballot of {who} holds no options with dots.", SHAPES)
    placed: dict[str, int] = {}
    for written, dots in ballot.items():
        option = named(written)
        if isinstance(dots, bool) or not isinstance(dots, int) or not 0 <= dots < 10**MOST_DIGITS:
            shown = named(json.dumps(dots, ensure_ascii=False))
            what = f"in the ballot of {who}, {shown} for {option} is no whole number of dots."
            source.refuse(0, what, "Write 0, 1, 2…")
        if option in placed:
            source.refuse(0, f"the ballot of {who} names {option} twice.", "Keep one of them.")
        placed[option] = dots
    return placed


def _rule(source: Source, body: dict[str, Any], keys: tuple[str, ...]) -> int | None:
    rule = _first(body, keys)
    if rule is not None and (isinstance(rule, bool) or not isinstance(rule, int) or rule < 1):
        source.refuse(0, f"the rule “{keys[0]}” is no whole number from 1 on.", "Correct it, or take it out.")
    return rule
