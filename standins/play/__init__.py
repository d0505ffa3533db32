"""Plays a day of people through the stand-in for Slack: commands, clicks, forms, messages and the clock.

`play(slack, bois_des_forts("fr"), clock, tick)` plays the Bois des Forts day and compares every figure.
"""

from __future__ import annotations

from standins.play.clock import PlayClock
from standins.play.day import Day, bois_des_forts
from standins.play.player import Outcome, play

__all__ = ["Day", "Outcome", "PlayClock", "bois_des_forts", "play"]
