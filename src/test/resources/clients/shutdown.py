"""Ends a scheduler as a user does who is done with it.

usage: shutdown.py SCHEDULER_ADDRESS
"""

import sys

from distributed import Client

LIMIT = 170

Client(sys.argv[1], timeout=LIMIT).shutdown()
