"""Every key a use case names has its sentence, in both languages."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from bot.words import translator

PROBLEM = re.compile(r"[a-z_]+\.problem\.[a-z_]+")
SOURCES = sorted(Path(__file__).parents[2].glob("bot/usecases/*.py"))


def keys() -> set[str]:
    """The string literals that look like catalogue keys in calls of Note and notice, and in form problems."""
    found: set[str] = set()
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"Note", "notice"}:
                literals = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
                found |= {text for text in literals[:1] if "." in text}
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and PROBLEM.fullmatch(node.value):
                found.add(node.value)
    return found


@pytest.mark.parametrize("language", ["fr", "en"])
def test_every_key_of_a_use_case_is_in_the_catalogue(language: str) -> None:
    words = translator(language)
    assert len(keys()) > 30
    assert [key for key in sorted(keys()) if not words.has(key) and key != "note.empty"] == []
