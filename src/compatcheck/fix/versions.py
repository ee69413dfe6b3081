"""Version specifiers of findings to tests of `sys.version_info`."""

from __future__ import annotations

from compatcheck.fix.refusal import Refused


def test_for(specifier: str) -> str:
    """`>= (3, 9)` for `>=3.9`, `< (3, 12)` for `<3.12`. Raises Refused for what one comparison cannot say."""
    parts = [part for part in specifier.split(",") if part != ">=3.0"]
    if len(parts) != 1 or parts[0][:2] == "!=":
        raise Refused(f"it works on {specifier} only")
    sign = ">=" if parts[0].startswith(">=") else "<"
    major, minor = parts[0].removeprefix(sign).split(".")
    return f"{sign} ({major}, {minor})"


def words_for(specifier: str) -> str:
    """`3.9 or newer` for `>=3.9`, `older than 3.12` for `<3.12`."""
    parts = [part for part in specifier.split(",") if part != ">=3.0"]
    return " and ".join(
        f"{part[2:]} or newer" if part.startswith(">=") else f"older than {part.lstrip('<')}" for part in parts
    )


def marker_for(specifier: str) -> str:
    """The environment marker of the versions that do not work: `python_version < "3.9"` for `>=3.9`."""
    test = test_for(specifier)
    sign, major, minor = test.partition(" ")[0], *test.partition("(")[2].rstrip(")").split(", ")
    return f'python_version {"<" if sign == ">=" else ">="} "{major}.{minor}"'
