"""What `ideahunt themes` was asked for: its options first, then the settings, then what is installed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.cli.problems import Stopped
from bot.cli.reasons import reason
from bot.cli.settings import ENV_FILE, GroupingSettings, environment_name
from bot.cli.themes_problems import problem, stopped
from bot.domain.people import LANGUAGES
from bot.theming.choice import Choice
from bot.theming.communities import FINENESS
from bot.theming.lexicon import BadWordList, WordList
from bot.words import Translator, translator

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
"""Where a terminal says its language, the strongest first."""
LEAST_FINENESS, MOST_FINENESS = 0.2, 5.0
"""Beyond, all ideas are one theme, or each its own."""
TOLD = frozenset({"embeddings_url", "embeddings_model", "language"})
"""Settings whose faults have words of their own."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options as they were typed, "" or None where they were not. `here`: no model and no endpoint of settings."""

    file: Path
    column: str = ""
    shape: str = ""
    out: Path | None = None
    words: Path | None = None
    model: str = ""
    here: bool = False
    fineness: str = ""
    language: str = ""


def read_grouping(env_file: Path = ENV_FILE) -> GroupingSettings:
    """The settings that group, whatever the others are. Raises Stopped in the language of the terminal."""
    told = translator(_of_the_terminal())
    try:
        return GroupingSettings(_env_file=env_file)
    except ValidationError as wrong:
        fields = [str(error["loc"][0]).lower() for error in wrong.errors(include_input=False)]
        faults = [(f"setting.{field}" if field in TOLD else "setting", environment_name(field)) for field in fields]
        raise Stopped(*(problem(told, key, setting=name) for key, name in faults)) from None
    except (OSError, UnicodeDecodeError):
        raise stopped(told, "env", file=str(env_file)) from None


def language_of(typed: str, settings: GroupingSettings) -> str:
    """The language asked for, or set, or else of the terminal. Raises Stopped for one that is not spoken here."""
    known = settings.language if "language" in settings.model_fields_set else _of_the_terminal()
    language = typed.strip().lower() or known
    if language not in LANGUAGES:
        raise stopped(translator(known), "language", typed=typed)
    return language


def _of_the_terminal(environment: Mapping[str, str] = os.environ) -> str:
    named = next((environment[name] for name in LOCALE if environment.get(name)), "")
    return "fr" if named.lower().startswith("fr") else "en"


def choice_of(settings: GroupingSettings, wanted: Wanted | None = None, told: Translator | None = None) -> Choice:
    """What groups ideas by these settings, or before them by options. Raises Stopped for a word list or a fineness."""
    told = told or translator("en")
    words = wanted.words if wanted and wanted.words else settings.words_file
    fineness = _fineness(wanted.fineness, told) if wanted else FINENESS
    read = read_words(words, told)
    if wanted and (wanted.model or wanted.here):
        return Choice(words=read, model=wanted.model, fineness=fineness)
    key = settings.embeddings_key
    return Choice(
        words=read,
        model=settings.themes_model or "",
        url=settings.embeddings_url or "",
        url_model=settings.embeddings_model or "",
        key=key.get_secret_value() if key else "",
        fineness=fineness,
    )


def _fineness(typed: str, told: Translator) -> float:
    """A number with a point or, as French writes it, a comma."""
    try:
        fineness = float(typed.strip().replace(",", ".")) if typed.strip() else FINENESS
    except ValueError:
        fineness = 0.0
    if not LEAST_FINENESS <= fineness <= MOST_FINENESS:
        raise stopped(told, "fineness", typed=typed)
    return fineness


def read_words(path: Path | None, told: Translator) -> str:
    """A word list as text, checked. Raises Stopped."""
    if path is None:
        return ""
    try:
        text = path.read_text("utf-8-sig")
        WordList.read(text)
    except FileNotFoundError:
        raise stopped(told, "words.missing", "words.missing", file=str(path)) from None
    except OSError as error:
        raise stopped(told, "words.file", "words.missing", file=str(path), why=reason(error)) from None
    except UnicodeDecodeError:
        raise stopped(told, "words.encoding", file=str(path)) from None
    except BadWordList as bad:
        raise stopped(told, f"words.{bad.why}", file=str(path), line=bad.line, word=bad.word) from None
    return text
