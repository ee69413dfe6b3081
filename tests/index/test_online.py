"""`compatcheck deps --online` against servers on loopback: what they answer, and what they do not."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from compatcheck.cli import main
from compatcheck.index import Client, Configured, configured
from compatcheck.index.client import Limits
from compatcheck.index.store import Store

JSON = "application/vnd.pypi.simple.v1+json"
FILES = [
    ("thing-1.0-py3-none-any.whl", ">=3.7", False),
    ("thing-2.0-py3-none-any.whl", ">=3.10", False),
    ("thing-3.0-py3-none-any.whl", ">=3.7", True),
    ("thing-4.0rc1-py3-none-any.whl", ">=3.7", False),
]
Answer = Callable[[BaseHTTPRequestHandler], None]


def as_json(handler: BaseHTTPRequestHandler) -> None:
    files = [{"filename": name, "url": name, "requires-python": asked, "yanked": gone} for name, asked, gone in FILES]
    send(handler, 200, JSON, json.dumps({"files": files}).encode())


def as_html(handler: BaseHTTPRequestHandler) -> None:
    """As mirrors answer, whatever they are asked for."""
    links = "".join(
        f'<a href="../../x/{name}#sha256=00" data-requires-python="{asked.replace(">", "&gt;")}"'
        f"{' data-yanked=bad' if gone else ''}>{name}</a>"
        for name, asked, gone in FILES
    )
    send(handler, 200, "text/html; charset=utf-8", f"<html><body>{links}</body></html>".encode())


def send(handler: BaseHTTPRequestHandler, status: int, kind: str, body: bytes, **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(body)


class Index:
    """A server whose answer a test chooses; `asked` are the paths and headers of the requests."""

    def __init__(self) -> None:
        self.answer: Answer = as_json
        self.asked: list[tuple[str, dict[str, str]]] = []
        index = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                index.asked.append((self.path, dict(self.headers)))
                try:
                    index.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02})
        self.thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/simple"

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def index() -> Iterator[Index]:
    made = Index()
    yield made
    made.close()


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("PIP_INDEX_URL", "PIP_EXTRA_INDEX_URL", "PIP_CERT", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "p").mkdir()
    (tmp_path / "p" / "requirements.txt").write_text("thing>=1\n")
    monkeypatch.chdir(tmp_path / "p")
    return tmp_path / "p"


def deps(capsys: pytest.CaptureFixture[str], url: str, *argv: str) -> tuple[int, Any]:
    capsys.readouterr()
    code = main(["deps", "--target", "3.9-3.10", "--online", "--index-url", url, "--format", "json", *argv])
    return code, json.loads(capsys.readouterr().out)


@pytest.mark.parametrize("answer", [as_json, as_html])
def test_the_newest_release_for_each_target(
    answer: Answer, index: Index, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index.answer = answer
    code, data = deps(capsys, index.url)
    cells = data["dependencies"][0]["runtimes"]
    assert (code, cells["3.9"]["newest"], cells["3.10"]["newest"]) == (0, "1.0", "2.0")
    assert [path for path, _ in index.asked] == ["/simple/thing/"]
    assert JSON in index.asked[0][1]["Accept"]


def test_no_release_fits(index: Index, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("thing>=2,<4\n")
    code, data = deps(capsys, index.url)
    (finding,) = data["findings"]
    assert (code, finding["rule"], finding["fails_on"]) == (1, "dependency-has-no-version", ["3.9"])
    assert finding["instead"] == "On 3.9 at most thing 1.0."


def test_a_pin_is_judged_by_its_files(index: Index, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "requirements.txt").write_text("thing==2.0\n")
    data = deps(capsys, index.url)[1]
    assert [(one["rule"], one["fails_on"]) for one in data["findings"]] == [("dependency-excludes-python", ["3.9"])]


def test_kept_pages_are_asked_for_no_more_and_then_by_their_tag(index: Index, tmp_path: Path) -> None:
    def tagged(handler: BaseHTTPRequestHandler) -> None:
        if handler.headers.get("If-None-Match") == '"1"':
            send(handler, 304, JSON, b"")
        else:
            send(handler, 200, JSON, json.dumps({"files": [{"filename": "thing-1.0.tar.gz"}]}).encode(), ETag='"1"')

    index.answer = tagged
    for fresh, count in ((600.0, 1), (600.0, 1), (0.0, 2)):
        client = Client(Configured((index.url,)), Store(tmp_path), Limits(fresh=fresh))
        found, troubles = client.ask(["thing"])
        assert ([file.name for file in found["thing"]], troubles) == (["thing-1.0.tar.gz"], [])
        assert len(index.asked) == count
    assert index.asked[-1][1]["If-None-Match"] == '"1"'


def _status(status: int) -> Answer:
    return lambda handler: send(handler, status, "text/plain", b"no")


def _circle(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 302, "text/plain", b"", Location=handler.path)


def _huge(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, "text/html", b"x" * (1 << 20))


def _slow(handler: BaseHTTPRequestHandler) -> None:
    time.sleep(0.6)


def _dripping(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    for _ in range(40):
        handler.wfile.write(b"x")
        handler.wfile.flush()
        time.sleep(0.05)
    handler.close_connection = True


def _broken(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, JSON, b'{"files": [')


def _picture(handler: BaseHTTPRequestHandler) -> None:
    send(handler, 200, "image/png", b"x")


TROUBLES: dict[str, tuple[Answer, str]] = {
    "500": (_status(500), "answered 500"),
    "403": (_status(403), "answered 403"),
    "circle": (_circle, "in circles"),
    "huge": (_huge, "larger than"),
    "slow": (_slow, "in time"),
    "dripping": (_dripping, "in time"),
    "broken JSON": (_broken, "broken JSON"),
    "no page": (_picture, "image/png"),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_what_is_not_answered_is_said(name: str, index: Index, tmp_path: Path) -> None:
    index.answer, words = TROUBLES[name]
    limits = Limits(answer=0.3, all=5, page=1 << 16, retries=1, pause=0.01)
    began = time.monotonic()
    found, (trouble,) = Client(Configured((index.url,)), Store(tmp_path / "kept"), limits).ask(["thing"])
    assert found == {} and words in trouble.reason and index.url not in trouble.reason
    assert time.monotonic() - began < 5
    assert not (tmp_path / "kept").exists()  # what is no page is not kept


def test_a_second_try_may_help(index: Index, tmp_path: Path) -> None:
    def moody(handler: BaseHTTPRequestHandler) -> None:
        as_json(handler) if len(index.asked) > 1 else send(handler, 503, "text/plain", b"")

    index.answer = moody
    found, troubles = Client(Configured((index.url,)), Store(tmp_path), Limits(pause=0.01)).ask(["thing"])
    assert len(found["thing"]) == 4 and not troubles


def test_an_index_that_is_down_is_exit_3(index: Index, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    url = index.url
    index.answer = _status(403)
    code, data = deps(capsys, url)
    assert code == 3
    assert data["unreadable"] == [{"path": "package thing", "reason": "the index answered 403"}]


def test_a_package_that_the_index_does_not_have(
    index: Index, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    index.answer = _status(404)
    code, data = deps(capsys, index.url)
    assert (code, data["unreadable"]) == (0, [])


def test_redirects_lose_the_password_where_they_leave_the_host(tmp_path: Path, index: Index) -> None:
    other = Index()
    try:
        index.answer = lambda handler: send(handler, 302, "text/plain", b"", Location=f"{other.url}{handler.path}")
        url = index.url.replace("http://", "http://user:secret@")
        found, _ = Client(Configured((url,)), Store(tmp_path)).ask(["thing"])
        assert len(found["thing"]) == 4
        assert "authorization" in map(str.lower, index.asked[0][1])
        assert "authorization" not in map(str.lower, other.asked[0][1])
        assert "secret" not in "".join(path.read_text() for path in tmp_path.iterdir())
    finally:
        other.close()


def test_the_index_is_the_users_never_the_projects(tmp_path: Path) -> None:
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text("[global]\nindex-url = https://mine.example/simple/\n")
    environ = {"XDG_CONFIG_DIRS": str(tmp_path / "none")}
    assert configured(None, environ, tmp_path).urls[0] == "https://mine.example/simple"
    both = {**environ, "PIP_INDEX_URL": "https://variable.example/simple"}
    assert configured(None, both, tmp_path).urls[0] == "https://variable.example/simple"
    assert configured("https://option.example/", both, tmp_path).urls == ("https://option.example",)
