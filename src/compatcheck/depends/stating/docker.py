"""Dockerfiles: the Python of the image that they are built from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from compatcheck.depends.stating.reading import Reading
from compatcheck.depends.text import Text
from compatcheck.depends.versions import Versions
from compatcheck.model.declared import Blank, Stated

NAMES = ("Dockerfile", "Dockerfile.*", "*.Dockerfile", "docker/Dockerfile", "Containerfile")
_FROM = re.compile(r"^[ \t]*FROM[ \t]+(?:--\S+[ \t]+)*(?P<image>\S+)", re.MULTILINE | re.IGNORECASE)
_ARG = re.compile(r"^[ \t]*ARG[ \t]+(?P<name>\w+)=[\"']?(?P<value>[^\s\"']+)", re.MULTILINE | re.IGNORECASE)
_USE = re.compile(r"\$\{?(\w+)\}?")
_IMAGE = re.compile(r"(?:^|/)python:(?P<version>[23]\.\d{1,2}(?:\.\d+)?)(?=[.\-@]|(?:a|b|rc)\d|$)")


def image_version(image: str) -> tuple[int, str] | None:
    """Where an image's name says which Python it holds, and what it says."""
    match = _IMAGE.search(image)
    return (match.start("version"), match["version"]) if match else None


def read(text: Text, versions: Versions) -> Iterator[Stated]:
    reading = Reading(text, versions)
    arguments = {match["name"]: match for match in _ARG.finditer(text.text)}
    for match in _FROM.finditer(text.text):
        image = match["image"]
        used = _USE.search(image)
        if used is None and (found := image_version(image)):
            start = match.start("image") + found[0]
            yield from reading.version("Dockerfile", "runs", found[1], text.place(start, start + len(found[1])))
        elif used is not None and "python:" in image:
            yield from _argument(reading, arguments.get(used[1]))


def _argument(reading: Reading, match: re.Match[str] | None) -> Iterator[Stated]:
    if match is None:
        yield Blank("Dockerfile", "runs")
        return
    version = re.match(r"[23]\.\d{1,2}(?:\.\d+)?(?=[.\-]|$)", match["value"])
    if version is not None:
        start = match.start("value")
        yield from reading.version("Dockerfile", "runs", version[0], reading.text.place(start, start + version.end()))
