"""The one parser of the words after `/ideahunt`, for every platform."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from enum import StrEnum

from bot.text import clean, fold

MAX_WORD = 24
"""A longer first word is not compared with ours: it cannot be one of them mistyped."""
LIKE_ENOUGH = 0.75


class Verb(StrEnum):
    """What one may ask for; its word is `verb.<value>` of the catalogue, its line of help `help.<value>`."""

    HUB = "hub"
    """No words: the hub, or the launch form where no hunt is open."""
    NEW = "new"
    IDEA = "idea"
    IDEAS = "ideas"
    """One's own ideas."""
    VOTE = "vote"
    BOARD = "board"
    SORT = "sort"
    WORDS = "words"
    """The workspace's own words."""
    REVEAL = "reveal"
    CLOSE = "close"
    RESULTS = "results"
    EXPORT = "export"
    SETTINGS = "settings"
    JOIN = "join"
    """A hunt of another room, by its code."""
    LEAVE = "leave"
    """Take this room out of its hunt."""
    LINK = "link"
    """One's accounts on two platforms."""
    UNLINK = "unlink"
    """Be two people again."""
    TAKE_OVER = "take_over"
    """Facilitate a hunt that nobody does."""
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Command:
    """A verb and what follows it, as typed (cleaned)."""

    verb: Verb
    rest: str = ""


@dataclass(frozen=True, slots=True)
class Unknown:
    """Words that do not act: `word` is the first, `nearest` what was perhaps meant, `rest` all of them."""

    word: str
    nearest: Verb | None
    rest: str


SPELLINGS: Mapping[Verb, str] = {
    Verb.HUB: "hub accueil",
    Verb.NEW: "new start launch create hunt nouvelle nouveau lancer lance demarrer commencer creer chasse",
    Verb.IDEA: "idea add post propose idee proposer ajouter",
    Verb.IDEAS: "ideas mine my_ideas idees mes_idees miennes",
    Verb.VOTE: "vote ballot dots voter votes bulletin gommettes ouvrir_le_vote lancer_le_vote demarrer_le_vote "
    "open_vote open_the_vote start_vote start_the_vote",
    Verb.BOARD: "board list show all tableau liste voir toutes",
    Verb.SORT: "sort group themes merge trier tri ranger regrouper grouper theme",
    Verb.WORDS: "words word_list vocabulary glossary mots lexique vocabulaire nos_mots",
    Verb.REVEAL: "reveal devoiler reveler devoile revele",
    Verb.CLOSE: "close end finish stop clore cloturer fermer finir terminer",
    Verb.RESULTS: "results result winners resultats resultat gagnantes",
    Verb.EXPORT: "export download csv exporter telecharger",
    Verb.SETTINGS: "settings preferences options language reglages parametres reglage langue",
    Verb.JOIN: "join join_hunt rejoindre rejoindre_la_chasse rejoindre_chasse",
    Verb.LEAVE: "leave leave_hunt leave_the_hunt take_out retirer retirer_le_salon retirer_ce_salon",
    Verb.LINK: "link link_account link_my_account lier lier_mon_compte relier",
    Verb.UNLINK: "unlink unlink_account unlink_my_account delier delier_mon_compte delier_mes_comptes",
    Verb.TAKE_OVER: "takeover take_over reprendre relayer prendre_le_relais",
    Verb.HELP: "help aide ? commands commandes",
}
"""Without accents or capitals, because that is how they are compared; `_` stands for a space."""

VERBS: Mapping[str, Verb] = {
    spelling.replace("_", " "): verb for verb, spellings in SPELLINGS.items() for spelling in spellings.split()
}


LONGEST = max(len(spelling.split()) for spelling in VERBS)
TAKE_TEXT = frozenset({"new", "nouvelle", "nouveau", "hunt", "chasse", "idea", "idee"})
"""Words that nobody starts a sentence of an idea with: what follows them is the question or the idea."""
MOST_AFTER = 2
"""Words that may follow any other verb ("close the vote"); more are a sentence ("Fermer le parking nord")."""


def parse(text: str) -> Command | Unknown:
    """The verb at the start of `text` and the rest of it; no words at all are the hub.

    A sentence that happens to start with one of our verbs does not act: it is Unknown, with that verb as the
    nearest, or, after a word such as "proposer", it is itself the idea.
    """
    said = clean(text)
    words = said.split(maxsplit=LONGEST)
    if not words:
        return Command(Verb.HUB)
    for length in range(min(LONGEST, len(words)), 0, -1):
        spelled = _spelled(" ".join(words[:length]))
        if spelled in VERBS:
            return _meant(VERBS[spelled], spelled in TAKE_TEXT, said, _after(said, length))
    return Unknown(words[0], _nearest(words[0]), said)


def _meant(verb: Verb, takes_text: bool, said: str, rest: str) -> Command | Unknown:
    """A known verb with what follows it, unless the whole is rather a sentence."""
    if takes_text or len(rest.split()) <= MOST_AFTER:
        return Command(verb, rest)
    return Command(verb, said) if verb is Verb.IDEA else Unknown(said.split(maxsplit=1)[0], verb, said)


def _after(text: str, length: int) -> str:
    """What follows the first words; a colon after the verb is not part of an idea ("idée : un banc")."""
    rest = text.split(maxsplit=length)
    return rest[length].removeprefix(":").strip() if len(rest) > length else ""


def _spelled(word: str) -> str:
    """A word as our list spells it; a lone question mark is a call for help."""
    return fold(word) or word.strip()


def _nearest(word: str) -> Verb | None:
    """The verb that was perhaps mistyped, or None when nothing of ours is close."""
    if len(word) > MAX_WORD:
        return None
    for spelled, known in ((_spelled(word), VERBS), (_heard(_spelled(word)), HEARD)):
        if near := get_close_matches(spelled, known, n=1, cutoff=LIKE_ENOUGH):
            return known[near[0]]
    return None


def _heard(word: str) -> str:
    """A word written as it sounds in French: "tableau" is "tablo"."""
    return word.replace("eau", "o").replace("au", "o")


HEARD: Mapping[str, Verb] = {_heard(spelling): verb for spelling, verb in VERBS.items()}
