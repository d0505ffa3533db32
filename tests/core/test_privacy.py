"""Personal details pointed out before others read them, and what must not be taken for one."""

from __future__ import annotations

import time

import pytest

from bot.privacy import DetailKind, personal_details


@pytest.mark.parametrize(
    ("text", "kind", "words"),
    [
        ("Appelez le 06 12 34 56 78 après 18 h", DetailKind.PHONE, "06 12 34 56 78"),
        ("Appelez le 0612345678.", DetailKind.PHONE, "0612345678"),
        ("mon numéro : 06.12.34.56.78", DetailKind.PHONE, "06.12.34.56.78"),
        ("joignable au +33 6 12 34 56 78", DetailKind.PHONE, "+33 6 12 34 56 78"),
        ("joignable au +33 (0)6 12 34 56 78", DetailKind.PHONE, "+33 (0)6 12 34 56 78"),
        ("call me on +44 20 7946 0958", DetailKind.PHONE, "+44 20 7946 0958"),
        ("call me on 020 7946 0958", DetailKind.PHONE, "020 7946 0958"),
        ("call (415) 555-2671 now", DetailKind.PHONE, "(415) 555-2671"),
        ("écrivez à ines.r+labo@ville-exemple.fr !", DetailKind.EMAIL, "ines.r+labo@ville-exemple.fr"),
        ("toujours garée là : AB-123-CD", DetailKind.PLATE, "AB-123-CD"),
        ("toujours garée là : ab-123-cd", DetailKind.PLATE, "ab-123-cd"),
        ("la camionnette 1234 WX 59 bloque", DetailKind.PLATE, "1234 WX 59"),
        ("Le fils de la dame du 12 rue des Saules vient", DetailKind.ADDRESS, "12 rue des Saules"),
        ("au 12 bis, rue des saules", DetailKind.ADDRESS, "12 bis, rue des saules"),
        ("au 3 avenue de l’Yser", DetailKind.ADDRESS, "3 avenue de l’Yser"),
        ("au 1 place Jean Bart", DetailKind.ADDRESS, "1 place Jean Bart"),
        ("the people at 221B Baker Street", DetailKind.ADDRESS, "221B Baker Street"),
        ("M. Dupont n’entretient rien", DetailKind.NAME, "M. Dupont"),
        ("demandez à Mme de La Fontaine", DetailKind.NAME, "Mme de La Fontaine"),
        ("Mr Smith never answers", DetailKind.NAME, "Mr Smith"),
        ("Madame Émilie Martin gare sa voiture", DetailKind.NAME, "Madame Émilie Martin"),
        ("vu avec @jean_dupont hier", DetailKind.HANDLE, "@jean_dupont"),
    ],
)
def test_points_out_a_personal_detail_with_its_words(text: str, kind: DetailKind, words: str) -> None:
    assert [(detail.kind, detail.words) for detail in personal_details(text)] == [(kind, words)]


@pytest.mark.parametrize(
    "text",
    [
        "Tracer un sentier fléché de 20, 40 ou 60 minutes au départ du parking.",
        "Allée du ruisseau : 1,80 m de large, promeneurs et VTT s’y croisent.",
        "Presque tout le monde reste à moins de 300 m du parking.",
        "Ouvrir un numéro unique, avec une réponse sous 48 heures.",
        "Fermer 3 rues le dimanche",
        "Ajouter 20 places de parking et 1 allée cavalière",
        "Prévoir 1 chemin de plus pour les poussettes",
        "Un budget de 10 000 000 euros sur 2025-2026",
        "Le 21 mars 2018 à 15:45, 200 participants",
        "Inviter Monsieur le Maire et Madame la Présidente",
        "M. le maire et Monsieur Tout-le-monde",
        "Piste cyclable rue des Saules et avenue Foch",
        "Ouvrir de 09:00 à 12:30 et de 14 h à 18 h",
        "Version 10.0.12.34 du plan",
        "Le bus 12 passe par la place de la mairie",
        "prévenir @tous et <@U012AB3CD>",
        "Ligne A7-12, quai 3",
    ],
)
def test_leaves_an_ordinary_idea_alone(text: str) -> None:
    assert personal_details(text) == ()


def test_tells_every_detail_once_in_the_order_of_the_text() -> None:
    text = "M. Dupont, 12 rue des Saules, 06 12 34 56 78, oui, 06 12 34 56 78"
    assert [detail.words for detail in personal_details(text)] == ["M. Dupont", "12 rue des Saules", "06 12 34 56 78"]


@pytest.mark.parametrize(
    "hostile",
    [
        "1" * 50_000,
        "0 " * 25_000,
        "a@" * 25_000,
        "a." * 25_000,
        "12 rue " * 7_000,
        "M. De la " * 5_000,
        "A" * 50_000,
        "1 A " * 12_000,
    ],
)
def test_hostile_text_is_read_in_the_time_of_its_length(hostile: str) -> None:
    start = time.perf_counter()
    personal_details(hostile)
    assert time.perf_counter() - start < 1.5
