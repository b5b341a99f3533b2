"""Says where a client finds the dashboard, as its user sees it.

usage: link.py SCHEDULER_ADDRESS [SOURCE_IP]

Prints a line with the link, and with the links in what a notebook shows of the client.
"""

import json
import re
import sys

from distributed import Client
from tornado.tcpclient import TCPClient


def main():
    address, source = sys.argv[1], sys.argv[2:]
    if source:
        connect = TCPClient.connect
        TCPClient.connect = lambda self, *args, **kw: connect(self, *args, source_ip=source[0], **kw)
    with Client(address, timeout=170) as client:
        shown = re.findall(r'href="([^"]*)"', client._repr_html_())
        print(json.dumps({"link": client.dashboard_link, "shown": shown[:2]}), flush=True)


if __name__ == "__main__":
    main()
