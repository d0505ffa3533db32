"""`ideahunt order`: the order in which one voter saw the options, drawn again from an export alone."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from bot.cli.problems import FAILED, Problem, Stopped
from bot.domain.names import IdeaNumber, PersonId, TenantId, sign
from bot.domain.order import order_of, shuffled
from bot.reports.document import SCHEMA
from bot.text import one_line

WORKSPACE = re.compile(r"[a-z]+:\S+")
SLACK = re.compile(r"[TE][A-Z0-9]{2,}")
PERSON = re.compile(r"[^\s|:]+")
SLACK_PERSON = re.compile(r"[uw][a-z0-9]{5,}", re.IGNORECASE)
SHOWN = 100
"""Characters of an option."""
EXPORT = "Write it with: ideahunt export HUNT --format json --out report.json"


def print_order(path: Path, person: str, workspace: str, round: int = 0) -> None:
    """Prints a voter's own order of the options of each closed round, or of the one wanted.

    No database, no network. Raises Stopped for a file that is no export, and for names that cannot be.
    """
    where = _workspace(workspace)
    who = _person(person, where)
    for place, told in enumerate(_closed(path, _read(path), round)):
        print(("\n" if place else "") + "\n".join(_lines(told, who, where)))


def _lines(round: dict[str, Any], person: PersonId, tenant: TenantId) -> Iterator[str]:
    ballot = {IdeaNumber(option["number"]): option["title"] or option["text"] for option in round["ballot"]}
    yield f"round {round['number']}: the order of {person} in {tenant}, seed {round['seed']}"
    order = order_of(round["seed"], tenant, person)
    for place, number in enumerate(shuffled(ballot, order, lambda number: number), 1):
        yield f"{place:4}. {sign(number)} {one_line(ballot[number], SHOWN)}"


def _read(path: Path) -> dict[str, Any]:
    try:
        held = json.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise Stopped(Problem(f"{path} cannot be read ({error.strerror}).", "Check its name.")) from None
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError):
        _refuse(path)
    if not isinstance(held, dict) or held.get("schema") != SCHEMA:
        _refuse(path)
    return held


def _closed(path: Path, report: dict[str, Any], wanted: int) -> list[dict[str, Any]]:
    """The rounds whose seed is published; raises Stopped where there is none."""
    try:
        rounds = [round for round in report["rounds"] if round["closed"] and wanted in {0, round["number"]}]
        drawn = [round for round in rounds if round.get("seed") and round.get("ballot")]
        for round in drawn:
            _expect_drawable(round)
    except (KeyError, TypeError, AttributeError, ValueError):
        _refuse(path)
    if not drawn:
        fix = "The seed is published once a vote is closed; export the report again then."
        raise Stopped(
            Problem(f"{path} holds no closed vote{f' {wanted}' if wanted else ''} with its seed.", fix), code=FAILED
        )
    return drawn


def _expect_drawable(round: dict[str, Any]) -> None:
    """Raises ValueError or KeyError where an option has no number or no words, or the seed is no text."""
    words = [round["seed"], *(option["title"] or option["text"] for option in round["ballot"])]
    numbers = [option["number"] for option in round["ballot"]]
    if not all(isinstance(word, str) for word in words) or not all(type(number) is int for number in numbers):
        raise ValueError("no ballot")


def _refuse(path: Path) -> NoReturn:
    raise Stopped(Problem(f"{path} is no report of ideahunt as JSON.", EXPORT))


def _person(typed: str, workspace: TenantId) -> PersonId:
    """`U0123ABCD`, also copied as a mention (`<@U0123ABCD>`), in small letters, or with the platform before it."""
    bare = typed.strip().removeprefix("<@").removesuffix(">").removeprefix("@")
    bare = bare.removeprefix(workspace.partition(":")[0] + ":")
    if not PERSON.fullmatch(bare):
        fix = "In Slack: your profile, ⋮, Copy member ID. Write --person U0123ABCD."
        raise Stopped(Problem("What --person was given is no member's id.", fix))
    return PersonId(bare.upper() if workspace.startswith("slack:") and SLACK_PERSON.fullmatch(bare) else bare)


def _workspace(typed: str) -> TenantId:
    """`slack:T012AB3CD`; Slack's own ids go without the platform too."""
    bare = typed.strip()
    if SLACK.fullmatch(name := bare.removeprefix("slack:").upper()):
        return TenantId(f"slack:{name}")
    if not WORKSPACE.fullmatch(bare):
        fix = "It is the part after app.slack.com/client/ in a browser. Write --workspace T012AB3CD."
        raise Stopped(Problem("What --workspace was given is no workspace's id.", fix))
    return TenantId(bare)
