"""Asks the typesetter which signs each font can write; run as a program, writes `bot/reports/templates/signs.txt`."""

from __future__ import annotations

import json
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

import regex
from typst import Compiler, TypstError

from bot.reports.press import fonts

FONTS = ("Noto Sans", "DejaVu Sans Mono", "Libertinus Serif", "New Computer Modern")
"""In the order they are tried: the first is the ballot's own."""
LIST = Path(str(files("bot.reports") / "templates" / "signs.txt"))
PAGE = b"""
#set document(title: [Signs])
#set text(font: sys.inputs.font, fallback: false)
#for c in json(bytes(sys.inputs.signs)) [#c #strong(c) \\ ]
"""
MISSING = regex.compile(r'the text `"(\\?.|\\u\{([0-9a-f]+)\})"` could not be displayed')
SIGN = regex.compile(r"[^\p{C}\p{Zl}\p{Zp}]|\p{Cf}")
LAST_PLANE, AT_ONCE = 0x20000, 5_000


def asked(font: str) -> list[int]:
    """Every code point that a font can write, upright and bold, smallest first. Takes some seconds."""
    signs = [chr(code) for code in range(LAST_PLANE) if SIGN.fullmatch(chr(code))]
    missing = {s for start in range(0, len(signs), AT_ONCE) for s in refused(font, signs[start : start + AT_ONCE])}
    return [ord(sign) for sign in signs if sign not in missing]


def refused(font: str, signs: list[str]) -> list[str]:
    """Those of the signs that the font lacks: PDF/UA forbids a page that hides one."""
    press = Compiler(PAGE, font_paths=fonts(), ignore_system_fonts=True)
    try:
        press.compile(format="pdf", pdf_standards="ua-1", sys_inputs={"signs": json.dumps(signs), "font": font})
    except TypstError as error:
        return [chr(int(code, 16)) if code else sign[-1] for sign, code in MISSING.findall(error.diagnostic)]
    return []


def listed(codes: Iterable[int]) -> str:
    """Code points as ranges in hexadecimal, ends included."""
    ranges: list[list[int]] = []
    for code in codes:
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    return " ".join(f"{first:x}-{last:x}" if first != last else f"{first:x}" for first, last in ranges)


if __name__ == "__main__":
    LIST.write_text("".join(f"{font}\t{listed(asked(font))}\n" for font in FONTS), "ascii")
