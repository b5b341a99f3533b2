"""Keeps a cluster while its engine is started again, and ends without closing it.

usage: restart.py SITE

Prints {"name": ...} when the cluster is there, and after a line on standard input {"result": ..., "workers": ...}
of a computation on one more worker.
"""

import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "src/main/python"))

import dask
from camunda_dask import DaskCluster
from distributed import Client

LIMIT = 170

if __name__ == "__main__":
    dask.config.set({"camunda-dask.patience": "170s"})
    cluster = DaskCluster(site=sys.argv[1], n_workers=1, quiet=True)
    print(json.dumps({"name": cluster.name}), flush=True)
    sys.stdin.readline()
    cluster.scale(2, wait_for_startup=True)
    deadline = time.monotonic() + LIMIT
    while len(cluster.scheduler_info["workers"]) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    workers = len(cluster.scheduler_info["workers"])
    with Client(cluster, timeout=LIMIT) as client:
        result = client.submit(sum, range(10)).result(timeout=LIMIT)
        print(json.dumps({"result": result, "workers": workers}), flush=True)
