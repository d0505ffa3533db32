"""Grouping measured on labelled sets, ours beside its peers on the same hunts."""
