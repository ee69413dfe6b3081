"""Makes the lock files of fixtures/locks with the tools that people use: `python -m tools.locks`."""
