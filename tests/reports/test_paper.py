"""The ballot on paper, read back out of its PDF: what stands on it, in which order, on which page."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfReader

from bot.domain.ballot import Option
from bot.domain.names import IdeaNumber, RoundNumber
from bot.reports.paper import MOST_COPIES, PaperSheet, _facts, most_copies, paper, paper_order
from bot.reports.press import PressFailed, press, typeset
from bot.reports.signs import LONGEST, PLAIN, STAND_IN, lacks, printable, right_to_left, signs
from tests.reports import asked_signs, bois

CIRCLE = "○"
NUMBER = re.compile(r"(?m)^(\d+) (?!gommette|dot)")
LEFT_OUT = "remplace un signe"


def sheet(**other: Any) -> PaperSheet:
    """Bois des Forts: 22 options, 7 dots, 2 at most on one."""
    facts = {
        "question": "Comment faire vivre le Bois des Forts ?",
        "language": "fr",
        "zone": "Europe/Paris",
        "round": RoundNumber(1),
        "options": bois.options(),
        "dots": 7,
        "cap": 2,
        "places": 4,
        "seed": "5eed",
        "closes_at": datetime(2018, 3, 23, 15, 50, tzinfo=UTC),
        "notice": ("Après la clôture, seuls les totaux sont gardés.",),
    }
    return PaperSheet(**{**facts, **other})


def ideas(*texts: str, **other: str) -> tuple[Option, ...]:
    return tuple(Option(IdeaNumber(number), text, **other) for number, text in enumerate(texts, 1))


@cache
def made(asked: PaperSheet) -> bytes:
    return paper(asked)


def opened(asked: PaperSheet) -> PdfReader:
    return PdfReader(BytesIO(made(asked)))


@cache
def pages(asked: PaperSheet) -> tuple[str, ...]:
    """The text of each page, without the places where a long word may be cut."""
    return tuple(page.extract_text().replace("\u200b", "") for page in opened(asked).pages)


def folded(asked: PaperSheet) -> str:
    """The whole text on one line."""
    return " ".join(" ".join(pages(asked)).split())


def copies(asked: PaperSheet) -> list[list[IdeaNumber]]:
    """The numbers of the options as printed, copy by copy."""
    known = {option.number for option in asked.options}
    found: list[list[IdeaNumber]] = []
    for text in pages(asked):
        if re.search(r"Page 1 (?:sur|of)", text):
            found.append([])
        found[-1] += [IdeaNumber(int(n)) for n in NUMBER.findall(text) if int(n) in known]
    return found


# --- what a copy holds


def test_a_copy_holds_the_question_the_rules_every_idea_and_how_to_hand_it_in() -> None:
    said = folded(sheet())
    assert "BULLETIN DE VOTE · TOUR 1 Comment faire vivre le Bois des Forts ?" in said
    assert "7 gommettes, 2 au plus par idée" in said
    assert "7 gommettes en tout, jamais plus" in said
    assert "Les 4 idées qui reçoivent le plus de gommettes sont retenues." in said
    assert "avant la clôture : vendredi 23 mars à 16:50." in said
    assert "Après la clôture, seuls les totaux sont gardés." in said
    for option in bois.options():
        assert option.text in said
        assert option.title in said
        assert option.theme in said
    assert LEFT_OUT not in said


def test_an_idea_has_as_many_circles_as_it_may_get_dots() -> None:
    assert folded(sheet()).count(CIRCLE) == 2 * 22
    assert folded(sheet(cap=5, options=ideas("Un", "Deux"))).count(CIRCLE) == 5 * 2
    assert folded(sheet(dots=1, cap=2, options=ideas("Un", "Deux"))).count(CIRCLE) == 2


def test_beyond_five_dots_a_number_is_written_in_a_box() -> None:
    said = folded(sheet(dots=20, cap=6, options=ideas("Un", "Deux")))
    assert CIRCLE not in said
    assert "écrivez leur nombre dans la case" in said
    assert "6 au plus par idée" in said


def test_the_same_ballot_is_said_in_english() -> None:
    said = folded(sheet(language="en", runoff=True, round=RoundNumber(2), dots=1, cap=1, places=1, closes_at=None))
    assert "BALLOT PAPER · ROUND 2, RUN-OFF" in said
    assert "1 dot, at most 1 on one idea" in said
    assert "The idea that gets the most dots is kept." in said
    assert "Give it to the facilitator before the vote is closed." in said
    assert "gommette" not in said


def test_a_title_stands_before_its_text_and_is_not_said_twice() -> None:
    options = (
        Option(IdeaNumber(1), "Planter des haies. Et les tailler.", title="Planter des haies"),
        Option(IdeaNumber(2), "Ouvrir plus tôt.", title="Horaires"),
    )
    said = folded(sheet(options=options))
    assert said.count("Planter des haies") == 1
    assert "Planter des haies. Et les tailler." in said
    assert "Horaires Ouvrir plus tôt." in said


# --- the order


def test_each_copy_has_an_order_of_its_own_that_anyone_can_work_out_again() -> None:
    asked = sheet(copies=3)
    printed = copies(asked)
    assert len({tuple(order) for order in printed}) == 3
    for copy, order in enumerate(printed, 1):
        assert order == sorted(
            (option.number for option in asked.options),
            key=lambda number: sha256(f"5eed:paper:{copy}:{number}".encode()).hexdigest(),
        )


def test_the_order_does_not_follow_the_order_of_the_options() -> None:
    numbers = [IdeaNumber(n) for n in range(1, 200)]
    assert paper_order("a1", 1, numbers) == paper_order("a1", 1, numbers[::-1])
    assert paper_order("a1", 1, numbers) != paper_order("a2", 1, numbers)


def test_no_place_on_the_page_is_kept_for_an_idea() -> None:
    """Over many copies each of four ideas comes first about as often (chi-squared, 3 degrees, 1 in 1,000)."""
    first = [paper_order("5eed", copy, [IdeaNumber(n) for n in range(1, 5)])[0] for copy in range(4_000)]
    assert sum((first.count(IdeaNumber(n)) - 1_000) ** 2 / 1_000 for n in range(1, 5)) < 16.3


# --- pages


def test_pages_say_where_they_belong() -> None:
    said = pages(sheet(copies=2))
    feet = [re.search(r"Exemplaire \d+ · tour 1 Page \d+ sur \d+", text) for text in said]
    assert [foot[0] for foot in feet if foot] == [
        f"Exemplaire {copy} · tour 1 Page {page} sur 2" for copy in (1, 2) for page in (1, 2)
    ]


def test_a_copy_of_several_pages_starts_on_a_new_sheet() -> None:
    asked = sheet(copies=3, options=ideas(*(f"Idée {n} " + "et sa suite " * 20 for n in range(1, 31))))
    starts = [place for place, text in enumerate(pages(asked)) if re.search(r"Page 1 sur 3\b", text)]
    assert starts == [0, 4, 8]
    assert len(pages(asked)) == 12
    assert [text.strip() for text in pages(asked)[3::4]] == [
        "Page laissée vide, pour que chaque bulletin commence sur une nouvelle feuille."
    ] * 3
    assert [len(order) for order in copies(asked)] == [30] * 3


def test_a_copy_of_one_page_takes_one_page() -> None:
    assert len(pages(sheet(copies=4, options=ideas("Un", "Deux")))) == 4


def test_every_page_is_a4_and_repeats_what_may_be_spent() -> None:
    assert {(round(page.mediabox.width), round(page.mediabox.height)) for page in opened(sheet()).pages} == {(595, 842)}
    assert all("7 gommettes, 2 au plus par idée" in text for text in pages(sheet()))


@pytest.mark.slow
def test_sixty_copies_come_in_one_file() -> None:
    printed = copies(sheet(copies=60))
    assert len({tuple(order) for order in printed}) == 60
    assert all(sorted(order) == sorted(option.number for option in bois.options()) for order in printed)


def test_three_hundred_ideas_are_all_there() -> None:
    asked = sheet(options=ideas(*(f"Idée {n}, qui tient en une ligne" for n in range(1, 301))))
    assert sorted(copies(asked)[0]) == list(range(1, 301))


# --- what people typed


def test_markup_of_any_kind_is_printed_as_it_was_typed() -> None:
    typed = "<b>&amp;</b> #strong[x] $x^2$ *a* _b_ `c` // /* @ref <label> [y](z) {page} \\u{41} --- ~"
    asked = sheet(question=typed, options=ideas(typed, "Deux", theme=typed))
    assert folded(asked).count(typed) == 4


def test_two_thousand_signs_are_printed_to_the_last() -> None:
    for text in ("W" * 2_000, " ".join(f"mot{n}" for n in range(333))[:2_000]):
        asked = sheet(options=ideas(text, "Deux"))
        letters = re.sub(r"\s", "", folded(asked))
        assert all(part in letters for part in re.findall(r"\S{1,40}", text))
        assert letters.count("W") == text.count("W")


def test_words_without_an_end_are_cut_to_the_width_of_the_page() -> None:
    """A page is 499 points wide inside; W takes 18.6 of them in the question, 10.7 in an idea, □ at least 6.9."""
    asked = sheet(question="W" * 500, options=ideas("W" * 2_000, "日本語のテキスト" * 250))
    lines = [line.strip() for text in pages(asked) for line in text.splitlines()]
    widest = max(len(line) for line in lines if set(line) == {"W"} or set(line) == {STAND_IN})
    first = next(line for line in lines if set(line) == {"W"})
    assert 20 < len(first) <= 499 / 18.6
    assert 30 < widest <= 425 / 6.9


@pytest.mark.parametrize(
    "text", ["Привет, мир", "Ελληνικά γράμματα", "→ ✓ ★ ≥ 30 €", "œuvre « ici »\u202f! l’été", "Łódź, Þór, ştiinţă"]
)
def test_other_alphabets_and_signs_are_written(text: str) -> None:
    said = folded(sheet(options=ideas(text, "Deux")))
    assert " ".join(text.split()) in said
    assert LEFT_OUT not in said


def test_what_runs_to_the_left_does_so() -> None:
    assert right_to_left("12 شجرة")
    assert not right_to_left("Planter شجرة")
    said = folded(sheet(options=ideas("زراعة الأشجار", "לשתול עצים")))
    assert "الأشجار" in said
    assert "עצים" in said
    assert LEFT_OUT not in said


def test_a_sign_that_cannot_be_written_has_a_stand_in_and_a_word_about_it() -> None:
    said = folded(sheet(options=ideas("Planter 👨‍👩‍👧 des arbres 🌳", "Deux")))
    assert f"Planter {STAND_IN} des arbres {STAND_IN}" in said
    assert "sous le même numéro" in said
    assert not lacks(f"une case {STAND_IN}")


def test_a_sign_is_tried_in_its_plain_form_first() -> None:
    assert printable("𝐆𝐫𝐚𝐬, ﬁn") in {"Gras, fin", "𝐆𝐫𝐚𝐬, ﬁn", "Gras, ﬁn"}
    assert printable("Ａ") == "A"


def test_controls_and_what_cannot_be_seen_are_left_out() -> None:
    assert printable("a\x00b\x07c\u202ed\ufeffe\ud800f") == "abcdef"
    said = folded(sheet(options=ideas("a\x00b\x07c\u202ed\ufeffe\ud800f", "Deux")))
    assert "abcdef" in said


def test_a_text_of_several_lines_is_folded_into_one() -> None:
    assert "- un - deux - trois" in folded(sheet(options=ideas("- un\r\n- deux\n\n\u2028- trois", "Deux")))


def test_our_own_sentences_keep_their_no_break_spaces() -> None:
    notice = "Après la clôture\u00a0: rien d’autre\u202f!"
    said = pages(sheet(options=ideas("Un", "Deux"), notice=(notice,)))
    assert notice in said[0]


def test_only_a_word_too_long_for_a_line_may_be_cut() -> None:
    assert printable("anticonstitutionnellement") == "anticonstitutionnellement"
    assert printable("a" * (LONGEST + 1)) == "\u200b".join("a" * (LONGEST + 1))


def test_every_sign_of_the_list_has_a_glyph() -> None:
    assert tuple(signs()) == asked_signs.FONTS
    assert {font: asked_signs.refused(font, [chr(code) for code in codes]) for font, codes in signs().items()} == {
        font: [] for font in signs()
    }


def test_the_first_font_has_all_that_is_looked_at_run_by_run() -> None:
    plain = {code for code in range(0x3000) if re.fullmatch(f"[{PLAIN}]", chr(code))}
    assert len(plain) > 320
    assert plain <= signs()[asked_signs.FONTS[0]]


def test_a_sign_outside_the_list_has_none() -> None:
    sample = [chr(code) for code in range(0x3040, 0x30A0) if not any(code in has for has in signs().values())]
    assert len(sample) > 80
    for font in signs():
        assert set(asked_signs.refused(font, [*sample, "😀"])) == {*sample, "😀"}


# --- the file


def test_the_same_sheet_gives_the_same_bytes() -> None:
    assert paper(sheet(copies=2)) == made(sheet(copies=2))


def test_the_file_says_its_title_and_language_and_nothing_of_who_or_when() -> None:
    read = opened(sheet())
    assert read.metadata is not None
    assert set(read.metadata) == {"/Title", "/Creator"}
    assert read.metadata.title == "Comment faire vivre le Bois des Forts ? (Bulletin de vote)"
    assert str(read.metadata.creator).startswith("Typst")
    assert read.trailer["/Root"]["/Lang"] == "fr"
    assert b"Date>" not in made(sheet())


def test_the_file_is_tagged_for_screen_readers() -> None:
    read = opened(sheet())
    assert read.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert read.xmp_metadata is not None
    assert b"<pdfuaid:part>1</pdfuaid:part>" in read.xmp_metadata.stream.get_data()


def test_signs_that_no_font_writes_together_are_still_printed() -> None:
    facts: dict[str, Any] = json.loads(json.dumps(_facts(sheet(options=ideas("Un", "Deux")))))
    facts["options"]["1"]["rest"] = "Un \U0001f333"
    printed, accessible = press(json.dumps(facts))
    assert not accessible
    assert "Deux" in PdfReader(BytesIO(printed)).pages[0].extract_text()


def test_a_press_that_fails_says_so() -> None:
    with pytest.raises(PressFailed):
        typeset({"nothing": "of use"})


def test_the_typesetter_is_loaded_when_something_is_printed_and_not_before() -> None:
    asked = "import sys, bot.reports.paper; sys.exit('typst' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0


# --- what is refused


@pytest.mark.parametrize(
    "other",
    [
        {"copies": 0},
        {"copies": MOST_COPIES + 1},
        {"language": "de"},
        {"options": ()},
        {"seed": "no seed"},
        {"closes_at": datetime(2018, 3, 23)},  # noqa: DTZ001 - the fault under test
    ],
)
def test_a_sheet_that_cannot_be_printed_is_refused(other: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r".+"):
        sheet(**other)


def test_many_long_ideas_leave_room_for_fewer_copies() -> None:
    assert most_copies(bois.options()) == MOST_COPIES
    assert most_copies(ideas(*["m" * 150] * 200)) >= 10
    assert most_copies(ideas(*["m" * 2_000] * 300)) == 1
    with pytest.raises(ValueError, match="copies: 1 to 1"):
        sheet(options=ideas(*["m" * 2_000] * 300), copies=2)
