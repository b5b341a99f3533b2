"""What the agent costs a scheduler: its start, and many small tasks, with and without it in turns."""

import contextlib
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

PROGRAMS, ROUNDS, TASKS = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

PRELOADS = ["scheduler_agent.py", "only_relay.py"]
TURNS = 5  # in which the tasks are done

# Starts the relay as one without an agent is started.
ONLY_RELAY = """
import os, subprocess, sys
def dask_setup(scheduler):
    relay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")
    file = os.path.abspath(scheduler.scheduler_file)
    subprocess.Popen([sys.executable, relay, "--scheduler-file", file])
"""

# A client that does as many tasks as it is told, and says how long they took.
CLIENT = """
import sys, time
from distributed import Client, wait
with Client(scheduler_file=sys.argv[1]) as client:
    client.wait_for_workers(1)
    for line in sys.stdin:
        begin = time.perf_counter()
        wait(client.map(abs, range(int(line)), pure=False))
        print(time.perf_counter() - begin, flush=True)
"""


def await_file(path, process):
    while not path.exists():
        if process.poll() is not None:
            raise SystemExit("the scheduler has ended")
        time.sleep(0.001)


class Cluster:
    """A scheduler that preloads a file, and one worker."""

    def __init__(self, home, preload):
        self.home = home
        self.file = home / "dask.json"
        for program in ("relay.py", "scheduler_agent.py"):
            (home / program).write_bytes((PROGRAMS / program).read_bytes())
        (home / "only_relay.py").write_text(ONLY_RELAY)
        (home / "relay.key").write_text("ab" * 32)
        os.chmod(home / "relay.key", 0o600)
        begin = time.perf_counter()
        self.scheduler = self.dask(
            "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard",
            "--dashboard-address", "127.0.0.1:0", "--preload", "./" + preload,
        )
        self.worker = self.client = None
        await_file(self.file, self.scheduler)
        self.start = time.perf_counter() - begin
        await_file(home / "relay.json", self.scheduler)

    def dask(self, what, *arguments):
        with open(self.home / "log", "a") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "distributed.cli.dask_" + what, "--scheduler-file", "dask.json", *arguments],
                cwd=self.home, stdout=log, stderr=log,
            )

    def connect(self):
        self.worker = self.dask("worker", "--no-nanny", "--nthreads", "2")
        self.client = subprocess.Popen(
            [sys.executable, "-c", CLIENT, str(self.file)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.tasks(1000)

    def tasks(self, number):
        """Seconds for so many tasks, and seconds of the processor that the scheduler needed for them."""
        used = self.used()
        print(number, file=self.client.stdin, flush=True)
        return float(self.client.stdout.readline()), self.used() - used

    def used(self):
        fields = pathlib.Path("/proc/%d/stat" % self.scheduler.pid).read_text().rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def close(self):
        if self.client:
            self.client.stdin.close()
            self.client.wait()
        for process in filter(None, (self.worker, self.scheduler)):
            process.terminate()
            process.wait()


@contextlib.contextmanager
def both():
    with tempfile.TemporaryDirectory() as home, contextlib.ExitStack() as stack:
        clusters = {}
        for preload in PRELOADS:
            directory = pathlib.Path(home) / preload
            directory.mkdir()
            clusters[preload] = stack.enter_context(contextlib.closing(Cluster(directory, preload)))
        yield clusters


def tell(what, results):
    with_it, without = (statistics.median(results[preload]) for preload in PRELOADS)
    print(json.dumps({
        "what": what, "with": round(with_it, 4), "without": round(without, 4), "ratio": round(with_it / without, 4),
        "all with": [round(one, 3) for one in results[PRELOADS[0]]],
        "all without": [round(one, 3) for one in results[PRELOADS[1]]],
    }), flush=True)


def main():
    starts, seconds, used = ({preload: [] for preload in PRELOADS} for _ in range(3))
    for _ in range(4 * ROUNDS):
        PRELOADS.reverse()
        with both() as clusters:
            for preload, cluster in clusters.items():
                starts[preload].append(cluster.start)
    PRELOADS.sort(reverse=True)
    tell("start, s", starts)
    with both() as clusters:
        for cluster in clusters.values():
            cluster.connect()
        # In small turns, so that what else the machine does falls on both alike.
        for turn in range(2 * ROUNDS):
            for preload in PRELOADS if turn % 2 else reversed(PRELOADS):
                elapsed, processor = clusters[preload].tasks(TASKS // TURNS)
                seconds[preload].append(elapsed * TURNS)
                used[preload].append(processor * TURNS)
    tell("%d tasks, s" % TASKS, seconds)
    tell("the scheduler's processor for them, s", used)


main()
