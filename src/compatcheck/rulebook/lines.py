"""A large table of texts by name that costs nothing to load: sorted lines, and where each of them begins."""

from __future__ import annotations

import sys
from array import array
from collections.abc import Iterator, Mapping


def sorted_lines(table: Mapping[str, str]) -> bytes:
    """The table as bytes: the number of lines, their offsets, the lines. Neither names nor texts hold line ends."""
    lines = sorted(f"{name}\t{text}\n".encode() for name, text in table.items())
    offsets, at = array("I"), 0
    for line in lines:
        offsets.append(at)
        at += len(line)
    if sys.byteorder == "big":
        offsets.byteswap()
    return b"%d\n" % len(lines) + offsets.tobytes() + b"".join(lines)


class Lines(Mapping[str, str]):
    """Reads what `sorted_lines` wrote; raises ValueError for anything else."""

    def __init__(self, data: bytes) -> None:
        head = data.index(b"\n") + 1
        self._offsets = array("I")
        body = head + int(data[:head]) * self._offsets.itemsize
        self._offsets.frombytes(data[head:body])
        if sys.byteorder == "big":
            self._offsets.byteswap()
        self._lines = data[body:]

    def __getitem__(self, name: str) -> str:
        key, lines = name.encode() + b"\t", self._lines
        low, high = 0, len(self._offsets)
        while low < high:
            middle = (low + high) // 2
            at = self._offsets[middle]
            if lines.startswith(key, at):
                return lines[at + len(key) : lines.index(b"\n", at)].decode()
            if lines[at : at + len(key)] < key:
                low = middle + 1
            else:
                high = middle
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        for at in self._offsets:
            yield self._lines[at : self._lines.index(b"\t", at)].decode()

    def __len__(self) -> int:
        return len(self._offsets)
