"""How fast and how large ideahunt is, each figure beside a floor measured in the same run."""
