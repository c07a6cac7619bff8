"""A deposit API that answers from a list, on a real socket, for the command's tests."""

import json
from contextlib import AbstractContextManager
from http.server import BaseHTTPRequestHandler
from typing import Any

from tests.unit.cli.sur_un_port import reply, serving

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


def listening(fake: FakeCollect) -> AbstractContextManager[str]:
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
            reply(self, status, body, kind)

        def log_message(self, *_: object) -> None: ...

    return serving(Handler)
