"""Estimates pi on a Dask cluster and checks the estimate.

usage: compute.py SCHEDULER_ADDRESS WORKERS

Waits for WORKERS workers, throws seeded random points at a square in 200 tasks, and prints as its
last line {"result": ..., "expected": ..., "workers": [...], "seconds": ...}. Exits with 0 only if
the estimate is right.
"""

import argparse
import json
import math
import random
import sys
import time

from distributed import Client, as_completed, get_worker

TASKS = 200
POINTS = 20_000
REPORT_EVERY = 20
WAIT_SECONDS = 120
# Seven standard deviations of the estimate: seeds that miss this do not happen by chance.
TOLERANCE = 7 * math.sqrt(math.pi * (4 - math.pi) / (TASKS * POINTS))


def throw(seed):
    """Counts the points of one task that fall into the circle, and says who counted."""
    rng = random.Random(seed)
    inside = sum(rng.random() ** 2 + rng.random() ** 2 <= 1 for _ in range(POINTS))
    return inside, str(get_worker().name)


def estimate(client):
    """Returns the estimate of pi and how many tasks each worker has done."""
    inside = 0
    done_by = {}
    # Not pure: a second tour of the same cluster computes anew.
    futures = client.map(throw, range(TASKS), pure=False)
    results = as_completed(futures, with_results=True)
    for done, (_, (count, worker)) in enumerate(results, start=1):
        inside += count
        done_by[worker] = done_by.get(worker, 0) + 1
        if done % REPORT_EVERY == 0:
            print(f"tour: {done} of {TASKS} tasks", flush=True)
    return 4 * inside / (TASKS * POINTS), done_by


def main():
    parser = argparse.ArgumentParser(description="Estimates pi on a Dask cluster.")
    parser.add_argument("scheduler", help="the scheduler's address, tcp://127.0.0.1:4322")
    parser.add_argument("workers", type=int, help="how many workers to wait for")
    arguments = parser.parse_args()

    with Client(arguments.scheduler, timeout=WAIT_SECONDS) as client:
        print(f"tour: connected to {arguments.scheduler}", flush=True)
        client.wait_for_workers(arguments.workers, timeout=WAIT_SECONDS)
        print(f"tour: {arguments.workers} workers are there", flush=True)
        started = time.monotonic()
        result, done_by = estimate(client)
        seconds = time.monotonic() - started

    for worker, tasks in sorted(done_by.items()):
        print(f"tour: worker {worker} did {tasks} tasks", flush=True)
    right = abs(result - math.pi) < TOLERANCE
    if not right:
        print(f"tour: {result} is not within {TOLERANCE:.5f} of pi", file=sys.stderr)
    summary = {
        "result": result,
        "expected": math.pi,
        "workers": sorted(done_by),
        "seconds": round(seconds, 2),
    }
    print(json.dumps(summary), flush=True)
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
