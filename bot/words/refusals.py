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
from bot.domain.names import sign
from bot.words.catalogue import Fact, Translator, snake
from bot.words.parts import Key, Moment, Sentence, Words


def refusal_key(refusal: type[Refusal]) -> str:
    """`NoDotsLeft` is `refusal.no_dots_left`."""
    return f"refusal.{snake(refusal.__name__)}"


def refusal_words(refusal: Refusal) -> tuple[str, dict[str, Fact]]:
    """The key and the facts of a refusal, in no language yet: what a Note carries."""
    key = refusal_key(type(refusal))
    facts: dict[str, Fact] = {field.name: getattr(refusal, field.name) for field in fields(refusal)}
    match refusal:
        case WrongPhase(phase, wanted):
            key, facts = f"{key}.{_moment_of(phase, wanted)}", {"phase": Key(f"phase.{phase}")}
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
        case NotAnOption(number):
            facts = {"number": Words(sign(number))}
        case _:
            pass  # the fields of every other refusal are its facts as they are
    counted = next((facts[name] for name in ("n", "least", "most", "cap", "used") if name in facts), 0)
    return key, {**facts, "n": counted}


def _moment_of(phase: str, wanted: tuple[str, ...]) -> str:
    """Which sentence a wrong moment has: what was wanted too early or too late, and so what comes next."""
    early = phase in {"draft", "collecting"}
    if phase in wanted:
        return "already"
    if wanted == ("voting",):
        return "vote_over" if phase == "closed" else "vote_early"
    if "draft" in wanted:  # an idea, or a change of one
        return "ideas_over" if phase == "closed" else "ideas_frozen"
    if early and "revealed" in wanted:
        return "hidden" if len(wanted) > 1 else "reveal_first"
    if wanted == ("closed",):
        return "close_first"
    return {"voting": "voting", "closed": "over"}.get(phase, "only")


def refusal_sentence(refusal: Refusal, words: Translator) -> Sentence:
    """The sentence of a refusal, its phases and deeds looked up in the language of `words`."""
    key, facts = refusal_words(refusal)
    return words.say(key, **facts)
