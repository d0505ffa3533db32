"""Plays a day of people through the stand-in for Slack: commands, clicks, forms, messages and the clock.

`play(slack, bois_des_forts("fr"), clock, tick)` plays the Bois des Forts day and compares every figure;
`day_of_ideas(read_ideas(path), path.name, "fr")` is a day over anybody's ideas.
"""

from __future__ import annotations

from standins.play.any_ideas import NoIdeas, day_of_ideas, read_ideas
from standins.play.clock import PlayClock
from standins.play.day import Day, bois_des_forts
from standins.play.player import Outcome, play

__all__ = ["Day", "NoIdeas", "Outcome", "PlayClock", "bois_des_forts", "day_of_ideas", "play", "read_ideas"]
