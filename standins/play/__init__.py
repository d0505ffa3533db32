"""Plays a day of people through the stand-in for Slack: commands, clicks, forms, messages and the clock."""
