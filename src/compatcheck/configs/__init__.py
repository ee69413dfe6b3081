"""Configuration files: what they say, and what is wrong with them. Text in, problems out."""
