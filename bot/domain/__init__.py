"""The rules of a hunt as pure, frozen values: no input or output, no clock, no words."""
