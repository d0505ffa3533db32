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
from bot.words.parts import Moment, Sentence


def refusal_key(refusal: type[Refusal]) -> str:
    """`NoDotsLeft` is `refusal.no_dots_left`."""
    return f"refusal.{snake(refusal.__name__)}"


def refusal_sentence(refusal: Refusal, words: Translator) -> Sentence:
    """The sentence of a refusal, its phases and deeds looked up in the language of `words`."""
    key = refusal_key(type(refusal))
    match refusal:
        case WrongPhase(phase, wanted):
            steps = [words.say(f"phase.{step}") for step in wanted]
            facts: dict[str, Fact] = {
                "phase": words.say(f"phase.{phase}"),
                "wanted": words.listed(steps, "or"),
            }
            return words.say(key if wanted else f"{key}.only", **facts)
        case NotAllowed(deed):
            return words.say(key, deed=words.say(f"deed.{deed}"))
        case TooManyIdeas(most, per):
            return words.say(f"{key}.{per}", n=most)
        case BadForm(problems):
            return words.say(key, n=len(problems))
        case UnknownIdea(0) | NotAnOption(0) | HuntOpenHere(""):
            return words.say(f"{key}.only")
        case VoteOver(closed_at):
            return words.say(key, at=Moment(closed_at)) if closed_at else words.say(f"{key}.only")
        case _:
            return words.say(key, **_facts(refusal))


def _facts(refusal: Refusal) -> dict[str, Fact]:
    """A refusal's own fields; the one that the sentence counts is also `n`."""
    facts: dict[str, Fact] = {field.name: getattr(refusal, field.name) for field in fields(refusal)}
    counted = next((facts[name] for name in ("least", "most", "cap", "used") if name in facts), 0)
    return {"n": counted, **facts}
