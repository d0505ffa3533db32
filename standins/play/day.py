"""A day to play: who is there, what they write, how they vote, and what must come out of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from importlib.resources import files
from typing import Any


class How(StrEnum):
    """The ways in which a person may bring an idea."""

    THREAD = "thread"
    FORM = "form"
    COMMAND = "command"
    DIRECT = "direct"
    SHORTCUT = "shortcut"
    BULB = "bulb"
    NAMELESS_FORM = "nameless_form"


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody of the cast."""

    key: str
    name: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody proposes: `theme` is a key of the day's themes, or nothing."""

    key: str
    actor: str
    text: str
    how: How
    theme: str = ""
    helper: str = ""
    """Who marks or saves somebody else's message."""

    @property
    def nameless(self) -> bool:
        """Whether no name may be kept with it."""
        return self.how in {How.DIRECT, How.NAMELESS_FORM}


@dataclass(frozen=True, slots=True)
class Vote:
    """The rules told in the launch form, and what everybody does with them."""

    dots: int
    cap: int
    places: int
    ballots: Mapping[str, Mapping[str, int]]
    runoff: Mapping[str, str]
    early: int
    """How many vote before the reminder."""


@dataclass(frozen=True, slots=True)
class Day:
    """A whole day; moments are aware."""

    language: str
    zone: str
    question: str
    room: str
    fiction: str
    facilitator: str
    helpers: tuple[str, ...]
    cast: tuple[Actor, ...]
    themes: Mapping[str, str]
    lines: tuple[Line, ...]
    edges: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...]
    vote: Vote
    moments: Mapping[str, datetime]
    expected: Mapping[str, Any]
    simulated: str = ""
    """The name of the file the ideas came from; their votes are drawn at random then, and told as such."""

    @property
    def locale(self) -> str:
        """What the platform says of everybody's language."""
        return "fr-FR" if self.language == "fr" else "en-GB"


WAYS: Mapping[str, How] = {
    "I1": How.THREAD, "I2": How.FORM, "I3": How.DIRECT, "I4": How.COMMAND, "I5": How.THREAD, "I6": How.FORM,
    "I7": How.FORM, "I8": How.THREAD, "I9": How.THREAD, "I10": How.FORM, "I11": How.COMMAND, "I12": How.BULB,
    "I13": How.FORM, "I14": How.THREAD, "I15": How.NAMELESS_FORM, "I16": How.FORM, "I17": How.SHORTCUT,
    "I18": How.THREAD, "I19": How.COMMAND, "I20": How.DIRECT, "I21": How.BULB, "I22": How.NAMELESS_FORM,
    "I23": How.THREAD, "I24": How.FORM, "I25": How.SHORTCUT, "I26": How.DIRECT,
}  # fmt: skip
"""Every way is used; the five ideas without a name come by direct message or by the form."""
HELPERS: Mapping[str, str] = {"I12": "martine", "I17": "franck", "I21": "jeanmarc", "I25": "paul"}
THEMES_FR: Mapping[str, str] = {
    "D1": "Faire cohabiter promeneurs, vélos et chiens sans tout interdire",
    "D2": "Donner envie d'aller au-delà des 300 premiers mètres",
    "D3": "Faire reculer les incivilités avec les usagers, pas contre eux",
    "D4": "Faire connaître le travail forestier et partager la gestion",
}
"""The four challenges, as one types them into the launch form."""
QUESTION_FR = "Bois des Forts : que pourrions-nous essayer, avec celles et ceux qui s'y promènent et y travaillent ?"
LONG_FR = "En hiver, l'allée du ruisseau devient une patinoire de boue et les gens font demi-tour."
MOMENTS: Mapping[str, str] = {
    "launch": "2018-03-21T15:45:00+01:00",
    "reveal": "2018-03-21T15:58:00+01:00",
    "group": "2018-03-21T16:10:00+01:00",
    "vote": "2018-03-21T16:50:00+01:00",
    "nudge": "2018-03-22T17:00:00+01:00",
    "close": "2018-03-23T17:00:00+01:00",
    "digest": "2018-03-26T09:30:00+02:00",
    "runoff": "2018-03-26T10:00:00+02:00",
    "runoff_close": "2018-03-27T12:00:00+02:00",
    "session": "2018-04-18T09:30:00+02:00",
}
"""The file's own calendar; the reminder leaves a day before the close, which is our rule."""


def bois_des_forts(language: str = "fr") -> Day:
    """The Bois des Forts day, in French as it was written, or in English. Raises KeyError for another language."""
    day = _french(_read("bois_des_forts.json"))
    return {"fr": day, "en": _english(day)}[language]


def _read(name: str) -> Any:  # noqa: ANN401 - the file's own shape
    return json.loads((files(__package__) / name).read_text("utf-8"))


def _french(raw: Any) -> Day:  # noqa: ANN401 - the file's own shape
    ballots = raw["vote"]["bulletins"]
    rules = raw["vote"]
    return Day(
        language="fr",
        zone=raw["programme"]["fuseau"],
        question=QUESTION_FR,
        room="transfo-dunkerque",
        fiction=raw["avertissement"],
        facilitator="ines",
        helpers=("paul", "aurore"),
        cast=tuple(Actor(p["cle"], p["nom"], p["groupe"]) for p in raw["personnes"]),
        themes=THEMES_FR,
        lines=tuple(_line(idea) for idea in raw["idees"]),
        edges=_edges(raw),
        pairs=tuple((one, other) for one, other in raw["doublons_attendus"]),
        vote=Vote(
            rules["points_par_personne"], rules["plafond_par_idee"], rules["places"], ballots, rules["departage"], 9
        ),
        moments={name: datetime.fromisoformat(at) for name, at in MOMENTS.items()},
        expected={**raw["attendu"], **raw["statistiques"]},
    )


def _line(idea: Any) -> Line:  # noqa: ANN401 - the file's own shape
    key = idea["id"]
    assert idea["anonyme"] == (WAYS[key] in {How.DIRECT, How.NAMELESS_FORM})
    return Line(key, idea["auteur"], idea["texte"], WAYS[key], idea["defi"], HELPERS.get(key, ""))


def _edges(raw: Any) -> dict[str, str]:  # noqa: ANN401 - the file's own shape
    told = {case["id"]: case["texte"] for case in raw["cas_limites"]}
    long = f"{LONG_FR} " * 12
    return {**told, "E5": long[:900], "E6": "@everyone *venez* tous `voter`", "E7": "Un sentier fléché, autrement."}


def _english(day: Day) -> Day:
    told = _read("bois_des_forts_en.json")
    edges = {**day.edges, **told["edge_cases"], "E6": "@everyone *come* and `vote` now"}
    edges["E5"] = f"{edges['E5']} " * 20
    return replace(
        day,
        language="en",
        question=told["question"],
        room=told["room"],
        fiction=told["note"],
        themes=told["themes"],
        lines=tuple(replace(line, text=told["ideas"][line.key]) for line in day.lines),
        edges={**edges, "E3": told["ideas"]["I1"], "E5": edges["E5"][:900]},
    )
