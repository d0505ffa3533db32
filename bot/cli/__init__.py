"""The command line, and the one place where core, handlers and storage are put together."""

from __future__ import annotations

import gc


def main() -> None:
    """Runs the command line of this process; ends it with the command's exit code."""
    # Starting makes what stays: looking for garbage meanwhile finds none (a quarter of the CPU of `--help`).
    gc.set_threshold(50_000, 20, 20)
    from bot.cli.app import run

    run()
