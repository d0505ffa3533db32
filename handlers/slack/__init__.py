"""Slack: what is said there, and what is drawn there."""
