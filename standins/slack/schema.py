"""A small language for the shapes Slack accepts, and the findings when something does not fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from standins.slack.wire import Json


class Findings:
    """What does not fit, in Slack's way of saying it: a sentence and a pointer into the JSON."""

    def __init__(self) -> None:
        self.messages: list[str] = []

    def add(self, pointer: str, sentence: str) -> None:
        """Note one thing that does not fit."""
        self.messages.append(f"[ERROR] {sentence} [json-pointer:{pointer}]")


Rule = Callable[[Findings, Any, str], None]


def string(most: int | None = None, least: int = 0) -> Rule:
    """Ask for a string of so many characters."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, str):
            findings.add(at, "must be a string")
        elif most is not None and len(value) > most:
            findings.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            findings.add(at, f"must be more than {least - 1} characters")

    return check


def integer(least: int, most: int) -> Rule:
    """Ask for a whole number between two others."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            findings.add(at, "must be an integer")
        elif not least <= value <= most:
            findings.add(at, f"must be between {least} and {most}")

    return check


def number(findings: Findings, value: object, at: str) -> None:
    """Ask for a number."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        findings.add(at, "must be a number")


def boolean(findings: Findings, value: object, at: str) -> None:
    """Ask for true or false."""
    if not isinstance(value, bool):
        findings.add(at, "must be a boolean")


def one_of(*allowed: str) -> Rule:
    """Ask for one of these words."""

    def check(findings: Findings, value: object, at: str) -> None:
        if value not in allowed:
            findings.add(at, f"must be one of {', '.join(allowed)}")

    return check


def items(rule: Rule, least: int, most: int) -> Rule:
    """Ask for a list of so many things, each following the rule."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, list):
            findings.add(at, "must be an array")
            return
        if len(value) > most:
            findings.add(at, f"no more than {most} items allowed")
        elif len(value) < least:
            findings.add(at, f"no less than {least} items allowed")
        for index, each in enumerate(value):
            rule(findings, each, f"{at}/{index}")

    return check


def shape(needs: Mapping[str, Rule], takes: Mapping[str, Rule] | None = None, *also: Rule) -> Rule:
    """Ask for an object with these properties and no other; `also` are rules on the whole."""
    known = {**needs, **(takes or {})}

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, dict):
            findings.add(at, "must be an object")
            return
        for name in needs.keys() - value.keys():
            findings.add(at, f"missing required field: {name}")
        for name in sorted(value.keys() - known.keys()):
            findings.add(at, f"invalid additional property: {name}")
        for name in value.keys() & known.keys():
            known[name](findings, value[name], f"{at}/{name}")
        if not needs.keys() - value.keys():
            for rule in also:
                rule(findings, value, at)

    return check


def any_of_types(rules: Mapping[str, Rule], what: str) -> Rule:
    """Ask for an object whose `type` is one of these, following the rule of its type."""

    def check(findings: Findings, value: object, at: str) -> None:
        kind = str(value.get("type")) if isinstance(value, dict) else ""
        if kind not in rules:
            findings.add(f"{at}/type", f"unsupported type: {kind} is no {what} here")
        else:
            rules[kind](findings, value, at)

    return check


def anything(_findings: Findings, _value: object, _at: str) -> None:
    """Ask for nothing."""


def free(*needs: str) -> Rule:
    """Ask for an object that has these properties, whatever else it has."""

    def check(findings: Findings, value: object, at: str) -> None:
        if not isinstance(value, dict):
            findings.add(at, "must be an object")
            return
        for name in needs:
            if name not in value:
                findings.add(at, f"missing required field: {name}")

    return check


TYPE: Mapping[str, Rule] = {"type": string()}


def plain(most: int) -> Rule:
    """Ask for a plain text object of at most so many characters, not empty."""
    return any_of_types({"plain_text": shape({**TYPE, "text": string(most, 1)}, {"emoji": boolean})}, "plain text")


def text(most: int) -> Rule:
    """Ask for a text object, plain or mrkdwn, of at most so many characters, not empty."""
    words = string(most, 1)
    return any_of_types(
        {
            "plain_text": shape({**TYPE, "text": words}, {"emoji": boolean}),
            "mrkdwn": shape({**TYPE, "text": words}, {"verbatim": boolean}),
        },
        "text object",
    )


def unique(key: Callable[[Json], object], what: str) -> Rule:
    """Ask that no two things of a list share their key."""

    def check(findings: Findings, value: object, at: str) -> None:
        if isinstance(value, list):
            keys = [key(each) for each in value if isinstance(each, dict)]
            if len(set(keys)) < len(keys):
                findings.add(at, f"duplicate {what}")

    return check


def both(*rules: Rule) -> Rule:
    """Ask for several rules on the same value."""

    def check(findings: Findings, value: object, at: str) -> None:
        for rule in rules:
            rule(findings, value, at)

    return check
