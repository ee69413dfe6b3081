"""Asks a Skulpt, which someone has and names the folder of, what it compiles and what it has."""
