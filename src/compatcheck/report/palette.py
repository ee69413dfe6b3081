"""Styles for a terminal by the part they dress; without colour nothing is imported and text stays as it is."""

from __future__ import annotations

from collections.abc import Callable

Paint = Callable[[str, str], str]

STYLES = {
    "path": "bold underline",
    "error": "bold red",
    "warning": "yellow",
    "info": "cyan",
    "rule": "dim",
    "gutter": "dim",
    "instead": "green",
    "good": "green",
    "strong": "bold",
}


def paint_for(color: bool) -> Paint:
    """A function (text, part) to the dressed text."""
    return _coloured() if color else lambda text, _part: text


def _coloured() -> Paint:
    from rich.color import ColorSystem
    from rich.style import Style

    styles = {part: Style.parse(definition) for part, definition in STYLES.items()}

    def paint(text: str, part: str) -> str:
        style = styles.get(part)
        return style.render(text, color_system=ColorSystem.STANDARD) if style else text

    return paint
