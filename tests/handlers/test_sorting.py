"""What facilitators sort with: the same deeds and the same words on both platforms, in both languages."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from bot.domain.hunt import Phase
from bot.domain.names import IdeaNumber, ThemeId
from bot.screens import (
    Choice,
    Deed,
    DuplicatesForm,
    IdeaLine,
    Note,
    Pair,
    PileLine,
    ProposedThemes,
    SortForm,
    ThemeBlock,
    ThemesForm,
    Told,
    Why,
)
from handlers.slack import draw
from handlers.teams import cards
from tests.handlers.slack import samples

FORMS = ("sort", "duplicates", "themes", "words")
DEED = re.compile(r'"deed:([a-z_]+)')


def said(screen: object, platform: str, lang: str) -> str:
    drawn = draw.view(screen, lang) if platform == "slack" else cards.dialog(screen, lang)  # type: ignore[arg-type]
    return json.dumps(drawn, ensure_ascii=False)


@pytest.mark.parametrize("name", FORMS)
def test_both_platforms_offer_the_same_deeds(name: str) -> None:
    screen = samples.every()[name]
    there, here = (set(DEED.findall(said(screen, platform, "fr"))) for platform in ("slack", "teams"))
    assert there == here
    if name == "themes":
        assert {Deed.SUGGEST_NO_MORE, Deed.SUGGEST_THEMES, Deed.WORDS, Deed.UNDO} <= here
    if name == "duplicates":
        assert {Deed.MERGE, Deed.KEEP_APART, Deed.OTHER_THEME, Deed.UNDO} <= here


LINE = IdeaLine(IdeaNumber(4), "Un banc", theme=ThemeId(2), theme_name="Repos", suggested=True)
WHYS = {
    "likely": (
        Why(),
        {"fr": "Suggéré par ideahunt\u00a0: Repos (probable)", "en": "Suggested by ideahunt: Repos (likely)"},
    ),
    "to check": (Why(unsure=True), {"fr": "(à vérifier)", "en": "(to check)"}),
    "words": (
        Why(shared=("banc", "ombre")),
        {
            "fr": "mots partagés avec ce thème\u00a0: banc et ombre",
            "en": "words shared with this theme: banc and ombre",
        },
    ),
    "near": (Why(near=IdeaNumber(7)), {"fr": "un sens proche de l’idée 7", "en": "a meaning near to idea 7"}),
    "was": (Why(was="Chemins"), {"fr": "Auparavant\u00a0: Chemins", "en": "Before: Chemins"}),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("what", WHYS)
def test_a_suggestion_says_how_sure_it_is_and_why(what: str, platform: str, lang: str) -> None:
    why, told = WHYS[what]
    form = samples.every()["sort"]
    assert isinstance(form, SortForm)
    shown = said(replace(form, lines=(replace(LINE, why=why),)), platform, lang).replace("\\\\", "")
    assert told[lang] in shown.replace("\u202f", " ")
    decided = said(replace(form, lines=(replace(LINE, suggested=False),)), platform, lang)
    assert told[lang] not in decided
    assert "ideahunt\u00a0: Repos" not in decided


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_an_idea_taken_out_of_a_theme_and_the_next_undo_are_told(platform: str) -> None:
    form = samples.every()["sort"]
    assert isinstance(form, SortForm)
    out = replace(LINE, theme=None, theme_name="", suggested=False, why=Why(out=True, was="Chemins"))
    shown = said(replace(form, lines=(out,), undoes="regroup"), platform, "fr")
    assert "Sortie de «\u00a0Chemins\u00a0»" in shown
    assert "«\u00a0Revenir d’une étape\u00a0» annulera\u00a0: les déplacements faits par ideahunt." in shown


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_piles_taken_while_ideas_come_are_said_to_stay_suggestions(platform: str, lang: str) -> None:
    form = samples.every()["piles"]
    assert isinstance(form, ProposedThemes)
    told = {"fr": "Tant que des idées arrivent", "en": "As long as ideas arrive"}
    collecting = replace(form, hunt=replace(form.hunt, phase=Phase.COLLECTING, private=False))
    assert told[lang] in said(collecting, platform, lang)
    assert told[lang] not in said(form, platform, lang)


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_a_pile_shows_three_ideas_each_on_a_line_and_how_many_are_to_check(platform: str, lang: str) -> None:
    form = samples.every()["piles"]
    assert isinstance(form, ProposedThemes)
    long = "Un banc à l’ombre\ndevant la gare, pour les gens qui attendent le dernier car du soir"
    ideas = tuple(IdeaLine(IdeaNumber(n), text) for n, text in ((7, "Une pergola"), (4, long), (9, "Un kiosque")))
    pile = PileLine("Repos", tuple(map(IdeaNumber, (4, 7, 9, 12))), ideas, (), 2)
    shown = said(replace(form, piles=(pile,)), platform, lang)
    places = [shown.index(words) for words in ("Repos (4)", "Une pergola", "Un banc à l’ombre devant", "Un kiosque")]
    assert places == sorted(places)
    assert "dernier car" not in shown
    assert {"fr": "2 à vérifier", "en": "2 to check"}[lang] in shown
    assert {"fr": "Prendre «\u00a0Repos\u00a0»", "en": "Take “Repos”"}[lang] in shown
    sure = said(replace(form, piles=(replace(pile, unsure=0),)), platform, lang)
    assert {"fr": "vérifier", "en": "check)"}[lang] not in sure


@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("private", [True, False])
def test_themes_are_asked_for_only_where_ideas_may_be_seen(platform: str, *, private: bool) -> None:
    form = samples.every()["themes"]
    assert isinstance(form, ThemesForm)
    collecting = replace(form, hunt=replace(form.hunt, phase=Phase.COLLECTING, private=private))
    offered = set(DEED.findall(said(collecting, platform, "en")))
    assert (Deed.SUGGEST_THEMES in offered) == (not private)
    assert Deed.SORT in offered


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("name", ["sort", "duplicates", "themes"])
def test_every_form_with_an_undo_says_what_it_takes_back(name: str, platform: str, lang: str) -> None:
    form = samples.every()[name]
    shown = said(replace(form, undoes="merge"), platform, lang)  # type: ignore[call-arg]  # each of them has it
    assert {"fr": "annulera\u00a0: réunir des idées.", "en": "will take back: merge ideas."}[lang] in shown


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_the_form_of_themes_says_how_many_more_ideas_and_whose_name_stays(platform: str) -> None:
    form = samples.every()["themes"]
    assert isinstance(form, ThemesForm)
    here, there = (
        ThemeBlock(ThemeId(1), "Repos", 3, (LINE, LINE, LINE)),
        ThemeBlock(ThemeId(2), "Vélo", 5, (LINE, LINE)),
    )
    shown = said(replace(form, themes=(here, there)), platform, "fr")
    assert shown.count("et 3 autres") == 1
    assert shown.count("autre") == 1
    assert shown.count("Réunir sous le nom\u00a0: Vélo") == 1
    hidden = said(replace(form, themes=(replace(there, ideas=()),)), platform, "fr")
    assert "autre" not in hidden


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_the_form_of_themes_says_when_nothing_is_suggested_any_more(platform: str) -> None:
    form = samples.every()["themes"]
    assert isinstance(form, ThemesForm)
    told = "ideahunt suggests no more themes in this hunt."
    assert told in said(replace(form, suggests=False), platform, "en")
    assert told not in said(form, platform, "en")


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_while_an_undo_holds_ideas_the_form_of_themes_offers_to_suggest_again(platform: str) -> None:
    form = samples.every()["themes"]
    assert isinstance(form, ThemesForm)
    shown = said(replace(form, held=True), platform, "en")
    assert "Suggest again" in shown
    assert "Suggest no more" in shown
    assert "Suggest again" not in said(form, platform, "en")


def test_themes_that_begin_alike_can_be_told_apart_in_the_narrow_choices_of_teams() -> None:
    form = samples.every()["sort"]
    assert isinstance(form, SortForm)
    names = ("Comment pourrions-nous faire aimer le bois", "Comment pourrions-nous faire reculer le bruit")
    themes = tuple(Choice(str(place), name) for place, name in enumerate(names, start=1))
    shown = said(replace(form, themes=themes, lines=(replace(LINE, theme_name=names[1]),)), "teams", "fr")
    assert "…aimer le bois" in shown
    assert "…reculer le bruit" in shown


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_when_every_idea_has_a_theme_the_form_says_so_and_counts_none(platform: str) -> None:
    form = samples.every()["sort"]
    assert isinstance(form, SortForm)
    done = said(replace(form, unsorted_total=0), platform, "fr")
    assert "Toutes les idées ont un thème." in done
    assert "0 idée" not in done
    assert "Toutes les idées ont un thème." not in said(form, platform, "fr")


def test_slack_tells_a_step_beside_its_theme_as_a_modal_stays_where_it_was_and_teams_above_all() -> None:
    form = samples.every()["themes, just changed"]
    assert isinstance(form, ThemesForm)
    told = Told(Note("themes.told.few", {"theme": "Vélo"}, good=False), ThemeId(2))
    names = ("Repos", "Vélo", "Sport")
    blocks = tuple(ThemeBlock(ThemeId(id), f"Thème {name}", 1, (LINE,)) for id, name in enumerate(names, start=1))
    shown = replace(form, themes=blocks, told=(told,))
    slack, teams = (said(shown, platform, "fr") for platform in ("slack", "teams"))
    places = [slack.index(words) for words in ("*Thème Vélo", "trop peu d’idées", "*Thème Sport")]
    assert places == sorted(places)
    assert teams.index("trop peu d’idées") < teams.index("Renommez, scindez") < teams.index("Thème Repos")


@pytest.mark.parametrize("platform", ["slack", "teams"])
def test_what_was_done_to_a_pair_stands_above_all_pairs(platform: str) -> None:
    form = samples.every()["duplicates"]
    assert isinstance(form, DuplicatesForm)
    told = Told(Note("duplicates.told.left", {"number": 2, "theme": "Chemins"}))
    for pairs in (form.pairs, ()):
        shown = said(replace(form, told=(told,), pairs=pairs), platform, "fr")
        words = "Deux thèmes\u00a0: n°\u00a02 quitte «\u00a0Chemins\u00a0» et attend un thème."
        assert shown.index(words) < shown.index("À vous de décider" if pairs else "toutes les paires")


@pytest.mark.parametrize("name", ["sort", "duplicates"])
def test_slack_tells_an_undo_beside_its_button_as_a_modal_stays_where_it_was_and_teams_above_all(name: str) -> None:
    form = replace(samples.every()[name], told=(Told(Note("undo.done", {"deed": "deed.merge"}), undo=True),))  # type: ignore[call-arg]  # both have it
    slack, teams = (said(form, platform, "fr") for platform in ("slack", "teams"))
    words = "Étape annulée\u00a0: réunir des idées."
    assert slack.rindex("pick:theme_of" if name == "sort" else "Deux idées, deux thèmes") < slack.index(words)
    assert teams.index(words) < teams.index("sans thème" if name == "sort" else "Deux idées, deux thèmes")


PAIRS = {
    "words": (("banc", "ombre"), {"fr": "Mots en commun\u00a0: banc et ombre", "en": "common: banc and ombre"}),
    "meaning": ((), {"fr": "Même sens peut-être, en d’autres mots.", "en": "the same meaning, in other words."}),
}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("platform", ["slack", "teams"])
@pytest.mark.parametrize("by", PAIRS)
def test_a_pair_says_which_words_it_shares_or_that_its_meaning_is_the_same(by: str, platform: str, lang: str) -> None:
    shared, told = PAIRS[by]
    form = samples.every()["duplicates"]
    assert isinstance(form, DuplicatesForm)
    pair = Pair(LINE, replace(LINE, number=IdeaNumber(9)), shared, 71)
    shown = said(replace(form, pairs=(pair,)), platform, lang)
    assert told[lang] in shown.replace("\u202f", "\u00a0")
    assert not any(other[lang] in shown for words, other in PAIRS.values() if words != shared)
