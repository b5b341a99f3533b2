"""Looks like a Dask scheduler or worker from outside, and is one of hundreds on a small machine.

light-dask.py scheduler --port 0 --scheduler-file FILE [--preload RELAY]
light-dask.py worker --scheduler-file FILE --name NAME --nworkers 1

The scheduler writes a scheduler file, starts the relay, greets as Dask does, and answers the HTTP routes
that clusters are watched by. A worker registers with its name, and leaves when the connection ends.
"""

import json
import os
import socket
import struct
import subprocess
import sys
import threading
import time

# {"python": [3, 11, 7]} in msgpack, as one frame of a Dask message.
GREETING = b"\x81\xa6python\x93\x03\x0b\x07"
GREETING = struct.pack("<QQQ", 16 + len(GREETING), 1, len(GREETING)) + GREETING

COUNTS = {"tasks": 0, "processing": 0, "idle": 0, "clients": 1}

workers = {}


def listen(serve):
    listener = socket.create_server(("127.0.0.1", 0), backlog=128)

    def accept():
        while True:
            connection = listener.accept()[0]
            threading.Thread(target=serve, args=[connection], daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    return listener.getsockname()[1]


def greet(connection):
    """Greets whoever connects; a worker answers with its name and stays."""
    address = "tcp://%s:%d" % connection.getpeername()
    try:
        connection.sendall(GREETING)
        name = connection.recv(1000).decode()
        if name:
            workers[address] = (name, connection)
            connection.recv(1)
    finally:
        workers.pop(address, None)
        connection.close()


def http(connection):
    with connection, connection.makefile("rb") as requests:
        for line in requests:
            method, path = line.decode().split()[:2]
            length = 0
            for header in iter(requests.readline, b"\r\n"):
                name, value = header.decode().lower().split(":", 1)
                length = int(value) if name == "content-length" else length
            body = requests.read(length)
            status, answer = route(method + " " + path, body)
            connection.sendall(
                b"HTTP/1.1 %d Light\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
                % (status, len(answer), answer)
            )


def route(request, body):
    if request == "GET /health":
        return 200, b"ok"
    if request == "GET /json/counts.json":
        return 200, json.dumps({**COUNTS, "workers": len(workers)}).encode()
    if request == "GET /api/v1/get_workers":
        found = [{"name": name, "address": at} for at, (name, _) in list(workers.items())]
        return 200, json.dumps({"num_workers": len(found), "workers": found}).encode()
    if request == "POST /api/v1/retire_workers":
        retired = json.loads(body)["workers"]
        for address in retired:
            workers[address][1].shutdown(socket.SHUT_RDWR)
        return 200, json.dumps({address: {} for address in retired}).encode()
    return 404, b"{}"


def scheduler(file, relay):
    port, dashboard = listen(greet), listen(http)
    content = {
        "type": "Scheduler",
        "id": "Scheduler-%d-%d" % (os.getpid(), port),
        "address": "tcp://127.0.0.1:%d" % port,
        "services": {"dashboard": dashboard},
        "started": time.time(),
        "workers": {},
    }
    with open(file + ".new", "w") as new:
        json.dump(content, new)
    os.rename(file + ".new", file)
    if relay:
        subprocess.call([sys.executable, relay, "--scheduler-file", file])
    threading.Event().wait()


def worker(file, name):
    while not os.path.exists(file):
        time.sleep(0.2)
    with open(file) as content:
        host, port = json.load(content)["address"][len("tcp://") :].split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.recv(len(GREETING), socket.MSG_WAITALL)
        connection.sendall(name.encode())
        connection.recv(1)


def main():
    options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
    if sys.argv[1] == "scheduler":
        scheduler(options["--scheduler-file"], options.get("--preload"))
    else:
        worker(options["--scheduler-file"], options["--name"])


if __name__ == "__main__":
    main()
