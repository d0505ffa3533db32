"""A hunt as files: a table, a text, a document for machines and a page for the wall."""

from __future__ import annotations

from bot.reports.report import (
    ClosedRound,
    Coverage,
    HuntReport,
    OpenRound,
    ReportIdea,
    ReportTheme,
    Rules,
)

__all__ = [
    "ClosedRound",
    "Coverage",
    "HuntReport",
    "OpenRound",
    "ReportIdea",
    "ReportTheme",
    "Rules",
]
