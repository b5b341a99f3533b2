"""An agent in a scheduler that is none, to which workers come and go in crowds.

usage: crowd.py AGENT_PY WORKERS

Prints what a relay would be told: how many lines, in how many seconds, and whether the workers came in their order.
"""

import asyncio
import importlib.util
import json
import sys
import time

from tornado.ioloop import IOLoop

spec = importlib.util.spec_from_file_location("scheduler_agent", sys.argv[1])
scheduler_agent = importlib.util.module_from_spec(spec)
spec.loader.exec_module(scheduler_agent)
WORKERS = int(sys.argv[2])


class Worker:
    def __init__(self, name):
        self.name = name


class Scheduler:
    def __init__(self):
        self.loop = IOLoop.current()
        self.workers = {}


class Outbox:
    def __init__(self):
        self.lines = []

    def put(self, line):
        self.lines.append(json.loads(line))


async def main():
    scheduler = Scheduler()
    agent = scheduler_agent.Agent(scheduler)
    agent.outbox = Outbox()
    begin = time.monotonic()
    for number in range(WORKERS):
        address = "tcp://10.0.0.1:%d" % number
        scheduler.workers[address] = Worker("worker-%d" % number)
        agent.came(address)
        if number % 10 == 9:
            await asyncio.sleep(0.001)
    for number in range(WORKERS):
        address = "tcp://10.0.0.1:%d" % number
        del scheduler.workers[address]
        agent.left(address)
        if number % 10 == 9:
            await asyncio.sleep(0.001)
    await asyncio.sleep(4 * scheduler_agent.TOGETHER)
    seconds = time.monotonic() - begin
    lines = agent.outbox.lines
    came = [name for line in lines for name in line.get("came", {}).values()]
    left = [address for line in lines for address in line.get("left", ())]
    print(json.dumps({
        "lines": len(lines),
        "seconds": seconds,
        "came": came == ["worker-%d" % number for number in range(WORKERS)],
        "left": left == ["tcp://10.0.0.1:%d" % number for number in range(WORKERS)],
    }))


asyncio.run(main())
