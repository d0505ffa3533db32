"""What people do in Teams, from the launch to the result, in Teams' own manner."""

from __future__ import annotations

from tests.handlers.teams.town import Town, play


def test_a_hunt_goes_from_launch_to_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        assert "How might we make mornings calmer?" in board.said
        sent = await town.add(town.bruno, "Open the school gate ten minutes earlier")
        assert sent.task is not None
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)
