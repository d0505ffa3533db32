"""The hunt as one web page to project on a wall or to print: no network, no script, nothing to install."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from bot.reports.report import HuntReport
from bot.reports.wall import wall

if TYPE_CHECKING:
    from jinja2 import Environment, Template


def page(report: HuntReport) -> str:
    """The whole page as text; everything people typed is escaped by the template."""
    return _template().render(wall=wall(report))


@cache
def _template() -> Template:
    return shelf().get_template("board.html")


@cache
def shelf() -> Environment:
    """Where the templates of pages lie; everything they are given is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("bot.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
