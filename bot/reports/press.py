"""The press: sets the paper ballot in a process of its own, which gives all its memory back when it ends."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typst import Fonts

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 120.0
"""A file of 300 pages takes ten to twenty of them."""
UNMARKED = "not PDF/UA"


class PressFailed(RuntimeError):
    """The typesetter ended without a page: a fault of ours; its own words, which may hold people's, are logged."""


def typeset(facts: Mapping[str, object]) -> bytes:
    """The facts drawn by `ballot.typ`, as a PDF.

    The typesetter keeps what it worked out for its next ten pages, some hundred megabytes a time: so it ends with each.
    Raises PressFailed.
    """
    asked = [sys.executable, "-m", "bot.reports.press"]
    sheet = json.dumps(facts, ensure_ascii=False).encode()
    try:
        done = subprocess.run(asked, input=sheet, capture_output=True, timeout=PATIENCE_SECONDS, check=True)  # noqa: S603 - our own module, and no word of anybody's in the command
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as failed:
        log.debug("the press said: %s", failed.stderr)
        raise PressFailed(type(failed).__name__) from None
    if UNMARKED.encode() in done.stderr:
        log.info("a paper ballot without the mark of PDF/UA: two signs stand together that no font writes together")
    return done.stdout


def press(sheet: str) -> tuple[bytes, bool]:
    """The PDF of the facts in JSON, and whether it carries the mark of PDF/UA-1: every sign is written."""
    from typst import Compiler, TypstError

    template = (files("bot.reports") / "templates" / "ballot.typ").read_bytes()
    compiler = Compiler(font_paths=fonts(), ignore_system_fonts=True, sys_inputs={"sheet": sheet})
    try:
        made, accessible = compiler.compile(template, format="pdf", pdf_standards="ua-1"), True
    except TypstError:
        made, accessible = compiler.compile(template, format="pdf"), False
    assert isinstance(made, bytes)
    return made, accessible


@cache
def fonts() -> Fonts:
    """Noto Sans, and what the typesetter carries for other scripts: the same on every machine."""
    from typst import Fonts

    return Fonts(include_system_fonts=False, font_paths=[str(files("fontpkg_noto_sans") / "files")])


def main() -> None:
    """Facts in JSON come in, a PDF goes out."""
    made, accessible = press(sys.stdin.buffer.read().decode())
    sys.stdout.buffer.write(made)
    if not accessible:
        sys.stderr.write(UNMARKED)


if __name__ == "__main__":
    main()
