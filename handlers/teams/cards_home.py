"""Where a person starts: the hub of a hunt, and their home card."""

from __future__ import annotations

from bot.domain.hunt import Phase
from bot.screens import Button, Deed, Home, HomeHunt, Hub
from bot.words import Raw
from handlers.desk.targets import ExportTarget, RoundTarget
from handlers.teams import elements, markup
from handlers.teams.elements import Drawn, Json
from handlers.teams.pen import Pen, lead_buttons, summary

MOST_HUNTS = 10


def hub(screen: Hub, pen: Pen) -> list[Json]:
    """What this person can do with the hunt of a room now."""
    hunt = screen.hunt
    told = [pen.say("hub.phase", phase=hunt.phase), " · ".join(_figures(screen, pen))]
    if screen.dots_left is not None and screen.dots_total is not None:
        told.append(pen.say("hub.dots", n=screen.dots_left, total=screen.dots_total))
    if screen.mine:
        told.append(pen.say("hub.mine", n=screen.mine))
    return [
        elements.heading(markup.typed(markup.one_line(hunt.question))),
        *elements.lines(told),
        *pen.buttons(_own(screen)),
        *_leading(screen, pen),
        *pen.buttons([Button(Deed.SETTINGS, screen.room), Button(Deed.HELP, screen.room)]),
    ]


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
        take = pen.buttons([Button(Deed.TAKE_OVER, hunt.id, confirm=True)])
        return [elements.group([pen.text("hub.leaderless"), *take])]
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
    people = [Button(Deed.SHARE, hunt.id), Button(Deed.ROLES, hunt.id)]
    rows = [row for some in (steps, _grouping(screen), people, _exports(screen)) for row in pen.buttons(some)]
    return [elements.group([*elements.lines(told), *rows])]


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


def home(screen: Home, pen: Pen) -> Drawn:
    """A person's card: what waits for them, open hunts, past hunts, and what ideahunt can see."""
    row = [Button(Deed.ADD_IDEA, main=True), Button(Deed.SETTINGS), Button(Deed.HELP)]
    lead = [pen.say("home.welcome" if screen.first_visit else "teams.home.lead")]
    parts = [
        elements.heading(pen.say("home.title")),
        *elements.lines(lead),
        *pen.buttons(row),
        *_hunts("home.open", screen.open, pen),
        *_hunts("home.past", screen.past, pen),
        pen.small("home.sees"),
    ]
    return Drawn(summary([pen.plain("home.title"), *lead]), parts, [*parts[:3], pen.small("home.sees")])


def _hunts(title: str, hunts: tuple[HomeHunt, ...], pen: Pen) -> list[Json]:
    if not hunts:
        return [] if title == "home.past" else [pen.text("home.none")]
    return [elements.title(pen.say(title)), *(_hunt(one, pen) for one in hunts[:MOST_HUNTS])]


def _hunt(one: HomeHunt, pen: Pen) -> Json:
    hunt = one.hunt
    told = [pen.say("digest.hunt", question=Raw(markup.one_line(hunt.question)), phase=hunt.phase)]
    small = [pen.say("count.ideas", n=hunt.ideas)]
    small += [pen.say("hub.mine", n=one.mine)] if one.mine else []
    small += [pen.say("home.leads")] if one.leads else []
    told.append(" · ".join(small))
    told += [pen.say("home.dots", n=one.dots_left)] if one.dots_left else []
    return elements.group([*elements.lines(told), *pen.buttons(_doors(one))])


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
