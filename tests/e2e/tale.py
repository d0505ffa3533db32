"""A whole small hunt as people live it, and what must be true of it however often the bot died meanwhile."""

from __future__ import annotations

from collections import Counter

from tests.e2e.village import Village

CURTAINS, RUBBER, HOURS = "Heavy curtains along the north wall", "Rubber feet for every bench", "Loud work before ten"
LUNCH, SHED = "A silent hour after lunch", "Move the compressor into the shed"


async def hunt(here: Village) -> None:
    """From the launch to the results, while the bot dies now and then."""
    await here.launch()
    await here.reply(here.karim, CURTAINS)
    rubber = await here.reply(here.salome, "Rubber fet for evry bench")
    await here.salome.edit(rubber, RUBBER)
    gone = await here.reply(here.jonas, "Something I should not have said")
    await here.jonas.delete(gone)
    await here.jonas.direct(HOURS)
    await here.type_idea(here.salome, LUNCH)
    await here.reply(here.karim, SHED)
    await here.reveal()
    await here.open_vote()
    await here.vote(here.karim, {CURTAINS: 2, LUNCH: 1})
    await here.vote(here.salome, {LUNCH: 2, SHED: 1})
    await here.vote(here.jonas, {SHED: 1})
    await here.close()
    await here.calm()
    await here.until(lambda: settled(here), 60)  # one whose answer was lost is looked for later than calm looks ahead
    await here.rest()
    expect_nothing_lost_or_doubled(here)


def settled(here: Village) -> bool:
    """Whether no letter of the hunt waits any more."""
    return set(here.records.letters()) <= {"sent", "cancelled"}


def expect_nothing_lost_or_doubled(here: Village) -> None:
    assert Counter(here.records.ideas()) == Counter([CURTAINS, RUBBER, HOURS, LUNCH, SHED])
    (count,) = here.records.rows("SELECT ideas FROM hunt_count")
    assert count.ideas == 5
    assert [message for message in here.said if message not in (here.board, *here.results)] == []
    assert (len(here.results), len(here.tables)) == (1, 1)
    tally = here.records.tally()
    texts = here.records.options()
    assert {texts[rank.option]: rank.dots for rank in tally.ranks if rank.dots} == {CURTAINS: 2, LUNCH: 3, SHED: 2}
    assert here.records.rows("SELECT * FROM round_key") == []
    assert settled(here)
