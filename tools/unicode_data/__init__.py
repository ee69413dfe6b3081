"""Makes the tables of names and identifier characters that are younger than Python 3.6, from real interpreters."""
