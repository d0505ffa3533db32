"""Files on their way to a person: the very bytes, or a kind word where files may not be sent."""

from __future__ import annotations

import pytest

from bot.domain.names import PersonId, TenantId
from bot.screens import File
from bot.usecases.post import Outgoing
from handlers.platform import Platform
from tests.handlers.slack.town import Town, play

PDF = b"%PDF-1.7\n\x80\xff\x00 no text in any encoding\n%%EOF"


async def send(town: Town, language: str = "en") -> str:
    """A PDF to Alice; what she reads beside it."""
    await town.launch()
    tenant = TenantId(f"slack:{town.slack.team}")
    with town.storage.look() as unit:
        hunt = unit.hunts.open(tenant)[0]
    file = File("bulletins.pdf", PDF, "application/pdf", hunt)
    platform: Platform = town.bot.office.courier._platforms[tenant]
    letter = Outgoing(file, "a-mark", language, "UTC", person=PersonId(town.alice.id))
    message = await platform.send(letter)
    return next(m.text for m in town.alice.inbox() if m.ts == message)


def test_a_file_that_is_no_text_arrives_byte_for_byte(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        assert "Here is the file bulletins.pdf" in await send(town)
        assert [f["content"] for f in town.slack.desk.files.values()] == [PDF]

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    ("language", "said"), [("en", "could not be attached here. Whoever runs"), ("fr", "ne peut pas être joint ici. La")]
)
def test_a_file_that_is_no_text_is_excused_where_files_may_not_be_sent(
    migrated_sqlite_url: str, language: str, said: str
) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("files.getUploadURLExternal", error="missing_scope", times=5)
        assert said in await send(town, language)
        assert not any("```" in m.text for m in town.alice.inbox())

    play(migrated_sqlite_url, story)
