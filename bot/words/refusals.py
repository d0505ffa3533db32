"""A refusal put into words: what is so, and what one can do next."""

from __future__ import annotations

from dataclasses import fields

from bot.domain.errors import (
    BadForm,
    HuntOpenHere,
    NotAllowed,
    NotAnOption,
    Refusal,
    TooManyIdeas,
    UnknownIdea,
    VoteOver,
    WrongPhase,
)
from bot.words.catalogue import Fact, Translator, snake
from bot.words.parts import Key, Moment, OneOf, Sentence


def refusal_key(refusal: type[Refusal]) -> str:
    """`NoDotsLeft` is `refusal.no_dots_left`."""
    return f"refusal.{snake(refusal.__name__)}"


def refusal_words(refusal: Refusal) -> tuple[str, dict[str, Fact]]:
    """The key and the facts of a refusal, in no language yet: what a Note carries."""
    key = refusal_key(type(refusal))
    facts: dict[str, Fact] = {field.name: getattr(refusal, field.name) for field in fields(refusal)}
    match refusal:
        case WrongPhase(phase, wanted) if wanted:
            facts = {
                "phase": Key(f"phase.{phase}"),
                "wanted": OneOf(tuple(Key(f"phase.{w}") for w in wanted)),
            }
        case WrongPhase(phase):
            key, facts = f"{key}.only", {"phase": Key(f"phase.{phase}")}
        case NotAllowed(deed):
            facts = {"deed": Key(f"deed.{deed}")}
        case TooManyIdeas(most, per):
            key, facts = f"{key}.{per}", {"n": most}
        case BadForm(problems):
            facts = {"n": len(problems)}
        case VoteOver(closed_at) if closed_at:
            facts = {"at": Moment(closed_at)}
        case UnknownIdea(0) | NotAnOption(0) | HuntOpenHere("") | VoteOver():
            key, facts = f"{key}.only", {}
        case _:
            pass  # the fields of every other refusal are its facts as they are
    counted = next((facts[name] for name in ("n", "least", "most", "cap", "used") if name in facts), 0)
    return key, {**facts, "n": counted}


def refusal_sentence(refusal: Refusal, words: Translator) -> Sentence:
    """The sentence of a refusal, its phases and deeds looked up in the language of `words`."""
    key, facts = refusal_words(refusal)
    return words.say(key, **facts)
