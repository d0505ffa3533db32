"""The narrator's words, in both languages: what people do, not what the bot says."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

FR: Mapping[str, str] = {
    "title": "La chasse aux idées du Bois des Forts, jouée dans un Slack de démonstration",
    "title.any": "Une chasse aux idées sur le fichier {file}, jouée dans un Slack de démonstration",
    "collect": "{day} — La chasse",
    "edges": "{day} — Ce qui arrive aussi",
    "reveal": "{day} — Les idées dévoilées, puis rangées",
    "vote": "{day} — Le vote",
    "close": "{day} — La clôture",
    "runoff": "{day} — Le départage",
    "files": "{day} — Ce qui reste",
    "launch": "tape « /ideahunt nouvelle » : {themes}, {dots} gommettes, {cap} au plus par idée",
    "thread": "répond dans le fil : « {text} »{mark}",
    "form": "remplit le formulaire : « {text} »",
    "command": "tape « /ideahunt idée {text} »",
    "direct": "écrit au bot, sans nom : « {text} »",
    "shortcut": "écrit dans le salon : « {text} » — {helper} l'enregistre comme idée",
    "bulb": "écrit dans le salon : « {text} » — {helper} pose une ampoule 💡{mark}",
    "nameless_form": "remplit le formulaire, case « sans mon nom » cochée : « {text} »",
    "somebody": "Quelqu'un",
    "redelivered": "Slack livre deux fois le même message de {who} : l'idée n'est gardée qu'une fois",
    "says": "écrit : « {text} »",
    "withdraw": "retire son idée",
    "edit": "corrige son message après l'ouverture du vote",
    "clock.reveal": "la collecte se termine",
    "clock.nudge": "un jour avant la clôture",
    "clock.close": "le vote se termine",
    "clock.digest": "lundi matin, la lettre de la semaine",
    "clock.runoff": "le départage se termine",
    "clock.session": "la veille de la prochaine session",
    "sort": "range les idées dans leurs thèmes ({moved} déplacées) et met de côté ce qui est hors sujet ({parked})",
    "pairs": "examine les idées proches : {n} paires proposées",
    "merged": "réunit {one} et {other}",
    "apart": "laisse séparées {one} et {other}",
    "open_vote": "ouvre le vote",
    "ballot": "place {dots} gommettes sur {ideas} idées",
    "runoff_ballot": "placent chacun leur gommette",
    "eighth": "a placé 6 gommettes et, d'un double clic trop rapide, en tente une septième et une huitième",
    "third": "cherche une troisième gommette sur la même idée : le bulletin n'en propose que {most}",
    "gives_back": "reprend toutes ses gommettes",
    "declines": "passe ce vote, d'un bouton du message",
    "nudged": "{n} personnes ont encore des gommettes : un seul message chacune",
    "run_off": "ouvre un départage",
    "export": "demande les fichiers : {files}",
    "themes": "demande des thèmes au bot et en garde {n}",
    "no_themes": "demande des thèmes au bot, qui n'en voit pas",
    "others": "et {n} autres idées, par les mêmes chemins",
    "refused": "Lignes refusées par le bot\u00a0: {n}",
    "simulated": "Vote simulé (graine {seed}) : les votants et leurs choix sont tirés au sort, personne n'a voté",
    "step.collect": "Les idées arrivent",
    "step.edges": "Les cas à part",
    "step.group": "On range et on réunit",
    "step.vote": "On vote",
    "step.runoff": "On départage",
    "step.files": "On garde une trace",
}
EN: Mapping[str, str] = {
    "title": "The Bois des Forts idea hunt, played in a demonstration Slack",
    "title.any": "An idea hunt over the file {file}, played in a demonstration Slack",
    "collect": "{day} — The hunt",
    "edges": "{day} — What also happens",
    "reveal": "{day} — Ideas revealed, then sorted",
    "vote": "{day} — The vote",
    "close": "{day} — The close",
    "runoff": "{day} — The run-off",
    "files": "{day} — What remains",
    "launch": "types “/ideahunt new”: {themes}, {dots} dots, {cap} at most on one idea",
    "thread": "answers in the thread: “{text}”{mark}",
    "form": "fills the form in: “{text}”",
    "command": "types “/ideahunt idea {text}”",
    "direct": "writes to the bot, without a name: “{text}”",
    "shortcut": "writes in the channel: “{text}” — {helper} saves it as an idea",
    "bulb": "writes in the channel: “{text}” — {helper} adds a bulb 💡{mark}",
    "nameless_form": "fills the form in, “without my name” ticked: “{text}”",
    "somebody": "Somebody",
    "redelivered": "Slack delivers {who}'s message twice: the idea is kept once",
    "says": "writes: “{text}”",
    "withdraw": "withdraws the idea",
    "edit": "changes a message after the vote opened",
    "clock.reveal": "collecting ends",
    "clock.nudge": "a day before the close",
    "clock.close": "the vote ends",
    "clock.digest": "Monday morning, the weekly letter",
    "clock.runoff": "the run-off ends",
    "clock.session": "the day before the next session",
    "sort": "sorts the ideas by theme ({moved} moved) and sets aside what is off topic ({parked})",
    "pairs": "looks at similar ideas: {n} pairs pointed out",
    "merged": "tells {one} and {other} together",
    "apart": "leaves {one} and {other} apart",
    "open_vote": "opens the vote",
    "ballot": "places {dots} dots on {ideas} ideas",
    "runoff_ballot": "place a dot each",
    "eighth": "has placed 6 dots and, clicking twice too fast, tries a seventh and an eighth",
    "third": "looks for a third dot on one idea: the ballot offers {most} at most",
    "gives_back": "takes all dots back",
    "declines": "sits this vote out, with a button of that message",
    "nudged": "{n} people have dots left: one message each",
    "run_off": "opens a run-off",
    "export": "asks for the files: {files}",
    "themes": "asks the bot for themes and keeps {n}",
    "no_themes": "asks the bot for themes; it sees none",
    "others": "and {n} more ideas, by the same ways",
    "refused": "Lines refused by the bot: {n}",
    "simulated": "Simulated vote (seed {seed}): voters and choices are drawn at random, nobody voted",
    "step.collect": "Ideas come in",
    "step.edges": "Special cases",
    "step.group": "Sorting and merging",
    "step.vote": "Voting",
    "step.runoff": "Running off",
    "step.files": "Keeping a trace",
}
NARRATION: Mapping[str, Mapping[str, str]] = {"fr": FR, "en": EN}


def narrate(language: str, key: str, **facts: object) -> str:
    """One sentence of the narrator. Raises KeyError for an unknown key or language."""
    return NARRATION[language][key].format(**facts)


def day_of(language: str, zone: str, at: datetime) -> str:
    """A day in words: mercredi 21 mars 2018."""
    from babel.dates import format_date

    local = at.astimezone(ZoneInfo(zone))
    told = format_date(local, "EEEE d MMMM y", locale=language)
    return told[:1].upper() + told[1:]
