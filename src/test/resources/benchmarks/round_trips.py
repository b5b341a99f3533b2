"""How a Dask client feels at an address: calls to the scheduler, single tasks, many tasks, bulk up and down."""

import json
import os
import statistics
import sys
import threading
import time

from distributed import Client

ADDRESS, CALLS = sys.argv[1], int(sys.argv[2])
PATIENCE = 60  # seconds; more, and it is stuck
MEGABYTES = 50


def timed(action, times):
    durations = []
    for _ in range(times):
        begin = time.perf_counter()
        action()
        durations.append(1000 * (time.perf_counter() - begin))
    cuts = statistics.quantiles(durations, n=100)
    return {"p50": cuts[49], "p95": cuts[94], "p99": cuts[98]}


def seconds(action):
    begin = time.perf_counter()
    action()
    return time.perf_counter() - begin


def nothing(dask_scheduler=None):
    return None


def ones(megabytes):
    return os.urandom(1000000 * megabytes)


def main():
    result = {}

    def give_up():
        print(json.dumps(dict(result, stuck=True)), flush=True)
        os._exit(0)

    patience = threading.Timer(PATIENCE, give_up)
    patience.daemon = True
    patience.start()
    with Client(ADDRESS, timeout=60) as client:
        client.wait_for_workers(1, timeout=60)
        timed(lambda: client.run_on_scheduler(nothing), 20)
        timed(lambda: client.submit(abs, -1, pure=False).result(), 20)
        result["call"] = timed(lambda: client.run_on_scheduler(nothing), CALLS)
        result["task"] = timed(lambda: client.submit(abs, -1, pure=False).result(), CALLS)
        result["tasks"] = seconds(lambda: client.gather(client.map(abs, range(2000), pure=False)))
        # Not directly to a worker, where no tunnel leads.
        data = os.urandom(1000000 * MEGABYTES)
        result["up"] = MEGABYTES / seconds(lambda: client.scatter([data], direct=False))
        made = client.submit(ones, MEGABYTES, pure=False)
        client.submit(len, made).result()
        result["down"] = MEGABYTES / seconds(lambda: client.gather(made, direct=False))
        patience.cancel()
        print(json.dumps(result), flush=True)


main()
