"""Microsoft Teams: what arrives from it, how screens are drawn there, what is sent."""
