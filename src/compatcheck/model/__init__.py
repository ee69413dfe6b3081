"""The values that the stages hand to each other: frozen, without behaviour that reads files, clocks or settings."""
