"""Strict stand-ins for the outside world, used by the tests and by the demo."""
