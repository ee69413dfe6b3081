"""Newer CPythons and Python's documentation from Debian's packages, unpacked into the cache and never installed.

Works where apt-get does; elsewhere pyodide alone stands for the versions that no interpreter here has.
"""

import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tools.stdlib import cache

KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
SUITE = "sid"
VERSIONS = ("3.13", "3.14", "3.15")  # 3.13 to tell what these builds leave out
LIBRARIES = ["libc6", "libexpat1", "libffi8", "libbz2-1.0", "liblzma5", "libncursesw6", "libtinfo6", "libreadline8t64"]
LIBRARIES += ["libsqlite3-0", "libssl3t64", "libuuid1", "zlib1g", "libdb5.3t64", "libzstd1", "libgcc-s1", "libgdbm6t64"]
DOCUMENTED = ("3.11", "3.13", "3.15")  # the oldest still describes what was removed later
SECONDS = 600


def pythons() -> dict[str, tuple[str, ...]]:
    """Version -> the command that starts it; empty where there is no apt-get."""
    if not shutil.which("apt-get"):
        return {}
    root = cache.folder() / "debian"
    if not all((root / "usr" / "bin" / f"python{version}").exists() for version in VERSIONS):
        unpack(package_names(), SUITE, root)
    libraries = next((root / "usr" / "lib").glob("*-linux-gnu"))
    loader = str(next((root / "usr").glob("lib*/ld-linux*")))
    start = (loader, "--library-path", str(libraries))
    return {version: (*start, str(root / "usr" / "bin" / f"python{version}")) for version in VERSIONS}


def package_names() -> list[str]:
    parts = ("python{}", "python{}-minimal", "libpython{}-stdlib", "libpython{}-minimal")
    return [part.format(version) for version in VERSIONS for part in parts] + LIBRARIES


def documentation() -> list[Path]:
    """Folders of the HTML pages, the newest last."""
    found = []
    for version in DOCUMENTED:
        root = cache.folder() / f"documentation-{version}"
        pages = root / "usr" / "share" / "doc" / f"python{version}" / "html"
        if not pages.exists() and shutil.which("apt-get"):
            unpack([f"python{version}-doc"], "" if version == DOCUMENTED[0] else SUITE, root)
        if pages.exists():
            found.append(pages)
    return found


def unpack(packages: Iterable[str], suite: str, root: Path) -> None:
    """Downloads packages and unpacks them below `root`; the machine's own apt state stays as it is."""
    downloads = root.with_name(f"{root.name}-packages")
    downloads.mkdir(exist_ok=True)
    options = suite_options(suite) if suite else []
    wanted = [f"{package}/{suite}" if suite else package for package in packages]
    subprocess.run(["apt-get", *options, "download", "-q", *wanted], cwd=downloads, check=True, timeout=SECONDS)
    for package in downloads.glob("*.deb"):
        subprocess.run(["dpkg-deb", "-x", str(package), str(root)], check=True, timeout=SECONDS)


def suite_options(suite: str) -> list[str]:
    """apt options for another suite of the mirror that this machine already uses, with lists of its own."""
    home = cache.folder() / "apt"
    for needed in ("lists/partial", "cache/archives/partial"):
        (home / needed).mkdir(parents=True, exist_ok=True)
    asked = ["apt-get", "indextargets", "--format", "$(SITE)", "Origin: Debian", "Label: Debian"]
    answer = subprocess.run(asked, check=True, timeout=SECONDS, capture_output=True, text=True).stdout
    signed = f"[signed-by={KEYS}] " if KEYS.exists() else ""
    (home / "sources.list").write_text(f"deb {signed}{answer.split()[0]} {suite} main\n", encoding="utf-8")
    paths = {"Dir::Etc::sourcelist": "sources.list", "Dir::State::lists": "lists", "Dir::Cache": "cache"}
    options = [f"-o={key}={home / place}" for key, place in paths.items()] + ["-o=Dir::Etc::sourceparts=-"]
    subprocess.run(["apt-get", *options, "update", "-q"], check=True, timeout=SECONDS, capture_output=True)
    return options
