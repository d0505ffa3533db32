"""Holds every figure that people were shown against the figures the day must give; what differs, in words."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standins.play.day import Day
from standins.play.stage import letters
from standins.slack import Message

Json = Any


@dataclass(slots=True)
class Comparison:
    """Figures compared so far, and those that differ."""

    differences: list[str] = field(default_factory=list)
    compared: int = 0

    def same(self, what: str, expected: object, shown: object) -> None:
        """Notes a figure and whether it is right."""
        self.compared += 1
        if expected != shown:
            self.differences.append(f"{what}: expected {expected}, shown {shown}")


def compare(day: Day, files: Mapping[str, str], results: Message) -> Comparison:
    """Every figure of the file's `attendu` and `statistiques`, the balanced reading included."""
    told = json.loads(files["json"])
    keys = {number(told, line.text): line.key for line in day.lines}
    held = Comparison()
    _collected(held, day, told, keys)
    main, second = told["rounds"][0], told["rounds"][-1]
    _counted(held, day.expected, main, keys)
    _ended(held, day.expected, told, second, keys)
    _read(held, day.expected, results)
    held.same("fingerprint (room)", True, bool(main["sha256"]) and main["sha256"][:16] in results.visible_text)
    return held


def number(told: Json, text: str) -> int:
    """The number under which an idea is shown; 0 when it is not."""
    return next((int(idea["number"]) for idea in told["ideas"] if letters(idea["text"]) == letters(text)), 0)


def _collected(held: Comparison, day: Day, told: Json, keys: Mapping[int, str]) -> None:
    """Ideas, people and challenges; who wrote an idea without a name is known to the players alone."""
    ideas = [idea for idea in told["ideas"] if idea["state"] in {"standing", "merged"}]
    authors = {line.key: day_name(day, line.actor) for line in day.lines if line.nameless}
    wrote = [idea["author"] or authors.get(keys.get(idea["number"], ""), "?") for idea in ideas]
    groups = {actor.name: actor.group for actor in day.cast}
    themes = {name: key for key, name in day.themes.items()}
    held.same("idees", day.expected["idees"], len(ideas))
    held.same("idees (figures)", day.expected["idees"], told["figures"]["ideas"])
    held.same("auteurs_idees", day.expected["auteurs_idees"], len(set(wrote)))
    held.same("max_par_auteur", day.expected["max_par_auteur"], max(Counter(wrote).values(), default=0))
    held.same("anonymes", day.expected["anonymes"], sum(1 for idea in ideas if not idea["author"]))
    held.same("par_defi", day.expected["par_defi"], dict(Counter(themes.get(i["theme"], "?") for i in ideas)))
    held.same("idees_par_groupe", day.expected["idees_par_groupe"], dict(Counter(groups.get(w, "?") for w in wrote)))
    pairs = [
        tuple(keys.get(n, n) for n in (idea["merged_into"], idea["number"])) for idea in ideas if idea["merged_into"]
    ]
    held.same("doublons_attendus", sorted(day.pairs), sorted(pairs))


def day_name(day: Day, key: str) -> str:
    """Somebody's name."""
    return next(actor.name for actor in day.cast if actor.key == key)


def _counted(held: Comparison, expected: Mapping[str, Any], main: Json, keys: Mapping[int, str]) -> None:
    """The main round: turnout, dots, every rank, the tie, the coverage."""
    held.same("options_apres_fusion", expected["options_apres_fusion"], len(main["options"]))
    held.same("eligibles", expected["eligibles"], main["eligible"])
    held.same("votants", expected["votants"], main["voters"])
    held.same("quorum", expected["quorum"], main["quorum"])
    held.same("points_poses", expected["points_poses"], main["dots_placed"])
    held.same("points_possibles", expected["points_possibles"], main["dots_possible"])
    shown = {keys.get(rank["idea"], "?"): (rank["dots"], rank["supporters"]) for rank in main["ranks"]}
    for rank in expected["classement"]:
        held.same(f"classement {rank['option']}", (rank["points"], rank["soutiens"]), shown.get(rank["option"]))
    held.same("classement (options)", len(expected["classement"]), len(shown))
    held.same("egalite_4e", sorted(expected["egalite_4e"]), sorted(keys.get(n, "?") for n in main["tied_at_cut"]))
    covered = {keys.get(way["ideas"][-1], "?"): way["voters"] for way in main["coverage"]}
    for key in expected["egalite_4e"]:
        held.same(f"couverture avec {key}", expected["couverture"][f"3 premières + {key}"], covered.get(key))
    balanced = main["balanced"] or {"ideas": (), "voters": 0}
    held.same("lecture_equilibree", expected["lecture_equilibree"], [keys.get(n, "?") for n in balanced["ideas"]])
    held.same("couverture, lecture équilibrée", expected["couverture"]["lecture équilibrée"], balanced["voters"])


def _ended(held: Comparison, expected: Mapping[str, Any], told: Json, second: Json, keys: Mapping[int, str]) -> None:
    """The run-off and the final list."""
    held.same("départage (second tour)", True, second["runoff"])
    held.same("départage, votants", expected["departage"]["votants"], second["voters"])
    shown = {keys.get(rank["idea"], "?"): rank["dots"] for rank in second.get("ranks", ())}
    for key in expected["egalite_4e"]:
        held.same(f"départage {key}", expected["departage"][key], shown.get(key))
    held.same("liste_finale", expected["liste_finale"], [keys.get(n, "?") for n in told["final"]])


def _read(held: Comparison, expected: Mapping[str, Any], results: Message) -> None:
    """What the room read on Friday: the same figures in words and on the chart."""
    text = results.visible_text
    for figure in ("votants", "eligibles", "points_poses", "points_possibles", "quorum"):
        held.same(f"{figure} (room)", True, str(expected[figure]) in text)
    best = [rank["points"] for rank in expected["classement"]][:10]
    for block in results.blocks:
        if block["type"] == "data_visualization":
            points = [point["value"] for point in block["chart"]["series"][0]["data"]]
            held.same("classement (chart)", best, points)
