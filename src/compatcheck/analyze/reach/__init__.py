"""Which runtimes get to a place: version tests, early exits, try/except, and everything that stands for them."""
