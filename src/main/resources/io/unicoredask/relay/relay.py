#!/usr/bin/env python3
"""The far end of a tunnel to a Dask cluster: many streams over one forwarded connection, or one each way.

The agent in the scheduler (scheduler_agent.py) starts it. The relay runs beside that scheduler, as a process of
its own, lets in who proves the cluster's secret, connects them to that scheduler, its dashboard and its agent, and
ends when the scheduler does. The protocol is described in src/docs/explanation/relay-protocol.md of
camunda-unicore-dask. Needs nothing but Python 3.8 or newer.
"""

import argparse
import asyncio
import collections
import hashlib
import hmac
import json
import os
import secrets
import signal
import socket
import struct
import sys
import time

PROGRAM = os.path.abspath(__file__)
RELAY_FILE = os.path.join(os.path.dirname(PROGRAM), "relay.json")
SECRET_FILE = os.path.join(os.path.dirname(PROGRAM), "relay.key")

MAGIC = b"DASKRLY1"
NONCE = 32
FILLER, PROOF = b"\0", b"\1"
BOTH, UP, DOWN = b" client ", b" up     ", b" down   "  # which way a connection of a client leads
CONNECTED, REFUSED = b"C", b"R"
TARGETS = {ord("S"): "scheduler", ord("D"): "dashboard", ord("A"): "agent"}

HEADER = struct.Struct("!BBHII")
DATA, WINDOW, PING, AWAY = range(4)
SYN, ACK, FIN, RST = 1, 2, 4, 8
PUSH = HEADER.pack(0, PING, ACK, 0, 0)  # means nothing, and pushes on what was sent before it
NORMAL, VIOLATED = 0, 1

FIRST_WINDOW = 256 * 1024
LARGEST_WINDOW = 8 * 1024 * 1024
ALL_GROWTH = 64 * 1024 * 1024  # bytes by which the windows of a connection may grow together
QUICK = 0.25  # seconds; a window that is used up faster is too small
BUFFER = 512 * 1024
READ = 1024 * 1024  # bytes of a client at once; with asyncio's 256 KiB its streams get them in small packets
MUCH = 32 * 1024  # bytes that are worth a look whether they can go without being copied
MOST_PARTS = 512  # of one packet; a kernel takes 1,024 at least
MOST_STREAMS = 512
MOST_SESSIONS = 64
MOST_STRANGERS = 32
MOST_REPLIES = 10000  # that may wait for a client that does not read them

UNHELD = 32 * 1024  # bytes of which a Gateway holds back nothing, unless something goes up the same connection
GATHERED = 0.001  # seconds in which more of a large frame is let come before it is read
PUSHED = 0.001  # seconds until what was sent is pushed on
NUDGE = 0.02  # seconds until a client is asked whether all has arrived
SLOWEST_NUDGE = 0.08
ALIVE = 5.0  # seconds without a byte until a client is asked whether it is there
SILENCES = 4  # of those, and it is not
INTRODUCTION = 10.0  # seconds for the proof of the secret
PARTNER = 60.0  # seconds for the other one of two connections
CONNECT = 10.0  # seconds to connect to a target
LOOK = 1.0  # seconds between two looks at the parent and the scheduler file
PROBE = 5.0  # seconds between two looks at the scheduler's port

AGENT = 1  # as in scheduler_agent.py
AT_ONCE = 500  # workers in one line
LONGEST_LINE = 1024 * 1024  # bytes of what a client asks of the agent
LONGEST_TOLD = 64 * 1024 * 1024  # bytes of what the agent says


def log(text):
    try:
        print("%s relay: %s" % (time.strftime("%Y-%m-%d %H:%M:%S"), text), file=sys.stderr, flush=True)
    except OSError:
        pass  # on a full disk a relay is of more use than its log


class Violation(Exception):
    """The client does not keep to the protocol."""


class Stream(asyncio.Protocol):
    """One stream of a client, and the connection to its target."""

    def __init__(self, session, number):
        self.session = session
        self.number = number
        self.transport = None
        self.connecting = None
        self.stuck = True  # the target takes nothing now
        self.held = []  # what the client said meanwhile
        self.window = FIRST_WINDOW
        self.left = FIRST_WINDOW  # what the client may still send
        self.taken = 0  # what the target took since the client was last told
        self.told = session.loop.time()
        self.credit = FIRST_WINDOW  # what the client still takes
        self.unsent = b""
        self.paused = False
        self.target_ended = False
        self.fin_sent = False
        self.fin_received = False
        self.over = False

    # from the client

    def receive(self, part):
        if self.fin_received:
            raise Violation("data after the end of a stream")
        self.left -= len(part)
        self.taken += len(part)
        if self.connecting is None and part:
            target = TARGETS.get(part[0])
            if target is None:
                raise Violation("a stream to nowhere")
            self.connecting = self.session.loop.create_task(self.connect(target))
            part = part[1:]
        # Here and not in the transport, which from Python 3.12 on is slow with many small pieces. What has
        # to wait is copied, or it would keep all that it came with.
        self.held.append(bytes(part) if self.stuck else part)

    def grant(self):
        """Lets the client send more once half the window was taken; a larger window if it is quick."""
        if self.stuck or self.fin_received or self.taken * 2 < self.window:
            return
        more = self.taken
        now = self.session.loop.time()
        if now - self.told < QUICK and self.window * 2 <= LARGEST_WINDOW and self.session.may_grow(self.window):
            more += self.window
            self.window *= 2
        self.told = now
        self.taken = 0
        self.left += more
        self.session.send(WINDOW, 0, self.number, more)

    def more(self, credit):
        self.credit += credit
        if self.credit > 0xFFFFFFFF:
            raise Violation("a window too large")
        self.pump()

    def end(self):
        """The client will say nothing more."""
        self.fin_received = True
        self.pass_on()
        self.close_if_ended()

    def reset(self):
        self.over = True
        if self.transport is not None:
            sock = self.transport.get_extra_info("socket")
            if sock is not None and sock.fileno() >= 0:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.transport.abort()
        elif self.connecting is not None:
            self.connecting.cancel()

    # to the target

    async def connect(self, target):
        try:
            if target == "agent" and self.session.relay.agent is not None:
                return self.connection_made(AgentEnd(self, self.session.relay.agent))
            host, port = self.session.relay.address(target)
            await asyncio.wait_for(self.session.loop.create_connection(lambda: self, host, port), CONNECT)
        except (OSError, asyncio.TimeoutError) as e:
            if not self.over:
                self.over = True
                text = "%s: %s" % (target, e or "no connection within %g s" % CONNECT)
                self.session.forget(self)
                self.session.send(DATA, ACK | FIN, self.number, REFUSED + text.encode()[:300])

    def connection_made(self, transport):
        self.transport = transport
        if self.over:
            transport.abort()
            return
        if isinstance(transport, asyncio.Transport):
            no_delay(transport)
            transport.set_write_buffer_limits(high=0)
        self.credit -= 1
        self.session.send(DATA, ACK, self.number, CONNECTED)
        self.resume_writing()
        if isinstance(transport, AgentEnd):
            transport.begin()

    def pause_writing(self):
        self.stuck = True

    def resume_writing(self):
        self.stuck = False
        self.pass_on()
        self.close_if_ended()

    def pass_on(self):
        if self.stuck or self.transport.is_closing():
            return
        held, self.held = self.held, []
        if held:
            write(self.transport, held)
        if self.fin_received:
            self.transport.write_eof()  # after all that was written
        self.grant()

    def data_received(self, data):
        self.unsent = self.unsent + data if self.unsent else data
        self.pump()

    def eof_received(self):
        self.target_ended = True
        self.pump()
        return True  # the way to the target stays open

    def pump(self):
        if self.over or self.transport is None:
            return
        if self.unsent and self.credit:
            part = self.unsent[: self.credit]
            self.unsent = self.unsent[len(part) :]
            self.credit -= len(part)
            self.session.send(DATA, 0, self.number, part)
        pause = bool(self.unsent) or self.session.stuck
        if self.session.stuck:
            self.session.waiting[self] = True
        if pause != self.paused and not self.transport.is_closing():
            self.paused = pause
            if pause:
                self.transport.pause_reading()
            else:
                self.transport.resume_reading()
        if self.target_ended and not self.unsent and not self.fin_sent:
            self.fin_sent = True
            self.session.send(WINDOW, FIN, self.number, 0)
            self.close_if_ended()

    def close_if_ended(self):
        if self.fin_sent and self.fin_received and not self.held:
            self.transport.close()  # what the target has not yet taken goes on its way first

    def connection_lost(self, error):
        self.session.forget(self)
        if not self.over and not (self.fin_sent and self.fin_received):
            self.session.send(WINDOW, RST, self.number, 0)
        self.over = True


class AgentEnd:
    """What a client's stream has in the place of a connection if it leads to the agent."""

    def __init__(self, stream, line):
        self.stream = stream
        self.line = line
        self.said = b""
        self.paused = False
        self.behind = False  # something was not told; all is told again when the client takes it
        self.closed = False

    def begin(self):
        self.line.listeners[self] = True
        self.account()

    def account(self):
        self.behind = self.paused
        if not self.paused:
            for line in self.line.account():
                self.stream.data_received(line)

    def tell(self, line):
        if self.paused:
            self.behind = True
        else:
            self.stream.data_received(line)

    def write(self, data):
        *lines, self.said = (self.said + data).split(b"\n")
        if len(self.said) > LONGEST_LINE:
            raise Violation("a line without an end")
        for line in lines:
            self.line.ask(self, line)

    def write_eof(self):
        self.close()
        self.stream.eof_received()

    def pause_reading(self):
        self.paused = True

    def resume_reading(self):
        self.paused = False
        if self.behind:
            self.account()

    def get_extra_info(self, name):
        return None

    def is_closing(self):
        return self.closed

    def close(self):
        if not self.closed:
            self.closed = True
            self.line.forget(self)
            self.stream.session.loop.call_soon(self.stream.connection_lost, None)

    abort = close


class AgentLine(asyncio.Protocol):
    """The pipes to the agent in the scheduler: what it says goes to all who listen, what they ask to it.

    Keeps what has to be told to who comes later. Its end is the end of the scheduler.
    """

    def __init__(self, relay):
        self.relay = relay
        self.rest = bytearray()  # of a line, grown in place
        self.deaf = False
        self.greeting = None
        self.http = None  # where the scheduler's HTTP server listens
        self.workers = {}  # names by address, in the order in which they came
        self.state = {}
        self.complete = False
        self.listeners = {}
        self.asked = {}  # who asked, and the number it gave it
        self.questions = 0

    def data_received(self, data):
        if self.deaf:
            return  # but for its end
        try:
            if b"\n" not in data:
                self.rest += data
                if len(self.rest) > LONGEST_TOLD:
                    raise ValueError("a line without an end")
                return
            *lines, rest = (bytes(self.rest) + data).split(b"\n")
            self.rest = bytearray(rest)
            for line in lines:
                self.said(json.loads(line), line + b"\n")
        except Exception as e:
            self.give_up("what it says makes no sense: %.200r" % e)

    def give_up(self, reason):
        """The scheduler goes on without an agent, and its clients with it."""
        log("the agent is not listened to any more: %s" % reason)
        self.deaf = True
        self.rest = bytearray()
        self.state["failed"] = reason
        for listener in list(self.listeners):
            listener.tell(as_line({"failed": reason}))

    def said(self, content, line):
        if "answer" in content:
            return self.answered(content)
        if "agent" in content:
            self.greeting, self.workers, self.state, self.complete = line, {}, {}, False
            self.http = content.get("http")
        self.workers.update(content.get("came", {}))
        for address in content.get("left", ()):
            self.workers.pop(address, None)
        self.state.update({key: content[key] for key in ("busy", "wanted", "closing", "failed") if key in content})
        if "complete" in content:
            self.complete = True
            for listener in list(self.listeners):
                listener.account()
        elif self.complete or "failed" in content:
            for listener in list(self.listeners):
                listener.tell(line)

    def account(self):
        """All there is to tell, in lines; nothing while the agent has not told all of it."""
        if not self.complete:
            return [as_line({"failed": self.state["failed"]})] if "failed" in self.state else []
        workers = list(self.workers.items())
        parts = [dict(workers[first : first + AT_ONCE]) for first in range(0, len(workers), AT_ONCE)]
        came = [as_line({"came": part}) for part in parts]
        return [self.greeting] + came + [as_line(dict(self.state, complete=True))]

    def ask(self, who, line):
        try:
            question = json.loads(line)
            number = int(question["ask"])
        except (ValueError, KeyError, TypeError):
            raise Violation("what the agent is asked is no question")
        self.questions += 1
        self.asked[self.questions] = (who, number)
        sys.stdout.buffer.write(as_line(dict(question, ask=self.questions)))
        sys.stdout.buffer.flush()

    def answered(self, content):
        question = content["answer"]
        who, number = self.asked[question] if content.get("more") else self.asked.pop(question)
        if who in self.listeners:
            who.stream.data_received(as_line(dict(content, answer=number)))

    def forget(self, listener):
        self.listeners.pop(listener, None)

    def connection_lost(self, error):
        self.relay.end("the scheduler is gone")


def as_line(content):
    return json.dumps(content, separators=(",", ":")).encode() + b"\n"


class Timers:
    """What is to happen later, by name."""

    def __init__(self, loop):
        self.loop = loop
        self.set = {}

    def after(self, seconds, name, action):
        self.cancel(name)
        self.set[name] = self.loop.call_later(seconds, self.act, name, action)

    def act(self, name, action):
        self.set.pop(name)
        action()

    def cancel(self, *names):
        for name in names or list(self.set):
            timer = self.set.pop(name, None)
            if timer:
                timer.cancel()


class Connection(asyncio.Protocol):
    """One connection from a client: first the proofs, then a session's frames, both ways or one."""

    def __init__(self, relay):
        self.relay = relay
        self.timers = Timers(relay.loop)
        self.transport = None
        self.read = self.hello
        self.introduction = bytearray()
        self.client_nonce = b""
        self.nonces = b""
        self.way = None
        self.session = None

    def connection_made(self, transport):
        self.transport = transport
        no_delay(transport)
        transport.set_write_buffer_limits(high=BUFFER, low=BUFFER // 2)
        transport.max_size = READ
        self.timers.after(INTRODUCTION, "introduction", transport.abort)
        self.relay.welcome(self)

    def data_received(self, data):
        self.read(data)

    def hello(self, data):
        self.introduction += data
        if not self.introduction.startswith(MAGIC[: len(self.introduction)]):
            return self.refuse("it does not speak the protocol")
        if len(self.introduction) > len(MAGIC) + NONCE:
            return self.refuse("it speaks before it is asked")
        if len(self.introduction) == len(MAGIC) + NONCE:
            own = secrets.token_bytes(NONCE)
            self.client_nonce = bytes(self.introduction[len(MAGIC) :])
            self.nonces = self.client_nonce + own
            self.introduction.clear()
            self.read = self.proof
            self.transport.write(MAGIC + own)
            self.keep_sending(FILLER, PUSHED)

    def keep_sending(self, what, pause):
        """Sends a little more, so that nothing on the way holds back what was sent before."""

        def more():
            if not self.transport.is_closing():
                self.transport.write(what)
                self.keep_sending(what, NUDGE * 2)

        self.timers.after(pause, "more", more)

    def proof(self, data):
        self.introduction += data
        if len(self.introduction) > hashlib.sha256().digest_size:
            return self.refuse("it speaks before it is asked")
        if len(self.introduction) < hashlib.sha256().digest_size:
            return
        given = bytes(self.introduction)
        ways = [way for way in (BOTH, UP, DOWN) if hmac.compare_digest(given, self.prove(way))]
        if not ways:
            return self.refuse("it does not know the secret")
        self.timers.cancel("introduction", "more")
        self.way = ways[0]
        self.read = self.nothing
        self.transport.write(PROOF + self.prove(b" relay  "))
        if self.way == BOTH:
            return Session(self.relay, self, self).begin()
        self.keep_sending(PUSH, PUSHED)  # until the client speaks, and so has all the proofs
        self.timers.after(PARTNER, "partner", self.transport.abort)
        self.relay.join(self)

    def prove(self, who):
        return hmac.new(self.relay.secret, MAGIC + who + self.nonces, hashlib.sha256).digest()

    def refuse(self, reason):
        log("refused a connection from %s: %s" % (self.transport.get_extra_info("peername"), reason))
        self.transport.abort()

    def nothing(self, data):
        if data:
            self.refuse("it speaks where it has to listen")

    def pause_writing(self):
        if self.session is not None and self is self.session.down:
            self.session.pause_writing()

    def resume_writing(self):
        if self.session is not None and self is self.session.down:
            self.session.resume_writing()

    def eof_received(self):
        return False

    def connection_lost(self, error):
        self.timers.cancel()
        self.relay.farewell(self)
        if self.session is not None:
            self.session.lost()


class Session:
    """The frames of one client: what comes up and what goes down, over one connection or over two."""

    def __init__(self, relay, up, down):
        self.relay = relay
        self.loop = relay.loop
        self.up = up
        self.down = down
        self.timers = Timers(relay.loop)
        self.over = False
        self.head = b""
        self.rest = 0  # bytes of a Data frame that are still to come
        self.current = None
        self.current_flags = 0
        self.streams = {}
        self.highest = 0
        self.growth = 0
        self.out = []  # frames that go out together, at the end of this round of the loop
        self.flushing = False
        self.stuck = False
        self.waiting = {}  # the streams that go on when the client takes bytes again, in their order
        self.replies = 0
        self.heard = True
        self.silences = 0
        self.unproved = 0  # bytes of which nobody knows whether they have arrived
        self.unasked = False  # something was sent after the last question
        self.asked = 0
        self.covering = 0  # the first question after all that was sent
        self.covered = 0  # bytes before it of those
        self.answered = 0

    def begin(self):
        for connection in (self.up, self.down):
            connection.session = self
            connection.timers.cancel("partner")
        self.up.read = self.data_received
        self.relay.accept(self)
        self.timers.after(ALIVE, "alive", self.look_alive)
        self.sent(0)  # the proof

    def data_received(self, data):
        self.heard = True
        self.up.timers.cancel("more")
        self.down.timers.cancel("more")
        try:
            self.frames(data)
        except Violation as e:
            log("closing a connection: %s" % e)
            self.leave(VIOLATED)
        if len(data) < MUCH < self.rest and not self.over:
            self.gather()

    def gather(self):
        """Lets more of a large frame come first: UNICORE passes it on in pieces of a few KiB, each of which costs."""
        self.up.transport.pause_reading()
        self.timers.after(GATHERED, "gather", self.up.transport.resume_reading)

    # frames in

    def frames(self, data):
        view = memoryview(data)
        spoken_to = {}
        while view and not self.over:
            if self.rest:
                part = view[: self.rest]
                view = view[len(part) :]
                self.rest -= len(part)
                if self.current is not None and not self.current.over:
                    self.current.receive(part)
                    spoken_to[self.current] = True
                if not self.rest:
                    self.end_of_frame()
                continue
            part = view[: HEADER.size - len(self.head)]
            view = view[len(part) :]
            self.head += part
            if len(self.head) == HEADER.size:
                frame = HEADER.unpack(self.head)
                self.head = b""
                self.frame(*frame)
        for stream in spoken_to:
            if not stream.over:
                stream.pass_on()

    def frame(self, version, kind, flags, number, length):
        if version != 0 or kind > AWAY or flags > SYN | ACK | FIN | RST:
            raise Violation("what came is no frame")
        if kind in (PING, AWAY):
            if number != 0:
                raise Violation("a ping on a stream")
            if kind == AWAY:
                self.leave(NORMAL)
            elif flags & SYN:
                self.reply(PING, ACK, 0, length)
            elif flags & ACK:
                self.answered = max(self.answered, length)
                if self.answered >= self.covering:
                    self.unproved -= self.covered
                    self.covered = 0
            return
        stream = self.stream(number, flags)
        if stream is not None and flags & RST:
            self.forget(stream)
            stream.reset()
            stream = None
        if kind == WINDOW:
            if stream is not None:
                stream.more(length)
                if flags & FIN:
                    stream.end()
            return
        if stream is not None and length > stream.left:
            raise Violation("more data than the window allows")
        self.rest = length
        self.current = stream
        self.current_flags = flags
        if not length:
            self.end_of_frame()

    def stream(self, number, flags):
        """The stream of a frame; none if the stream is over."""
        if number % 2 == 0:
            raise Violation("a stream number that is not the client's")
        if flags & SYN:
            if number <= self.highest:
                raise Violation("a stream number is used again")
            self.highest = number
            if len(self.streams) < MOST_STREAMS:
                self.streams[number] = Stream(self, number)
            else:
                self.reply(WINDOW, RST, number, 0)
        elif number > self.highest:
            raise Violation("a frame on a stream that was never opened")
        return self.streams.get(number)

    def end_of_frame(self):
        stream, self.current = self.current, None
        if stream is not None and self.current_flags & FIN and not stream.over and not stream.fin_received:
            stream.end()

    def forget(self, stream):
        if self.streams.pop(stream.number, None) is not None:
            self.growth -= stream.window - FIRST_WINDOW

    def may_grow(self, size):
        if self.growth + size > ALL_GROWTH:
            return False
        self.growth += size
        return True

    # frames out

    def send(self, kind, flags, number, payload):
        if isinstance(payload, int):
            self.write(HEADER.pack(0, kind, flags, number, payload))
        else:
            self.write(HEADER.pack(0, kind, flags, number, len(payload)), payload)

    def reply(self, kind, flags, number, length):
        self.replies = self.replies + 1 if self.stuck else 0
        if self.replies > MOST_REPLIES:
            self.abort()
        self.send(kind, flags, number, length)

    def write(self, *parts):
        if self.over:
            return
        self.out += parts
        if not self.flushing:
            self.flushing = True
            self.loop.call_soon(self.flush)
        self.sent(sum(map(len, parts)))

    def flush(self):
        self.flushing = False
        if self.out and not self.stuck and not self.down.transport.is_closing():
            out, self.out = self.out, []
            write(self.down.transport, out)

    def sent(self, size):
        """Sees to it that all arrives: a Gateway may hold back what comes down while something goes up
        the same connection, or the end of much that comes down at once, until more comes down."""
        self.unproved += size
        if self.up is self.down or self.unproved > UNHELD:
            self.unasked = True
            if "push" not in self.timers.set:
                self.timers.after(PUSHED, "push", self.push)
            if "nudge" not in self.timers.set:
                self.timers.after(NUDGE, "nudge", self.nudge)

    def push(self):
        if not self.out and not self.down.transport.get_write_buffer_size():
            self.down.transport.write(PUSH)

    def nudge(self):
        """Sends pings until one that came after all the rest is answered."""
        pause = min(SLOWEST_NUDGE, NUDGE * 2 ** min(8, self.asked - self.covering + 1))
        if self.unasked:
            self.covering = self.asked + 1
            self.covered = self.unproved
            pause = NUDGE
        elif self.answered >= self.covering:
            return
        if not self.out and not self.down.transport.get_write_buffer_size():
            self.asked += 1
            self.down.transport.write(HEADER.pack(0, PING, SYN, 0, self.asked & 0xFFFFFFFF))
            self.unasked = False
        self.timers.after(pause, "nudge", self.nudge)

    def pause_writing(self):
        self.stuck = True

    def resume_writing(self):
        self.stuck = False
        self.flush()
        waiting, self.waiting = self.waiting, {}
        for stream in waiting:
            stream.pump()

    # the end

    def look_alive(self):
        self.silences = 0 if self.heard else self.silences + 1
        if self.silences >= SILENCES:
            log("closing a connection: nothing came for %g s" % (ALIVE * SILENCES))
            return self.abort()
        if not self.heard:
            self.send(PING, SYN, 0, 0)
        self.heard = False
        self.timers.after(ALIVE, "alive", self.look_alive)

    def leave(self, code):
        if not self.over:
            self.send(AWAY, 0, 0, code)
            self.flush()
            self.stop()
            # Who hears that closes both connections; the end of one could overtake it on the other.
            self.timers.after(1.0, "leaving", self.abort)

    def abort(self):
        self.up.transport.abort()
        self.down.transport.abort()

    def stop(self):
        self.over = True
        self.timers.cancel()

    def lost(self):
        """One of its connections is gone, and the session with it."""
        self.stop()
        self.abort()
        for stream in list(self.streams.values()):
            stream.reset()
        self.streams.clear()
        self.relay.forget(self)


class Relay:
    """Listens for clients, and watches for the end of the scheduler."""

    def __init__(self, arguments, loop):
        self.arguments = arguments
        self.loop = loop
        self.secret = read_secret(SECRET_FILE)
        self.agent = AgentLine(self) if arguments.agent else None
        self.last_port = 0
        self.scheduler = None
        self.file_seen = None
        self.parent = os.getppid()
        self.strangers = collections.OrderedDict()  # connections that have not proved the secret
        self.single = {}  # those that have, and wait for their partner, by their client's nonce
        self.sessions = set()
        self.ending = loop.create_future()

    # clients

    def welcome(self, connection):
        self.strangers[connection] = True
        if len(self.strangers) > MOST_STRANGERS:
            oldest, _ = self.strangers.popitem(last=False)
            oldest.transport.abort()

    def join(self, connection):
        """Two connections are one client's if both of their proofs are good for one nonce of it."""
        self.strangers.pop(connection, None)
        partner = self.single.pop(connection.client_nonce, None)
        if partner is None:
            self.single[connection.client_nonce] = connection
        elif partner.way == connection.way:
            self.single[connection.client_nonce] = partner
            connection.refuse("its client has such a one already")
        elif partner.way == UP:
            Session(self, partner, connection).begin()
        else:
            Session(self, connection, partner).begin()
        if len(self.single) > MOST_SESSIONS:
            connection.transport.abort()

    def accept(self, session):
        self.strangers.pop(session.up, None)
        self.sessions.add(session)
        log("a client is connected, %d in all" % len(self.sessions))
        if len(self.sessions) > MOST_SESSIONS:
            session.abort()

    def farewell(self, connection):
        self.strangers.pop(connection, None)
        if self.single.get(connection.client_nonce) is connection:
            del self.single[connection.client_nonce]

    def forget(self, session):
        if session in self.sessions:
            self.sessions.remove(session)
            log("a client is gone, %d are left" % len(self.sessions))

    def address(self, target):
        host, ports = self.scheduler
        if ports[target] is None:
            raise OSError("the scheduler has none")
        if target == "dashboard" and self.agent is not None and self.agent.http:
            host = self.agent.http[0]
        return host, ports[target]

    # the scheduler

    def read_scheduler_file(self):
        """Whether the file is there. A file that is half-written is read again later."""
        try:
            status = os.stat(self.arguments.scheduler_file)
            version = (status.st_mtime_ns, status.st_size, status.st_ino)
            if version != self.file_seen:
                with open(self.arguments.scheduler_file, encoding="utf-8") as file:
                    self.scheduler = parse_scheduler(json.load(file))
                self.file_seen = version
        except FileNotFoundError:
            return False
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            pass
        return True

    def parent_is_gone(self):
        return os.getppid() != self.parent

    async def scheduler_comes(self):
        start = time.monotonic()
        while True:
            self.read_scheduler_file()
            if self.scheduler is not None:
                return
            if self.parent_is_gone():
                self.end("the process that started it is gone, and no scheduler came")
            if time.monotonic() - start > self.arguments.wait:
                self.end("no scheduler came within %g s" % self.arguments.wait)
            await asyncio.sleep(0.1)

    async def scheduler_goes(self):
        missing = 0
        while True:
            await asyncio.sleep(LOOK)
            missing = 0 if self.read_scheduler_file() else missing + 1
            if missing == 3:
                return self.end("the scheduler file is gone")
            if self.parent_is_gone():
                return self.end("the process that started it is gone")

    async def scheduler_dies(self):
        """A scheduler that is killed leaves its file behind, but not its port."""
        refused = 0
        while True:
            await asyncio.sleep(PROBE)
            host, ports = self.scheduler
            try:
                _, writer = await asyncio.wait_for(
                    asyncio.open_connection(host, ports["scheduler"]), CONNECT
                )
                writer.close()
                refused = 0
            except ConnectionRefusedError:
                refused += 1
            except (OSError, asyncio.TimeoutError):
                pass
            if refused == 3:
                return self.end("the scheduler's port is closed")

    def end(self, reason):
        if not self.ending.done():
            self.ending.set_result(reason)

    # life

    async def run(self):
        self.last_port = read_port(RELAY_FILE)
        for name in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            self.loop.add_signal_handler(name, self.end, "got signal %d" % name)
        if self.agent is not None:
            await self.loop.connect_read_pipe(lambda: self.agent, sys.stdin.buffer)
        serving = self.loop.create_task(self.serve())
        await asyncio.wait([serving, self.ending], return_when=asyncio.FIRST_COMPLETED)
        if serving.done() and serving.exception() is not None:
            raise serving.exception()
        log("ends: %s" % self.ending.result())
        serving.cancel()
        for session in list(self.sessions):
            session.leave(NORMAL)
        remove(RELAY_FILE)
        for _ in range(20):  # until the goodbyes are heard
            if self.sessions:
                await asyncio.sleep(0.05)

    async def serve(self):
        await self.scheduler_comes()
        server = await self.listen()
        host, port = server.sockets[0].getsockname()[:2]
        log("listens on %s port %d" % (host, port))
        self.tell(self.scheduler[0] if host in ("0.0.0.0", "::") else host, port)
        # The end of an agent's pipe is the end of its scheduler.
        await asyncio.gather(self.scheduler_goes(), *([] if self.agent else [self.scheduler_dies()]))

    async def listen(self):
        """Where the scheduler can be reached, the relay can be too; if it was killed, where it listened."""
        own = self.scheduler[0]
        version = socket.AF_INET6 if ":" in own else socket.AF_INET
        for host, family in ((own, 0), (None, version)):
            for port in sorted({self.last_port, 0}, reverse=True):
                try:
                    return await self.loop.create_server(lambda: Connection(self), host, port, family=family)
                except OSError as e:
                    log("cannot listen on %s port %d: %s" % (host or "all addresses", port, e))
        raise OSError("there is nowhere to listen")

    def tell(self, host, port):
        content = {
            "type": "Relay",
            "protocol": MAGIC.decode(),
            "host": host,
            "port": port,
            "pid": os.getpid(),
            "lanes": 2,
        }
        if self.agent is not None:
            content["agent"] = AGENT
        new = "%s.%d" % (RELAY_FILE, os.getpid())
        with open(new, "w", encoding="utf-8") as file:
            json.dump(content, file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(new, RELAY_FILE)


def parse_scheduler(content):
    if content["type"] != "Scheduler":
        raise ValueError("not a scheduler file")
    host, port = content["address"].split("://", 1)[1].rsplit(":", 1)
    dashboard = content.get("services", {}).get("dashboard")
    return host.strip("[]"), {"scheduler": int(port), "dashboard": int(dashboard) if dashboard else None}


def read_secret(path):
    if os.stat(path).st_mode & 0o077:
        os.chmod(path, 0o600)
    with open(path, encoding="ascii") as file:
        secret = bytes.fromhex(file.read().strip())
    if len(secret) != 32:
        raise ValueError("not 32 bytes")
    return secret


def read_port(path):
    """Where a relay that was killed listened; 0 if there was none."""
    try:
        with open(path, encoding="utf-8") as file:
            return int(json.load(file)["port"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0


def write(transport, parts):
    """Writes all of them at once, and copies only what the other end does not take now if it is much.

    Not writelines(), which copies before Python 3.12, and never pauses in 3.12.0 to 3.12.8, 3.13.0 and 3.13.1.
    """
    sock = transport.get_extra_info("socket")
    if sock is not None and sum(map(len, parts)) > MUCH and not transport.get_write_buffer_size():
        try:
            taken = os.writev(sock.fileno(), parts[:MOST_PARTS])
        except OSError:
            taken = 0  # nothing is taken now, or the transport will say why
        while parts and taken >= len(parts[0]):
            taken -= len(parts.pop(0))
        if taken:
            parts[0] = memoryview(parts[0])[taken:]
    transport.write(b"".join(parts))


def no_delay(transport):
    sock = transport.get_extra_info("socket")
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)


def remove(path):
    try:
        os.remove(path)
    except FileNotFoundError:
        pass


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scheduler-file", required=True, help="what the scheduler writes; waited for")
    parser.add_argument("--agent", action="store_true", help="an agent speaks on the standard input")
    parser.add_argument("--wait", type=float, default=300, help="seconds to wait for the scheduler file")
    arguments = parser.parse_args()

    async def run():
        await Relay(arguments, asyncio.get_running_loop()).run()

    try:
        asyncio.run(run())
    except (OSError, ValueError) as e:
        # A wrong secret file must not be quoted.
        sys.exit("relay: %s" % (e if isinstance(e, OSError) else "%s holds no secret" % SECRET_FILE))


if __name__ == "__main__":
    main()
