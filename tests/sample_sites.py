"""Hand out the dossiers' sample pages by host, when they lie beside the checkout."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

SHARED = Path(__file__).resolve().parents[2] / "shared"
SAMPLES = SHARED / "sites" / "samples"
FINEWS_POST = "/nanfangplus/2021/12/29/NW202112292230310598.html"


def pages() -> dict[tuple[str, str], bytes]:
    """Return (host, path) → bytes of the sample pages."""
    found = {}
    ep18 = SAMPLES / "ep18"
    for file in ep18.rglob("*.html"):
        path = f"/{file.relative_to(ep18).as_posix()}"
        found["ep18.cn", path] = file.read_bytes()
        if path.endswith("/index.html"):
            found["ep18.cn", path.removesuffix("index.html")] = file.read_bytes()
    finews = SAMPLES / "nanfangplus"
    names = {
        "/category/nanfangPlus.html": "finews_category_nanfangPlus.html",
        FINEWS_POST: "finews_post_seed.html",
        "/nanfangplus/2021/12/29/NW202112292229811230.html": "finews_post_table.html",
        "/": "finews_home.html",
    }
    for path, name in names.items():
        found["finews.withounder.com", path] = (finews / name).read_bytes()
    return found


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    pages: dict[tuple[str, str], bytes]

    def do_GET(self) -> None:
        body = self.pages.get((self.headers["Host"].partition(":")[0], self.path))
        self.send_response(200 if body is not None else 404)
        body = body if body is not None else b"not here"
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        return


@contextmanager
def serving() -> Iterator[str]:
    """Serve the sample pages on a port of this machine; yields the address for SVCSAT_REPLICA."""
    handler = type("Handler", (_Handler,), {"pages": pages()})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
