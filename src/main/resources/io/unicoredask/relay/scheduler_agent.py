"""The agent of a Dask cluster: says what becomes of its scheduler and workers, and does what it is asked.

Dask loads it into a scheduler that is given --preload ./scheduler_agent.py. It starts the relay (relay.py) as a
process of its own and speaks through it, see src/docs/explanation/relay-protocol.md of camunda-unicore-dask. It is
not part of the relay's program, since Dask compiles what it preloads anew, twice, while its scheduler waits. Needs
nothing but Python 3.8 or newer and Dask.
"""

import json
import os
import queue
import subprocess
import sys
import threading
import time

DIRECTORY = os.path.dirname(os.path.abspath(__file__))
RELAY = os.path.join(DIRECTORY, "relay.py")
LOG_FILE = os.path.join(DIRECTORY, "relay.log")

AGENT = 1  # what the agent says and understands; more of it, and this stays
TOGETHER = 0.1  # seconds in which what happens is told together
LOOK_AT_WORK = 1.0  # seconds between two looks at what the scheduler has to do
AT_ONCE = 500  # workers in one line
LONGEST_NAME = 256  # characters
MOST_UNTOLD = 20000  # lines that may wait for a relay; one that takes none is started anew
LONGEST_PAUSE = 60.0  # seconds until a relay that was killed is started again


def log(text):
    try:
        print("%s agent: %s" % (time.strftime("%Y-%m-%d %H:%M:%S"), text), file=sys.stderr, flush=True)
    except OSError:
        pass  # on a full disk an agent is of more use than its log


def as_line(content):
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def dask_setup(scheduler):
    """Dask calls it in a scheduler that preloads this file."""
    agent = Agent(scheduler)
    agent.safely(agent.begin)
    threading.Thread(
        target=keep_running, args=[scheduler.scheduler_file, agent], name="relay", daemon=True
    ).start()


def start_early():
    """Starts the relay while Dask has still to start its scheduler, if that can be told already."""
    global early
    arguments = sys.argv[1:]
    if early is None and "--scheduler-file" in arguments[:-1]:
        try:
            early = start_relay(arguments[arguments.index("--scheduler-file") + 1])
        except OSError as e:
            log("the relay cannot be started: %s" % e)


class Agent:
    """In the scheduler's own process, on its event loop: says what becomes of it, and does what it is asked.

    Whatever fails here ends the agent and leaves the scheduler as it is.
    """

    def __init__(self, scheduler):
        self.scheduler = scheduler
        self.outbox = None  # of the relay that runs
        self.untold = []  # workers that came or left, in their order
        self.telling = False
        self.idle_timeout = None  # what it is from the first worker on
        self.state = {}
        self.follows = False  # whether somebody wants to know how many workers are wanted
        self.link = None  # where clients that come through the relay find the dashboard

    def safely(self, action, *arguments):
        if "failed" not in self.state:
            try:
                return action(*arguments)
            except Exception as e:
                log("ends: %r" % e)
                self.count_idling()
                self.state["failed"] = repr(e)[:300]
                self.send({"failed": self.state["failed"]})

    def begin(self):
        from distributed.diagnostics.plugin import SchedulerPlugin

        agent = self

        class Ears(SchedulerPlugin):
            name = "camunda-unicore-dask"

            def add_worker(self, scheduler, worker, **_):
                agent.safely(agent.came, worker)

            def remove_worker(self, scheduler, worker, **_):
                agent.safely(agent.left, worker)

            async def before_close(self):
                agent.safely(agent.closing)

        self.scheduler.add_plugin(Ears())
        self.idle_timeout = self.scheduler.idle_timeout
        if self.idle_timeout:
            self.scheduler.idle_timeout = float("inf")  # waiting for the first worker is no idling
        self.look()

    # what is told

    def came(self, address):
        self.count_idling()
        self.untold.append((address, self.name_of(address)))
        self.tell_soon()

    def count_idling(self):
        if self.idle_timeout:
            self.scheduler.idle_since = None
            self.scheduler.idle_timeout, self.idle_timeout = self.idle_timeout, None

    def left(self, address):
        self.untold.append((address, None))
        self.tell_soon()

    def name_of(self, address):
        worker = self.scheduler.workers.get(address)
        return str(worker.name if worker is not None else address)[:LONGEST_NAME]

    def tell_soon(self):
        if not self.telling:
            self.telling = True
            self.scheduler.loop.call_later(TOGETHER, self.safely, self.tell_workers)

    def tell_workers(self):
        self.telling = False
        untold, self.untold = self.untold, []
        came, left = {}, []
        for address, name in untold:
            # Whoever came and left at once is told in this order.
            if left and name is not None or came and name is None:
                self.send_workers(came, left)
                came, left = {}, []
            if name is None:
                left.append(address)
            else:
                came[address] = name
        self.send_workers(came, left)

    def send_workers(self, came, left):
        if came or left:
            self.send({"came": came} if came else {"left": left})

    def look(self):
        """Looks at what there is to do."""
        scheduler = self.scheduler
        self.change("busy", bool(scheduler.unrunnable or any(w.processing for w in scheduler.workers.values())))
        if self.follows:
            self.change("wanted", int(scheduler.adaptive_target()))
        scheduler.loop.call_later(LOOK_AT_WORK, self.safely, self.look)

    def change(self, key, value):
        if self.state.get(key) != value:
            self.state[key] = value
            self.send({key: value})

    def closing(self):
        scheduler = self.scheduler
        idle = bool(
            scheduler.idle_timeout
            and scheduler.idle_since
            and time.time() > scheduler.idle_since + scheduler.idle_timeout
        )
        self.tell_workers()
        self.change("closing", "idle" if idle else "closed")

    def account(self):
        """All there is to tell, for a relay that knows nothing yet."""
        import distributed

        self.untold = []
        self.send(
            {
                "agent": AGENT,
                "scheduler": self.scheduler.id,
                "distributed": distributed.__version__,
                "python": "%d.%d.%d" % sys.version_info[:3],
                "http": self.http(),
                "dashboard": self.dashboard(),
            }
        )
        workers = {address: self.name_of(address) for address in self.scheduler.workers}
        self.send({"came": workers, **self.state, "complete": True})

    def http(self):
        """Where the HTTP server listens, which may be elsewhere than the scheduler does."""
        try:
            from distributed.comm.utils import get_tcp_server_addresses

            host, port = get_tcp_server_addresses(self.scheduler.http_server)[0][:2]
        except Exception as e:
            log("does not know where the dashboard is: %r" % e)
            return None
        return None if host in ("0.0.0.0", "::") else [host, port]

    def dashboard(self):
        """The dashboard's scheme and path; nothing if there is none."""
        if "distributed.dashboard.scheduler" not in sys.modules:
            return None
        prefix, scheme = "/", "http"
        try:
            if self.scheduler.http_server.ssl_options is not None:
                scheme = "https"
            for rule in self.scheduler.http_application.wildcard_router.rules:
                pattern = rule.matcher.regex.pattern
                if pattern.endswith("/health$"):
                    prefix = pattern[: -len("health$")]
        except Exception as e:
            log("does not know where the dashboard is: %r" % e)
        return "%s:%sstatus" % (scheme, prefix)

    def send(self, content):
        if self.outbox is not None:
            self.outbox.put(as_line(content))

    # what is asked

    def asked(self, line):
        question = json.loads(line)
        action = question.get("do")
        if action == "retire":
            task = self.retire(question)
        elif action == "loads":
            task = self.tell_loads(question)
        elif action == "follow":
            task = self.follow(question)
        elif action == "link":
            task = self.take_link(question)
        else:
            task = self.refuse(question)
        self.scheduler.loop.add_callback(self.answer, question["ask"], task)

    async def answer(self, number, task):
        try:
            self.send(dict(await task, answer=number))
        except Exception as e:
            log("could not do what it was asked: %r" % e)
            self.send({"answer": number, "error": repr(e)[:300]})

    async def retire(self, question):
        there = [address for address in question["workers"] if address in self.scheduler.workers]
        if there:
            await self.scheduler.retire_workers(workers=there, close_workers=True, remove=True)
        return {"left": [address for address in question["workers"] if address not in self.scheduler.workers]}

    async def tell_loads(self, question):
        loads = [[a, len(w.processing), len(w.has_what)] for a, w in self.scheduler.workers.items()]
        while len(loads) > AT_ONCE:
            self.send({"answer": question["ask"], "more": True, "loads": loads[:AT_ONCE]})
            loads = loads[AT_ONCE:]
        return {"loads": loads}

    async def follow(self, question):
        self.follows = True
        self.change("wanted", int(self.scheduler.adaptive_target()))
        return {"wanted": self.state["wanted"]}

    async def take_link(self, question):
        self.link = {"host": str(question["host"]), "port": int(question["port"])}
        self.scheduler.handlers["identity"] = self.identity
        return {}

    def identity(self, comm, **options):
        """Answers in the scheduler's place: clients make the dashboard's link of what this says."""
        told = self.scheduler.identity(**options)
        return self.safely(self.linked, comm, told) or told

    def linked(self, comm, told):
        # The relay is on this machine. Others see the dashboard where it is.
        came_here, came_from = (a.rpartition(":")[0] for a in (comm.local_address, comm.peer_address))
        if came_here != came_from:
            return told
        port, path = self.link["port"], (self.dashboard() or "http:/status").partition(":")[2]
        if path != "/status":  # clients put /status behind the port
            port = "%d%s" % (port, path[: -len("/status")])
        services = dict(told["services"], dashboard=port)
        return dict(told, services=services, host=self.link["host"])

    async def refuse(self, question):
        raise ValueError("the agent does not know how to %.50r" % question.get("do"))

    # the relay; these are called by its threads

    def speaks_to(self, outbox):
        self.call(self.attach, outbox)

    def attach(self, outbox):
        self.outbox = outbox
        if "failed" in self.state:
            self.send({"failed": self.state["failed"]})
        self.safely(self.account)

    def is_asked(self, line):
        self.call(self.take, line)

    def take(self, line):
        self.safely(self.asked, line)

    def call(self, action, argument):
        try:
            self.scheduler.loop.add_callback(action, argument)
        except Exception as e:
            log("cannot be called: %r" % e)  # the scheduler is about to end


class Outbox:
    """What waits until a relay takes it."""

    def __init__(self, relay):
        self.relay = relay
        self.lines = queue.SimpleQueue()

    def put(self, line):
        if self.lines.qsize() > MOST_UNTOLD:
            self.relay.kill()
        self.lines.put(line)

    def empty(self):
        try:
            while True:
                line = self.lines.get()
                if line is None:
                    return
                self.relay.stdin.write(line)
                self.relay.stdin.flush()
        except OSError:
            pass  # the relay is gone


def keep_running(scheduler_file, agent):
    """Runs the relay, again if it is killed, until it ends by itself."""
    pause = 1.0
    relay = early
    while True:
        try:
            if attend(relay or start_relay(scheduler_file), agent) == 0:
                return
        except OSError as e:
            log("the relay cannot be started: %s" % e)
        relay = None
        time.sleep(pause)
        pause = min(2 * pause, LONGEST_PAUSE)


def start_relay(scheduler_file):
    command = [sys.executable, RELAY, "--agent", "--scheduler-file", os.path.abspath(scheduler_file)]
    with open(LOG_FILE, "ab") as output:
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=output)


def attend(relay, agent):
    outbox = Outbox(relay)
    threading.Thread(target=outbox.empty, name="relay-outbox", daemon=True).start()
    agent.speaks_to(outbox)
    for line in relay.stdout:
        agent.is_asked(line)
    outbox.put(None)
    return relay.wait()


early = globals().get("early")  # Dask loads this file twice
start_early()
