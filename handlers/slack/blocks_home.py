"""Where a person starts: the hub of a hunt, and their home page."""

from __future__ import annotations

from bot.domain.hunt import Phase
from bot.screens import Button, Deed, Home, HomeHunt, Hub
from bot.words import Raw
from handlers.desk.targets import ExportTarget, RoundTarget
from handlers.slack import blocks, markup
from handlers.slack.blocks import Json
from handlers.slack.pen import Pen, lead_buttons

MOST_HUNTS = 15


def hub(screen: Hub, pen: Pen) -> list[Json]:
    """What this person can do with the hunt of a room now."""
    hunt = screen.hunt
    told = [pen.say("hub.phase", phase=hunt.phase), " · ".join(_figures(screen, pen))]
    if screen.dots_left is not None and screen.dots_total is not None:
        told.append(pen.say("hub.dots", n=screen.dots_left, total=screen.dots_total))
    if screen.mine:
        told.append(pen.say("hub.mine", n=screen.mine))
    foot = pen.buttons([Button(Deed.SETTINGS, screen.room), Button(Deed.HELP, screen.room)])
    question = blocks.header(markup.one_line(hunt.question, blocks.MOST_HEADER))
    mine = pen.buttons(_own(screen))
    return [question, blocks.section("\n".join(told)), *mine, *_leading(screen, pen), blocks.divider(), *foot]


def _figures(screen: Hub, pen: Pen) -> list[str]:
    told = [pen.say("count.ideas", n=screen.hunt.ideas), pen.say("count.voices", n=screen.hunt.voices)]
    if screen.hunt.phase in {Phase.VOTING, Phase.CLOSED} and screen.hunt.round is not None:
        told.append(pen.say("count.turnout", n=screen.voters, eligible=screen.eligible))
    return told


def _own(screen: Hub) -> list[Button]:
    hunt = screen.hunt
    row: list[Button] = []
    if screen.dots_left is not None:
        row.append(Button(Deed.VOTE, hunt.id, main=True))
        row += [Button(Deed.DECLINE, RoundTarget(hunt.id, hunt.round).pack())] if hunt.round is not None else []
    if hunt.takes_ideas:
        row.append(Button(Deed.ADD_IDEA, hunt.id, main=True))
    if hunt.phase is Phase.CLOSED and hunt.round is not None:
        row.append(Button(Deed.RESULTS, screen.room, main=True))
    if hunt.shows_ideas:
        row.append(Button(Deed.SEE_ALL, hunt.id))
    row.append(Button(Deed.MY_IDEAS, hunt.id))
    return [*row, Button(Deed.NEW_HUNT, screen.room)] if hunt.phase is Phase.CLOSED else row


def _leading(screen: Hub, pen: Pen) -> list[Json]:
    """The facilitators' part: only they see it, and the core checks again."""
    hunt = screen.hunt
    if screen.leaderless:
        return [pen.section("hub.leaderless"), *pen.buttons([Button(Deed.TAKE_OVER, hunt.id, confirm=True)])]
    if not screen.leads:
        return []
    told = [pen.say("hub.lead")]
    told += [pen.say("hub.unsorted", n=screen.unsorted)] if screen.unsorted and hunt.shows_ideas else []
    told += [pen.say("hub.duplicates", n=screen.duplicates)] if screen.duplicates else []
    told += [pen.say("hub.tied", n=screen.tied)] if screen.tied else []
    if screen.themes_chosen is not None:
        told.append(pen.say("hub.themes_chosen" if screen.themes_chosen else "hub.themes_none", n=screen.themes_chosen))
    steps = lead_buttons(hunt, voters=screen.voters, eligible=screen.eligible)
    steps = [Button(Deed.RUN_OFF, hunt.id, main=True, confirm=True), *steps] if screen.tied else steps
    steps = [*steps, Button(Deed.OPEN_VOTE, hunt.id, main=True)] if screen.themes_chosen is not None else steps
    return [
        blocks.divider(),
        blocks.section("\n".join(told)),
        *pen.buttons(steps),
        *pen.buttons(_grouping(screen)),
        *pen.buttons([Button(Deed.SHARE, hunt.id), Button(Deed.ROLES, hunt.id), *_exports(screen)]),
    ]


def _grouping(screen: Hub) -> list[Button]:
    hunt = screen.hunt
    if hunt.phase is not Phase.REVEALED:
        row = [Button(Deed.THEMES, hunt.id)] if hunt.takes_ideas else []
    else:
        row = [Button(deed, hunt.id) for deed in (Deed.SORT, Deed.DUPLICATES, Deed.THEMES)]
    return [*row, Button(Deed.ROOMS, hunt.id)] if hunt.phase is not Phase.CLOSED else row


def _exports(screen: Hub) -> list[Button]:
    if not screen.hunt.shows_ideas:
        return []
    return [
        Button(Deed.EXPORT, ExportTarget(screen.hunt.id, form).pack(), facts={"format": form.upper()})
        for form in ("csv", "md", "json", "html")
    ]


def home(screen: Home, pen: Pen) -> list[Json]:
    """A person's page: what waits for them, open hunts, past hunts, and what ideahunt can see."""
    row = [Button(Deed.NEW_HUNT, main=True), Button(Deed.ADD_IDEA), Button(Deed.SETTINGS), Button(Deed.HELP)]
    top = [blocks.header(pen.plain("home.title"))]
    top += [pen.section("home.welcome")] if screen.first_visit else []
    return [
        *top,
        *pen.buttons(row),
        *_hunts("home.open", screen.open, pen),
        *_hunts("home.past", screen.past, pen),
        blocks.divider(),
        pen.context("home.sees"),
    ]


def _hunts(title: str, hunts: tuple[HomeHunt, ...], pen: Pen) -> list[Json]:
    if not hunts:
        return [] if title == "home.past" else [blocks.divider(), pen.section("home.none")]
    rows = [block for one in hunts[:MOST_HUNTS] for block in _hunt(one, pen)]
    return [blocks.divider(), blocks.header(pen.plain(title)), *rows]


def _hunt(one: HomeHunt, pen: Pen) -> list[Json]:
    hunt = one.hunt
    told = [pen.say("digest.hunt", question=Raw(markup.one_line(hunt.question)), phase=hunt.phase)]
    small = [pen.say("count.ideas", n=hunt.ideas)]
    small += [pen.say("hub.mine", n=one.mine)] if one.mine else []
    small += [pen.say("home.leads")] if one.leads else []
    told.append(" · ".join(small))
    if one.dots_left:
        told.append(pen.say("home.dots", n=one.dots_left))
    return [blocks.section("\n".join(told)), *pen.buttons(_doors(one))]


def _doors(one: HomeHunt) -> list[Button]:
    hunt, room = one.hunt, one.room or ""
    row: list[Button] = []
    if one.dots_left is not None:
        row.append(Button(Deed.VOTE, hunt.id, main=bool(one.dots_left)))
    if hunt.takes_ideas:
        row.append(Button(Deed.ADD_IDEA, hunt.id))
    if hunt.phase is Phase.CLOSED and room:
        row.append(Button(Deed.RESULTS, room))
    if room and hunt.phase is not Phase.CLOSED:
        row.append(Button(Deed.HUB, room))
    return row
