"""The catalogues: same keys, same holes, nothing missing, nothing left over; and how sentences are made."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

from bot.commands import Verb
from bot.domain import errors
from bot.domain.hunt import Capture, Names, Phase
from bot.domain.ideas import IdeaState, Origin, Way
from bot.domain.names import PersonId, RoomId
from bot.screens import Deed
from bot.words import Key, Mention, Moment, OneOf, Raw, RoomLink, Translator, UnknownWords, Words, translator
from bot.words.catalogue import HOLE, snake
from bot.words.refusals import refusal_key, refusal_sentence

ROOT = Path(__file__).parents[2]
LANGUAGES = ("fr", "en")
REACHED_BY_A_NAME_MADE_AT_RUN_TIME = tuple(
    f"{area}."
    for area in [
        "button",
        "by_theme",
        "capture",
        "choice",
        "confirm",
        "deed",
        "field",
        "help",
        "idea_state",
        "names",
        "option",
        "origin",
        "papers.problem",
        "phase",
        "problem",
        "refusal",
        "report.method.quorum.share",
        "report.method.who",
        "report.pact",
        "results.cut",
        "rules.quorum.share",
        "rules.tie",
        "rules.who",
        "sure",
        "themes.column",
        "themes.fix",
        "themes.problem",
        "words.problem",
        "submit",
        "title",
        "trust",
        "verb",
        "way",
    ]
)
KEY_IN_CODE = re.compile(
    r"""(?:\b(?:say|plain|has|Note|Key)\(\s*|\b(?:key|label)\s*=\s*)["']([a-z_]+(?:\.[a-z0-9_]+)+)["']"""
)
DEED_IN_CODE = re.compile(r"""(?:NotAllowed\(|expect_leader\([^()"]*,)\s*"([a-z_]+)\"""")


def messages(lang: str) -> dict[str, Message]:
    with (ROOT / "bot" / "words" / f"{lang}.po").open("rb") as file:
        catalogue = read_po(file, locale=lang, abort_invalid=True)
    return {m.id if isinstance(m.id, str) else m.id[0]: m for m in catalogue if m.id}


MESSAGES = {lang: messages(lang) for lang in LANGUAGES}


def forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


def sources() -> str:
    folders = ("bot", "handlers", "standins")
    paths = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return "\n".join(path.read_text() for path in paths if path.suffix in {".py", ".html", ".jinja"})


# --- gates


def test_both_languages_hold_the_same_keys_in_the_same_order() -> None:
    assert list(MESSAGES["fr"]) == list(MESSAGES["en"])


def test_no_key_is_written_twice() -> None:
    for lang in LANGUAGES:
        keys = re.findall(r'^msgid "(.+)"$', (ROOT / "bot" / "words" / f"{lang}.po").read_text(), re.MULTILINE)
        assert len(keys) == len(set(keys))


@pytest.mark.parametrize("key", MESSAGES["fr"])
def test_a_key_has_words_the_same_holes_and_a_plural_in_both_languages(key: str) -> None:
    fr, en = (forms(MESSAGES[lang][key]) for lang in LANGUAGES)
    assert all(form.strip() for form in fr + en)
    assert len(fr) == len(en)
    for one, other in zip(fr, en, strict=True):
        assert set(HOLE.findall(one)) == set(HOLE.findall(other))
    assert all("{" not in HOLE.sub("", form) for form in fr + en)
    if len(fr) > 1:
        assert MESSAGES["fr"][key].id == MESSAGES["en"][key].id == (key, key)


def test_every_key_used_in_code_exists() -> None:
    assert sorted(set(KEY_IN_CODE.findall(sources())) - set(MESSAGES["fr"])) == []


def test_every_deed_refused_in_code_has_its_words() -> None:
    assert sorted({f"deed.{deed}" for deed in DEED_IN_CODE.findall(sources())} - set(MESSAGES["fr"])) == []


def test_every_key_is_used() -> None:
    code = sources()
    unused = [
        key
        for key in MESSAGES["fr"]
        if not key.startswith(REACHED_BY_A_NAME_MADE_AT_RUN_TIME)
        and not re.search(rf"[\"']{key.removesuffix('.uncounted')}[\"']", code)
    ]
    waiting = {"command.nearest", "command.unknown"}
    assert sorted(set(unused) - waiting) == []


@pytest.mark.parametrize("kind", [Phase, Names, Capture, Way, Origin, IdeaState, Verb])
def test_every_word_of_the_vocabulary_is_in_the_catalogue(kind: type[Enum]) -> None:
    for member in kind:
        for lang in LANGUAGES:
            assert translator(lang).plain(f"{snake(kind.__name__)}.{member.value}")


def test_every_verb_has_its_line_of_help_and_every_deed_its_words() -> None:
    wanted = {f"help.{verb.value}" for verb in Verb} | {f"deed.{deed.value}" for deed in Deed}
    assert sorted(wanted - set(MESSAGES["fr"])) == []


def test_a_key_made_at_run_time_belongs_to_something() -> None:
    known = {f"help.{verb.value}" for verb in Verb} | {f"verb.{verb.value}" for verb in Verb}
    for kind in (Phase, Names, Capture, Way, Origin, IdeaState):
        known |= {f"{snake(kind.__name__)}.{member.value}" for member in kind}
    areas = {key.split(".")[0] for key in known}
    assert sorted(key for key in MESSAGES["fr"] if key.split(".")[0] in areas and key not in known) == []


# --- tone and typography


def every_form(lang: str) -> list[tuple[str, str]]:
    return [(key, form) for key, message in MESSAGES[lang].items() for form in forms(message)]


@pytest.mark.parametrize(
    ("fault", "pattern"),
    [
        ("a plain space before :", r" :(?:\s|$)"),
        ("no space before :", r"\w:(?=\s|$)"),
        ("a plain or no-break space before ; ! ?", r"[ \u00a0][;!?](?=\s|$|\u00a0)"),
        ("no space before ; ! ?", r"[\w»][;!?]"),
        ("a space other than no-break inside « »", r"«(?!\u00a0)|(?<!\u00a0)»"),
        ("a straight apostrophe", r"'"),
        ("English quotation marks", r"[“”]"),
        ("tu", r"(?i)\b(?:tu|toi|ton|ta|tes|t’)\b"),
        ("three dots", r"\.\.\."),
        ("two spaces", r"  "),
        ("no elision", r"(?i)(?<![\w-])(?:lors|puis|quoi|jus)?(?:que|de|le|la|ne|se|je|me) (?=[aeiouàâéèêîôû])"),
    ],
)
def test_french_is_set_as_french(fault: str, pattern: str) -> None:
    assert [form for _, form in every_form("fr") if re.search(pattern, form)] == [], fault


@pytest.mark.parametrize("pattern", [r"'", r"\.\.\.", r"  ", r"[«»]", r"\s[:;!?](?:\s|$)"])
def test_english_is_set_as_english(pattern: str) -> None:
    assert [form for _, form in every_form("en") if re.search(pattern, form)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_emoji_is_never_alone(lang: str) -> None:
    assert [key for key, form in every_form(lang) if not re.search(r"\w|\{", form)] == []


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        (
            "fr",
            "utilisateur user submit échec erreur invalide interdit veuillez items idéation feedback",
        ),
        ("en", "user users error invalid failed forbidden item items submit ideation feedback sorry"),
    ],
)
def test_the_words_are_plain_and_blame_nobody(lang: str, words: str) -> None:
    banned = re.compile(rf"(?i)\b(?:{'|'.join(words.split())})\b")
    assert [form for _, form in every_form(lang) if banned.search(form)] == []


# --- refusals

NOON = datetime(2018, 3, 23, 16, 0, tzinfo=UTC)
REFUSALS: list[tuple[errors.Refusal, str]] = [
    (
        errors.WrongPhase("voting", ("draft", "collecting", "revealed")),
        (
            "Le vote est ouvert : les idées restent telles quelles jusqu’à la clôture. "
            "Tapez /ideahunt voter pour y prendre part."
        ),
    ),
    (
        errors.NoDotsLeft(7, 7),
        "7 gommettes sur 7 utilisées : il n’en reste pas assez. Retirez-en une ailleurs pour la placer ici.",
    ),
    (
        errors.NoDotsLeft(1, 3),
        "1 gommette sur 3 utilisée : il n’en reste pas assez. Retirez-en une ailleurs pour la placer ici.",
    ),
    (
        errors.CapReached(2, 2),
        "2 gommettes au plus par idée ; vous en avez 2 sur celle-ci. Placez les autres ailleurs.",
    ),
    (
        errors.TooShort(3),
        "Il faut au moins 3 mots pour faire une idée. Écrivez-la en une courte phrase.",
    ),
    (
        errors.TooLong(2000, 20000),
        (
            "Votre texte compte 20 000 caractères ; une idée en compte 2 000 au plus. "
            "Raccourcissez-le, ou faites-en plusieurs idées."
        ),
    ),
    (
        errors.NotAllowed("reveal"),
        ("Seules les personnes qui animent cette chasse peuvent dévoiler les idées. Demandez-le à l’une d’elles."),
    ),
    (
        errors.VoteOver(NOON),
        (
            "Le vote est clos depuis : vendredi 23 mars à 17:00. "
            "Cette gommette est arrivée après et n’est pas comptée. "
            "Vos autres gommettes le sont."
        ),
    ),
    (
        errors.HuntOpenHere("Et le bois ?"),
        (
            "Une chasse est déjà ouverte dans ce salon (« Et le bois ? »). "
            "Un salon en accueille une à la fois. "
            "Clôturez-la avant d’en lancer une autre."
        ),
    ),
    (
        errors.TooManyIdeas(20),
        ("Vous pouvez envoyer 20 idées par minute. Celle-ci n’est pas enregistrée : renvoyez-la dans une minute."),
    ),
    (
        errors.TooManyIdeas(1, "hunt"),
        (
            "Vous pouvez proposer 1 idée dans cette chasse, et c’est fait. "
            "Modifiez ou retirez-la pour en proposer une autre."
        ),
    ),
    (
        errors.UnknownIdea(12),
        "L’idée n° 12 n’est pas dans cette chasse. Tapez « /ideahunt tableau » pour voir les idées.",
    ),
    (
        errors.BallotMoved(3, 7),
        (
            "Votre bulletin a changé entre-temps sur un autre appareil ; le voici (3 gommettes sur 7). "
            "Rien n’a été écrasé."
        ),
    ),
    (
        errors.BadForm({"question": "problem.empty"}),
        "Un champ est à revoir : voyez la phrase à côté de lui.",
    ),
]


@pytest.mark.parametrize(("refusal", "said"), REFUSALS)
def test_a_refusal_tells_what_is_so_and_what_to_do_next(refusal: errors.Refusal, said: str) -> None:
    french = translator("fr")
    told = french.flat(refusal_sentence(refusal, french), "Europe/Paris")
    assert re.sub(r"[\u00a0\u202f]", " ", told) == said


def every_refusal() -> list[errors.Refusal]:
    made: list[errors.Refusal] = [refusal for refusal, _ in REFUSALS]
    kinds = {type(refusal) for refusal in made}
    waiting = [errors.Refusal]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind in {errors.TooManyThemes, errors.TooManyTries}:
            made.append(kind(12))  # type: ignore[call-arg]
        elif kind not in kinds:
            made.append(kind())
    return [
        *made,
        errors.WrongPhase("closed"),
        errors.VoteOver(),
        errors.HuntOpenHere(),
        errors.NotAnOption(4),
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("refusal", every_refusal(), ids=lambda refusal: type(refusal).__name__)
def test_every_refusal_has_its_sentence(refusal: errors.Refusal, lang: str) -> None:
    told = translator(lang).flat(refusal_sentence(refusal, translator(lang)))
    assert told.count(".") >= 1
    assert " 0" not in told.replace("0 or more", "").replace(" 0 ou plus", "")


def test_every_refusal_key_names_a_refusal() -> None:
    names = {refusal_key(type(refusal)) for refusal in every_refusal()}
    for key in MESSAGES["fr"]:
        if key.startswith("refusal."):
            assert ".".join(key.split(".")[:2]) in names, key


def test_what_people_typed_in_a_refusal_stays_raw() -> None:
    sentence = refusal_sentence(errors.HuntOpenHere("<!channel> {at}"), translator("en"))
    assert Raw("<!channel> {at}") in sentence


# --- sentences


@pytest.fixture
def french() -> Translator:
    return translator("fr")


def test_a_missing_fact_and_an_unknown_key_are_said_at_once(french: Translator) -> None:
    with pytest.raises(UnknownWords, match="number"):
        french.say("refusal.unknown_idea")
    with pytest.raises(UnknownWords, match="nowhere"):
        french.say("nowhere.here")
    with pytest.raises(UnknownWords, match="whole number n"):
        french.say("refusal.too_short", least=3)
    with pytest.raises(UnknownWords, match="'de'"):
        translator("de")


@pytest.mark.parametrize("fact", [None, 1.5, True, ["a"]])
def test_a_fact_without_words_is_refused(french: Translator, fact: object) -> None:
    with pytest.raises(TypeError):
        french.say("refusal.unknown_idea", number=fact)


@pytest.mark.parametrize(
    ("lang", "n", "shown"),
    [
        ("fr", 0, "0 gommette sur"), ("fr", 1, "1 gommette sur"), ("fr", 2, "2 gommettes sur"),
        ("fr", 1_500_000, "1\u202f500\u202f000 gommettes sur"), ("en", 1_500, "1,500 of"),
    ],
)  # fmt: skip
def test_figures_and_plurals_follow_the_language(lang: str, n: int, shown: str) -> None:
    assert translator(lang).plain("refusal.no_dots_left", n=n, used=n, total=9).startswith(shown)


def test_zero_is_plural_in_english_and_singular_in_french() -> None:
    assert "0 words." not in translator("en").plain("refusal.too_short", n=1, least=1)
    assert "0 words" in translator("en").plain("refusal.too_short", n=0, least=0)
    assert "0 mot " in translator("fr").plain("refusal.too_short", n=0, least=0)


def test_facts_become_the_parts_they_are(french: Translator) -> None:
    sentence = french.say("moment.both", day=NOON, time=Phase.VOTING)
    assert sentence == (Moment(NOON), Words(" à vote"))
    sentence = french.say("moment.both", day="*a*", time=Mention(PersonId("U1")))
    assert sentence == (Raw("*a*"), Words(" à "), Mention(PersonId("U1")))


def test_a_fact_may_be_a_key_or_a_choice_of_keys(french: Translator) -> None:
    choice = OneOf((Key("phase.voting"), Key("phase.closed")))
    assert french.flat(french.say("refusal.not_allowed", deed=Key("deed.merge"))).startswith(
        "Seules les personnes qui animent cette chasse peuvent réunir des idées."
    )
    assert french.plain("moment.both", day=choice, time="x") == "vote ou chasse close à x"


def test_a_list_is_joined_as_the_language_does(french: Translator) -> None:
    assert french.listed(["a", "{m0}", "c"]) == (Raw("a"), Words(", "), Raw("{m0}"), Words(" et "), Raw("c"))
    assert french.flat(french.listed(["a", "b"], "or")) == "a ou b"
    assert translator("en").flat(translator("en").listed(["a", "b", "c"])) == "a, b, and c"
    assert french.listed([]) == ()
    assert french.listed(["a"]) == (Raw("a"),)


@pytest.mark.parametrize(
    ("style", "fr", "en"),
    [
        ("date", "23 mars 2018", "23 March 2018"),
        ("time", "17:00", "17:00"),
        ("day", "vendredi 23 mars", "Friday 23 March"),
        ("both", "vendredi 23 mars à 17:00", "Friday 23 March at 17:00"),
    ],
)
def test_a_moment_is_told_in_the_zone_of_the_reader(style: str, fr: str, en: str) -> None:
    moment = Moment(NOON, style)  # type: ignore[arg-type]  # pytest hands over plain text
    assert translator("fr").when(moment, "Europe/Paris") == fr
    assert translator("en").when(moment, "Europe/Paris") == en


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        Moment(datetime(2018, 3, 23))  # noqa: DTZ001


def test_plain_text_names_people_and_rooms_as_they_are(french: Translator) -> None:
    people = (Mention(PersonId("U1"), "Inès R."), Mention(PersonId("U2")), RoomLink(RoomId("C1"), "général"))
    assert french.flat(french.listed(people)) == "Inès R., U2 et général"


def test_a_translator_is_loaded_once() -> None:
    assert translator("fr") is translator("fr")
