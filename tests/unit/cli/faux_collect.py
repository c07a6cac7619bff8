"""A deposit API that answers from a list, on a real socket, for the command's tests."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

STAGES = ("deposees", "enrichies", "indexees", "evaluees")


class FakeCollect:
    """Answers a deposit with the first view, then each reading with the next, the last for ever."""

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        self.answers = list(answers)
        self.received: dict[str, str] = {}
        self.body = b""

    def next(self) -> tuple[int, dict[str, Any]]:
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


def view(done: int, total: int = 3, **changes: Any) -> dict[str, Any]:  # noqa: ANN401
    return {
        "id": "01D",
        "etat": "recu",
        "recu_le": "2026-01-15T08:00:00Z",
        "lignes": {"recues": total, "acceptees": total - 1, "refusees": 1},
        "avancement": dict.fromkeys(STAGES, done),
        **changes,
    }


@contextmanager
def listening(fake: FakeCollect) -> Iterator[str]:
    """Serve `fake` and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            fake.received = {name.lower(): value for name, value in self.headers.items()}
            fake.body = self.rfile.read(int(self.headers["Content-Length"]))
            self.do_GET()

        def do_GET(self) -> None:
            status, document = fake.next()
            kind = "application/json" if status < 400 else "application/problem+json"
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
