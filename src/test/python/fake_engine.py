"""An HTTP server that answers as it is told, for what a real engine seldom does."""

import contextlib
import http.server
import json
import threading


class FakeEngine:
    """Answers each request with what ``answer(method, path, body)`` returns: a status and a JSON, or None to
    close the connection without a word."""

    def __init__(self, answer):
        self.requests = []
        engine = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def _serve(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = json.loads(self.rfile.read(length) or "null")
                engine.requests.append((self.command, self.path, body, dict(self.headers)))
                answered = answer(self.command, self.path, body)
                if answered is None:
                    self.close_connection = True
                    return
                status, content = answered
                data = content if isinstance(content, bytes) else json.dumps(content).encode()
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", content["location"])
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_GET = do_POST = _serve

            def log_message(self, *arguments):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self._server.server_port}/engine-rest"

    def __enter__(self):
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *error):
        self._server.shutdown()
        self._server.server_close()


def always(status, content):
    """The same answer to everything."""
    return FakeEngine(lambda method, path, body: (status, content))


@contextlib.contextmanager
def silence():
    """A port that nobody listens on."""
    with always(200, {}) as engine:
        address = engine.address
    yield address
