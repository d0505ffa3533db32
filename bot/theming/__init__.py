"""Grouping ideas by what they mean and the words they share: local, deterministic, explained. People decide.

With the extra `themes`, small models that read French and English are compared with the words themselves; without it
the words alone are (`LexicalThemer`), and `engine_name` says so. docs/themes.md tells what each reaches.
"""

from bot.theming.lexical import LexicalThemer

__all__ = ["LexicalThemer"]
