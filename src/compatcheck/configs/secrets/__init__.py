"""Secrets: found in texts, masked in what is reported; `.env` files against what a project declares."""
