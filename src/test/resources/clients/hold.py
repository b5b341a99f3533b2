"""Holds data on a cluster's workers while the cluster is scaled.

usage: hold.py SCHEDULER_ADDRESS WORKERS

Waits for WORKERS workers, puts one number on each, and prints a line with the version of Dask at the
scheduler and each worker's threads. Then, at each line on standard input, prints {"sum": ...} of the
numbers as they are on the workers now, until standard input ends.
"""

import json
import sys

from distributed import Client

NUMBERS = 30
LIMIT = 170


def main():
    address, workers = sys.argv[1], int(sys.argv[2])
    with Client(address, timeout=LIMIT) as client:
        client.wait_for_workers(workers, timeout=LIMIT)
        # Nobody can compute these again: they are lost with the last worker that has them.
        held = client.scatter(list(range(NUMBERS)))
        versions = client.get_versions()["scheduler"]["packages"]
        first = {"version": versions["distributed"], "nthreads": client.nthreads()}
        print(json.dumps(first), flush=True)
        for _ in sys.stdin:
            print(json.dumps({"sum": sum(client.gather(held))}), flush=True)


if __name__ == "__main__":
    main()
