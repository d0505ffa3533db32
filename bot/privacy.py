"""Personal details in a text, found by plain rules, so that its author may reword it before others read it.

It points out and never blocks or changes anything. It knows how France and the English-speaking countries write
telephone numbers, plates, addresses and titles; a name without a title ("Jean, du deuxième") is not found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import regex


class DetailKind(StrEnum):
    """What sort of detail."""

    EMAIL = "email"
    PHONE = "phone"
    PLATE = "plate"
    ADDRESS = "address"
    NAME = "name"
    HANDLE = "handle"


@dataclass(frozen=True, slots=True)
class Detail:
    """One detail and the words it was found in, as written."""

    kind: DetailKind
    words: str


STREETS = (
    r"(?:rue|avenue|av\.|boulevard|bd|bld|boul\.|place|pl\.|all[ée]e|impasse|chemin|quai|route|square|cours|passage"
    r"|faubourg|venelle|ruelle|esplanade|promenade|r[ée]sidence|lotissement|hameau)"
)
STREET_ENDS = r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Close|Court|Ct|Square|Crescent|Terrace|Gardens|Way)"
LITTLE = r"(?:de|du|des|la|le|les|au|aux|à|en|sur|sous|et|(?i:d|l)['’])"
NAMED = rf"(?:{LITTLE}\s?){{0,3}}[\p{{L}}][\p{{L}}'’.-]{{1,30}}(?:\s\p{{Lu}}[\p{{L}}'’-]{{1,30}}){{0,3}}"
TITLES = r"(?:M\.|MM\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Mme\.?|Mmes|Mlle|Monsieur|Madame|Mademoiselle|Dr\.?|Docteur)"
PARTICLES = r"(?:de|du|[Ll]e|[Ll]a|van|von|ben|el)"
OFFICES = r"(?:L[ae]s?|Toute?|Maires?|Adjointe?|Propre|Préfète?|Présidente?|Directeur|Directrice)"
"""Not a name after a title: "Madame la Présidente", "Monsieur Tout-le-monde", "M. Propre"."""
PLATE_LETTERS = "[A-HJ-NP-TV-Z]{2}"

RULES: Mapping[DetailKind, tuple[regex.Pattern[str], ...]] = {
    DetailKind.EMAIL: (regex.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\p{L}\d-]{1,63}(?:\.[\p{L}\d-]{1,63}){1,4}"),),
    DetailKind.PHONE: (
        regex.compile(r"(?<![\d.,+-])(?:(?:\+|00)33[ .]?(?:\(0\)[ .]?)?|0)[1-9](?:[ .-]?\d{2}){4}(?![\d%€])"),
        regex.compile(r"(?<![\d.,+-])(?:\+|00)[1-9]\d{0,2}(?:[ .-]?\(?\d{1,4}\)?){2,5}(?!\d)"),
        regex.compile(r"(?<![\d.,+-])0\d{2,4} \d{3,4} ?\d{3,4}(?![\d%€])"),
        regex.compile(r"(?<![\d.,+-])\(?[2-9]\d{2}\)?[ .-][2-9]\d{2}[.-]\d{4}(?!\d)"),
    ),
    DetailKind.PLATE: (
        regex.compile(rf"(?<![\w-]){PLATE_LETTERS}[ -]?\d{{3}}[ -]?{PLATE_LETTERS}(?![\w-])"),
        regex.compile(rf"(?<![\w-])(?i:{PLATE_LETTERS}-\d{{3}}-{PLATE_LETTERS})(?![\w-])"),
        regex.compile(r"(?<![\w-])\d{2,4}[ -][A-HJ-NP-TV-Z]{2,3}[ -](?:\d{2}|2[AB])(?![\w-])"),
    ),
    DetailKind.ADDRESS: (
        # A number before a street in the singular is a house; a count would be in the plural ("3 rues").
        regex.compile(
            rf"(?<![\d.,/]|\bn°\s)(?:[2-9]|[1-9]\d|[1-9]\d\d|1(?=,?\s\S+\s(?:{LITTLE}\s?){{0,3}}\p{{Lu}}))"
            rf"(?:\s?(?:bis|ter|quater)\b)?,?\s(?i:{STREETS})\s{NAMED}"
        ),
        regex.compile(rf"(?<![\d.,])[1-9]\d{{0,3}}[A-Za-z]?\s(?:\p{{Lu}}[\p{{L}}'’-]{{1,30}}\s){{1,3}}{STREET_ENDS}\b"),
    ),
    DetailKind.NAME: (
        regex.compile(
            rf"(?<![\p{{L}}\d]){TITLES}\s(?:{PARTICLES}\s){{0,2}}"
            rf"(?!{OFFICES}\b)\p{{Lu}}[\p{{L}}'’-]{{1,30}}(?:\s\p{{Lu}}[\p{{L}}'’-]{{1,30}}){{0,2}}"
        ),
    ),
    DetailKind.HANDLE: (regex.compile(r"(?<![\w/.@<+-])@(?!(?:everyone|here|channel|tous|all)\b)[A-Za-z]\w{2,30}"),),
}
"""Every repeat is bounded, so reading is linear however hostile the text."""


def personal_details(text: str) -> tuple[Detail, ...]:
    """The personal details in a cleaned text, in the order they stand in it, each once."""
    found: dict[int, Detail] = {}
    for kind, patterns in RULES.items():
        for match in (match for pattern in patterns for match in pattern.finditer(text)):
            found.setdefault(match.start(), Detail(kind, match.group()))
    return tuple(dict.fromkeys(found[start] for start in sorted(found)))
