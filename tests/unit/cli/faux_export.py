"""An export API that answers by address, on a real socket, and keeps what it was asked."""

import json
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.unit.cli.sur_un_port import reply, serving

Answer = tuple[int, object]


@dataclass
class FauxExport:
    """Answers « METHOD /path » from its list, the last answer for ever; 404 to anything else."""

    answers: Mapping[str, list[Answer]]
    asked: list[str] = field(default_factory=list)
    bodies: list[object] = field(default_factory=list)
    keys: set[str | None] = field(default_factory=set)

    def answer(self, method: str, target: str) -> Answer:
        self.asked.append(f"{method} {target}")
        found = self.answers.get(f"{method} {target.partition('?')[0]}", [(404, {})])
        return found.pop(0) if len(found) > 1 else found[0]


def listening(fake: FauxExport) -> AbstractContextManager[str]:
    """Serve `fake` and give its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            fake.bodies.append(json.loads(self.rfile.read(length) or b"null"))
            self._answer("POST")

        def do_GET(self) -> None:
            self._answer("GET")

        def _answer(self, method: str) -> None:
            fake.keys.add(self.headers["Authorization"])
            status, content = fake.answer(method, self.path)
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            reply(self, status, body)

        def log_message(self, *_: object) -> None: ...

    return serving(Handler)
