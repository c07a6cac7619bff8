"""An export API that answers by address, on a real socket, and keeps what it was asked."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

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


@contextmanager
def listening(fake: FauxExport) -> Iterator[str]:
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
            self.send_response(status)
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
