"""What the agent costs a scheduler: its start, and many small tasks, with and without it in turns."""

import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

from distributed import Client, wait

RELAY, ROUNDS, TASKS = pathlib.Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])

# Starts the relay as one without an agent is started.
ONLY_RELAY = """
import os, subprocess, sys
def dask_setup(scheduler):
    relay = os.path.join(os.path.dirname(os.path.abspath(__file__)), "relay.py")
    file = os.path.abspath(scheduler.scheduler_file)
    subprocess.Popen([sys.executable, relay, "--scheduler-file", file])
"""


def await_file(path, process):
    while not path.exists():
        if process.poll() is not None:
            raise SystemExit("the scheduler has ended")
        time.sleep(0.001)


def run(preload):
    with tempfile.TemporaryDirectory() as home:
        home = pathlib.Path(home)
        (home / "relay.py").write_bytes(RELAY.read_bytes())
        (home / "only_relay.py").write_text(ONLY_RELAY)
        (home / "relay.key").write_text("ab" * 32)
        os.chmod(home / "relay.key", 0o600)
        dask = [sys.executable, "-m", "distributed.cli.dask_"]
        log = open(home / "log", "w")
        begin = time.perf_counter()
        scheduler = subprocess.Popen(
            dask[:2] + [dask[2] + "scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
            + ["--dashboard-address", "127.0.0.1:0", "--scheduler-file", "dask.json", "--preload", "./" + preload],
            cwd=home, stdout=log, stderr=log,
        )
        worker = None
        try:
            await_file(home / "dask.json", scheduler)
            start = time.perf_counter() - begin
            await_file(home / "relay.json", scheduler)
            worker = subprocess.Popen(
                dask[:2] + [dask[2] + "worker", "--scheduler-file", "dask.json", "--no-nanny", "--nthreads", "2"],
                cwd=home, stdout=log, stderr=log,
            )
            with Client(scheduler_file=str(home / "dask.json")) as client:
                client.wait_for_workers(1)
                wait(client.map(abs, range(-1000, 0)))
                begin = time.perf_counter()
                wait(client.map(abs, range(TASKS)))
                return start, time.perf_counter() - begin
        finally:
            for process in filter(None, (worker, scheduler)):
                process.terminate()
                process.wait()


def main():
    results = {"relay.py": [], "only_relay.py": []}
    for _ in range(ROUNDS):
        for preload, times in results.items():
            times.append(run(preload))
    for number, what in enumerate(("start", "tasks")):
        with_it, without = (statistics.median(run[number] for run in runs) for runs in results.values())
        best = [min(run[number] for run in runs) for runs in results.values()]
        print(json.dumps({
            "what": what, "with": round(with_it, 4), "without": round(without, 4),
            "best with": round(best[0], 4), "best without": round(best[1], 4),
        }), flush=True)


main()
