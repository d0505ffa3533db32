"""The doors of ideahunt: chat platforms, the wall page and the clock."""
