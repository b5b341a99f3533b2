"""Tries whether a scheduler lets it in.

usage: refused.py SCHEDULER_ADDRESS

Prints a line {"refused": ...}: why it was not let in, or null if it was.
"""

import json
import sys

from distributed import Client


def main():
    try:
        with Client(sys.argv[1], timeout=3):
            refused = None
    except (OSError, TypeError) as e:
        refused = repr(e)
    print(json.dumps({"refused": refused}), flush=True)


if __name__ == "__main__":
    main()
