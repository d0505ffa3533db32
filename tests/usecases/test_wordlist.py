"""A workspace's own words: who may change them, what is refused, and that every comparison reads them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest

from bot.domain.errors import BadForm, NotAllowed, Problem
from bot.domain.ideas import IdeaText, Pile, Standing, ThemeSeed
from bot.domain.names import HuntId, ThemeId
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.usecases.clock import Quiet
from bot.usecases.regrouping import FEWEST, QUIET
from bot.usecases.wordlist import MOST_LINES, MOST_TEXT
from tests.usecases.town import TENANT, Town

OURS = "VTT, biclou → vélo\n# nos sigles\nCHU -> hôpital"
ALIKE = ("Un abri fermé pour les VTT", "Un abri fermé pour les vélos")


def kept(town: Town, hunt: HuntId, text: str, by: str = "ines") -> str:
    return town.core.words.keep(town.asker(by), hunt, text, now=town.now).key


def listed(town: Town) -> str:
    with town.storage.look() as unit:
        return unit.people.words(TENANT)


def test_a_list_is_kept_as_typed_shown_again_and_taken_away(town: Town) -> None:
    hunt = town.launch()
    assert kept(town, hunt, f"  {OURS}\n") == "words.kept"
    assert town.core.words.form(town.asker("ines"), hunt, now=town.now).text == OURS == listed(town)
    assert kept(town, hunt, " ") == "words.none"
    assert listed(town) == ""


def test_only_who_leads_a_hunt_reads_or_changes_the_list(town: Town) -> None:
    hunt = town.launch()
    with pytest.raises(NotAllowed):
        town.core.words.form(town.asker("didier"), hunt, now=town.now)
    with pytest.raises(NotAllowed):
        kept(town, hunt, OURS, "didier")
    assert listed(town) == ""


@pytest.mark.parametrize(
    ("text", "why", "line"),
    [
        ("VTT → vélo\nCHU", "shape", 2),
        ("VTT →", "shape", 1),
        ("→ vélo", "shape", 1),
        ("!!! → vélo", "shape", 1),
        ("doléance: grievance", "shape", 1),
        ("VTT → vtt", "cycle", 1),
        ("a → b\nc → d\nb → a", "cycle", 3),
        ("x, b → c\nc → b", "cycle", 2),
        ("VTT → vélo\nle → la", "small", 2),
        ("mot → " + "m" * 400, "long", 1),
        ("\n".join(f"m{n} → n" for n in range(MOST_LINES + 1)), "many", MOST_LINES + 1),
        ("m" * (MOST_TEXT + 1), "whole", None),
    ],
)
def test_a_list_that_cannot_be_used_is_refused_with_its_line_and_the_old_one_stays(
    town: Town, text: str, why: str, line: int | None
) -> None:
    hunt = town.launch()
    kept(town, hunt, OURS)
    with pytest.raises(BadForm) as refused:
        kept(town, hunt, text)
    problem = refused.value.problems["words"]
    assert isinstance(problem, Problem)
    assert (problem.key, problem.facts.get("line")) == (f"words.problem.{why}", line)
    assert listed(town) == OURS


def test_duplicates_are_found_by_the_workspaces_words(town: Town) -> None:
    hunt = town.launch()
    for name, words in zip(("karima", "didier"), ALIKE, strict=True):
        town.post(hunt, name, words.replace("abri fermé", "abri"))
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    before = town.core.grouping.duplicates(town.asker("ines"), hunt, now=town.now).pairs
    kept(town, hunt, OURS)
    after = town.core.grouping.duplicates(town.asker("ines"), hunt, now=town.now).pairs
    assert (len(before), len(after)) == (0, 1)
    assert "vélo" in " ".join(after[0].shared)


@dataclass(frozen=True, slots=True)
class Listener(LexicalThemer):
    """Remembers what it was told."""

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        HEARD.append((text, *(seed.name for seed in seeds)))
        return None

    def group(self, ideas: Sequence[IdeaText], language: str = "") -> tuple[Pile, ...]:
        HEARD.append(tuple(idea.text for idea in ideas))
        return ()

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        NAMES.extend(theme.name for theme in standing.themes)
        return self.group(ideas)


NAMES: list[str] = []
HEARD: list[tuple[str, ...]] = []


def test_every_comparison_reads_the_workspaces_words(town: Town) -> None:
    HEARD.clear()
    NAMES.clear()
    town = replace(town, core=build_core(town.storage, Listener()))
    hunt, ines = town.launch(themes=("VTT", "Autre")), town.asker("ines")
    kept(town, hunt, OURS)
    for place in range(FEWEST):
        number = town.post(hunt, f"person{place // 4}", f"Réparer son biclou, {place} fois")
    town.core.hunts.reveal(ines, hunt, now=town.now)
    town.core.clock.regrouping.regroup(TENANT, hunt, town.now)
    town.core.themes.propose(ines, hunt, now=town.now)
    town.core.grouping.move(ines, hunt, number, ThemeId(1), now=town.now)
    town.core.themes.split_theme(ines, hunt, ThemeId(1), now=town.now)
    assert len(HEARD) == FEWEST + 3
    assert all("vélo" in text and "biclou" not in text and text != "VTT" for told in HEARD for text in told[:1])
    assert HEARD[0][1:] == tuple(NAMES) == ("vélo", "Autre")


def test_new_words_make_a_hunt_due_again(town: Town) -> None:
    hunt = town.launch()
    for place in range(FEWEST):
        town.post(hunt, f"person{place // 4}", f"Une idée de plus sur le sujet {place}")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    for _ in range(3):
        town.core.clock.tick(town.now)
        town.wait(seconds=QUIET.total_seconds())
    due = town.core.clock.due
    assert not [one for one in due(town.now) if isinstance(one, Quiet)]
    kept(town, hunt, OURS)
    due(town.now)
    town.wait(seconds=QUIET.total_seconds())
    assert [one.hunt.id for one in due(town.now) if isinstance(one, Quiet)] == [hunt]
