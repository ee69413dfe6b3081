"""Runs inside an interpreter: prints what its Unicode database knows, as compressed JSON in lines."""

import base64
import json
import sys
import unicodedata
import zlib

# The formal aliases of NameAliases.txt that came after Unicode 9, and some older ones as a check.
ALIASES = """HANGUL JONGSEONG YESIEUNG-KIYEOK;HANGUL JONGSEONG YESIEUNG-SSANGKIYEOK;HANGUL JONGSEONG SSANGYESIEUNG
HANGUL JONGSEONG YESIEUNG-KHIEUKH;FVS4;SUNDANESE LETTER ARCHAIC I;MYANMAR LETTER KHAMTI LLA
BAMUM LETTER PHASE-A MAEMGBIEE;MEDEFAIDRIN CAPITAL LETTER H;MEDEFAIDRIN CAPITAL LETTER NG;MEDEFAIDRIN SMALL LETTER H
MEDEFAIDRIN SMALL LETTER NG;HENTAIGANA LETTER E-1;EM;ARABIC SMALL HIGH LIGATURE ALEF WITH YEH BARREE
LATIN SMALL LETTER GHA;NBSP;VS256"""


def ranges(points):  # type: (list[int]) -> list[list[int]]
    found = []  # type: list[list[int]]
    for point in points:
        if found and found[-1][1] == point - 1:
            found[-1][1] = point
        else:
            found.append([point, point])
    return found


def known(name):  # type: (str) -> bool
    try:
        unicodedata.lookup(name)
    except KeyError:
        return False
    return True


def probe():  # type: () -> dict[str, object]
    every = [chr(point) for point in range(0x80, sys.maxunicode + 1)]
    names = {}  # type: dict[str, int]
    coded = {"CJK": [], "TANGUT": []}  # type: dict[str, list[int]]
    for char in every:
        name = unicodedata.name(char, "")
        if name.startswith(("CJK UNIFIED IDEOGRAPH-", "TANGUT IDEOGRAPH-")):
            coded[name.split()[0]].append(ord(char))
        elif name and not name.startswith("HANGUL SYLLABLE "):
            names[name] = ord(char)
    found = {kind: ranges(points) for kind, points in coded.items()}  # type: dict[str, object]
    found["names"] = sorted(names) + [alias for alias in ALIASES.replace("\n", ";").split(";") if known(alias)]
    found["start"] = ranges([ord(char) for char in every if char.isidentifier()])
    found["continue"] = ranges([ord(char) for char in every if ("a" + char).isidentifier()])
    return found


TEXT = base64.b64encode(zlib.compress(json.dumps(probe()).encode("ascii"), 9)).decode("ascii")
for index in range(0, len(TEXT), 1000):
    print(TEXT[index : index + 1000])
