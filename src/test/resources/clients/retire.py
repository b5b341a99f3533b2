"""Has all workers leave, though nobody ends their jobs.

usage: retire.py SCHEDULER_ADDRESS
"""

import sys

from distributed import Client

LIMIT = 170

with Client(sys.argv[1], timeout=LIMIT) as client:
    client.retire_workers(list(client.scheduler_info()["workers"]))
