"""What someone probably meant."""

from __future__ import annotations

from collections.abc import Iterable


def hint(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """`; did you mean 'x'?`, or the other hint when nothing comes near."""
    from difflib import get_close_matches

    near = get_close_matches(word, list(known), 1, 0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    return f"; {otherwise}" if otherwise else ""
