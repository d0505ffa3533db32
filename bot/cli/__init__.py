"""The command line, and the one place where core, handlers and storage are put together."""

from __future__ import annotations


def main() -> None:
    """Runs the command line of this process; ends it with the command's exit code."""
    from bot.cli.app import run

    run()
