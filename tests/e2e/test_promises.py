"""The page of promises names tests that exist, and every test of this folder holds one."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "promises.md").read_text("utf-8")
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
WHOLE_DAYS = {"test_bois_des_forts.py", "test_promises.py"}
"""They show the product, or check this page."""


def named_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name[:5] == "test_"}


def test_every_test_that_a_promise_names_exists() -> None:
    named = NAMED.findall(PAGE)
    assert len(named) > 30
    assert [f"{file}::{test}" for file, test in named if test not in named_in(ROOT / file)] == []


def test_every_promise_names_its_tests() -> None:
    promised, _, _ = PAGE.partition("## What is not promised")
    promises = re.split(r"^- ", promised, flags=re.MULTILINE)[1:]
    assert [promise[:60] for promise in promises if not NAMED.search(promise)] == []


def test_every_test_of_a_whole_bot_holds_a_promise() -> None:
    ours = {path for path in Path(__file__).parent.glob("test_*.py") if path.name not in WHOLE_DAYS}
    held = {test for _, test in NAMED.findall(PAGE)}
    assert [test for path in sorted(ours) for test in sorted(named_in(path)) if test not in held] == []
