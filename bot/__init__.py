"""The core of ideahunt: what a hunt is and what may happen to it; it knows no platform and no database."""
