"""A hunt as files: a table, a text, a document for machines and a page for the wall."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.reports.document import document
from bot.reports.markdown import markdown
from bot.reports.page import page
from bot.reports.report import (
    ClosedRound,
    HuntReport,
    OpenRound,
    ReportIdea,
    ReportTheme,
)
from bot.reports.table import table

FORMATS: Mapping[str, str] = {
    "csv": "text/csv",
    "md": "text/markdown",
    "json": "application/json",
    "html": "text/html",
}
"""Every format by its file ending, with its media type; all are written in UTF-8."""
WRITERS: Mapping[str, Callable[[HuntReport], str]] = {
    "csv": table,
    "md": markdown,
    "json": document,
    "html": page,
}


def write(report: HuntReport, form: str) -> str:
    """The report in one of FORMATS. Raises KeyError for another."""
    return WRITERS[form](report)


__all__ = [
    "FORMATS",
    "ClosedRound",
    "HuntReport",
    "OpenRound",
    "ReportIdea",
    "ReportTheme",
    "write",
]
