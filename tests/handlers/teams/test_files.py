"""Exports in Teams: offered in the personal chat, brought once accepted, told as text where they are not."""

from __future__ import annotations

import pytest

from handlers.teams.files import Files
from standins.teams import Post
from tests.handlers.teams.town import Town, play

GATE = "Open the school gate ten minutes earlier"


async def offered(town: Town) -> Post:
    """Alice asks for the ideas as CSV; the card in her own chat."""
    await town.alice.direct("help")
    await town.launch()
    await town.add(town.bruno, GATE)
    await town.facilitate("deed:reveal")
    await town.alice.mention(town.room, "export csv")
    return await town.teams.until(lambda: next((one for one in town.alice.seen(town.alice.chat) if one.files), None))


def test_an_export_is_brought_once_it_is_accepted(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        card = await offered(town)
        assert (await town.alice.consent(card, agree=True)).status == 200
        (content,) = await town.teams.until(lambda: list(town.teams.desk.uploads.values()))
        assert GATE in content.decode("utf-8")
        await town.teams.until(lambda: "file.info" in card.files[0]["contentType"])
        await town.alice.again()  # Teams repeats an invoke whose answer it did not get
        assert len(town.teams.desk.uploads) == 1
        await town.told(town.alice, "not kept here any more", town.alice.chat)

    play(migrated_sqlite_url, story)


def test_an_export_that_is_declined_comes_as_text(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.alice.consent(await offered(town), agree=False)
        assert GATE in (await town.told(town.alice, "<pre>", town.alice.chat)).said
        assert town.teams.desk.uploads == {}

    play(migrated_sqlite_url, story)


def test_a_file_goes_to_nobody_but_its_person_and_to_no_other_place(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        card = await offered(town)
        await town.bruno.direct("aide")
        await town.bruno.consent(card, agree=True)
        await town.told(town.bruno, "n’est plus gardé ici", town.bruno.chat)
        assert town.teams.desk.uploads == {}
        await town.alice.consent(card, agree=True, where="https://evil.example/upload")
        assert GATE in (await town.told(town.alice, "<pre>", town.alice.chat)).said
        assert town.teams.desk.uploads == {}

    play(migrated_sqlite_url, story)


def test_where_the_app_may_send_no_files_their_text_comes_at_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.teams.desk.no_files = True
        await town.alice.direct("help")
        await town.launch()
        await town.add(town.bruno, GATE)
        await town.facilitate("deed:reveal")
        await town.alice.mention(town.room, "export csv")
        assert GATE in (await town.told(town.alice, "<pre>", town.alice.chat)).said

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    ("url", "brought"),
    [
        ("https://acme-my.sharepoint.com/personal/bruno/_api/upload?guid=1", True),
        ("https://acme-my.sharepoint.us/personal/bruno", True),
        ("http://acme-my.sharepoint.com/personal/bruno", False),
        ("https://acme-my.sharepoint.com:8443/personal/bruno", False),
        ("https://acme-my.sharepoint.com.evil.example/", False),
        ("https://evil.example/.sharepoint.com", False),
        ("https://[", False),
        ("", False),
    ],
)
def test_files_go_to_onedrive_alone(url: str, brought: bool) -> None:
    assert Files().may_go_to(url) is brought
