"""An HTTP server on loopback that behaves as it is told, and remembers what it was asked."""

import http.server
import socket
import threading


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.asked.append((self.path, self.headers.get("Range"), self.headers.get("If-Range")))
        name = self.path.lstrip("/")
        if name in self.server.answers:
            self.server.answers[name](self)
        elif name in self.server.files:
            self.send(self.server.files[name])
        else:
            self.send_error(404)

    def send(self, content, ranges=True, tag='"first"', stop_after=None, length=None):
        """The rest of a file from where it is asked, as servers do; `stop_after` bytes the connection breaks."""
        wanted = self.headers.get("Range") if ranges else None
        if self.headers.get("If-Range", tag) != tag:
            wanted = None
        first = int(wanted.removeprefix("bytes=").removesuffix("-")) if wanted else 0
        if first >= len(content) > 0:
            self.send_response(416)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(206 if wanted else 200)
        if wanted:
            self.send_header("Content-Range", f"bytes {first}-{len(content) - 1}/{len(content)}")
        if tag:
            self.send_header("ETag", tag)
        self.send_header("Content-Length", str(length if length is not None else len(content) - first))
        self.end_headers()
        self.wfile.write(content[first:first + stop_after] if stop_after is not None else content[first:])
        self.wfile.flush()
        if stop_after is not None or length is not None:
            self.hang_up()

    def hang_up(self):
        self.close_connection = True
        self.connection.shutdown(socket.SHUT_RDWR)

    def redirect(self, address):
        self.send_response(302)
        self.send_header("Location", address)
        self.send_header("Content-Length", "0")
        self.end_headers()


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.files = {}    # name: bytes
        self.answers = {}  # name: function of the handler
        self.asked = []    # (path, Range, If-Range)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        pass  # a client that went away is what some tests are about

    def url(self, name):
        return f"http://127.0.0.1:{self.server_address[1]}/{name}"

    def ranges(self):
        return [wanted for _, wanted, _ in self.asked]

    def close(self):
        self.shutdown()
        self.server_close()
