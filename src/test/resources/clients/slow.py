"""Gives a cluster slow tasks, and stays connected when they are done.

usage: slow.py SCHEDULER_ADDRESS TASKS

Submits TASKS tasks of half a second, which does not wait for workers, and prints {"submitted": ...}.
When all are done, prints {"sum": ..., "workers": [...]}, and lets go of the results. Ends when standard
input does.
"""

import json
import sys
import time

from distributed import Client, get_worker

LIMIT = 170


def slow(x):
    time.sleep(0.5)
    return x * x, str(get_worker().name)


def main():
    address, tasks = sys.argv[1], int(sys.argv[2])
    with Client(address, timeout=LIMIT) as client:
        futures = client.map(slow, range(tasks), pure=False)
        print(json.dumps({"submitted": tasks}), flush=True)
        results = client.gather(futures)
        del futures
        workers = sorted({worker for _, worker in results})
        print(json.dumps({"sum": sum(y for y, _ in results), "workers": workers}), flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
