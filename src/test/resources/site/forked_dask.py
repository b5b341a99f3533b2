"""Dask for tests: schedulers, workers and clients are forked from a process that has imported it already.

Importing is most of what Dask's start costs. What runs is Dask itself, in a process of its own, in the
process group of its job, with the job's environment, directory and output.

forked_dask.py serve SOCKET             imports Dask, and forks until its standard input ends
forked_dask.py SOCKET PYTHONPATH scheduler|worker [ARGUMENT…]
                                        stands for what is forked: ends when it does, as it does; starts Dask
                                        as usual if the job's PYTHONPATH is another, so that what was imported
                                        is not what it would import
forked_dask.py SOCKET PYTHONPATH client PROGRAM [ARGUMENT…]
                                        likewise for a Python program that uses Dask
"""

import os
import signal
import socket
import sys

LONGEST = 1 << 20


def serve(path):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    listener.listen(100)  # those who come early wait
    import gc
    import random
    import runpy
    import selectors

    import dask
    import distributed.cli.dask_scheduler
    import distributed.cli.dask_worker
    import distributed.diagnostics.plugin
    import distributed.http.scheduler.api  # noqa: F401

    try:
        import distributed.shuffle._scheduler_plugin  # noqa: F401
    except ImportError:
        pass  # older ones have no such thing

    gc.freeze()
    woken, wakes = socket.socketpair()
    for end in (woken, wakes):
        end.setblocking(False)
    signal.set_wakeup_fd(wakes.fileno())
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    selector = selectors.DefaultSelector()
    for source in (listener, woken, sys.stdin):
        selector.register(source, selectors.EVENT_READ)
    waiting = {}

    def run(component, arguments, environment, directory, group, descriptors):
        signal.set_wakeup_fd(-1)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.setpgid(0, group)
        for number, descriptor in enumerate(descriptors):
            os.dup2(descriptor, number)
        os.closerange(3, 1024)
        os.environ.clear()
        os.environ.update(environment)
        os.chdir(directory)
        sys.path.insert(0, directory)
        random.seed()
        dask.config.refresh()
        if component == "client":
            sys.argv = arguments
            runpy.run_path(arguments[0], run_name="__main__")
            return
        sys.argv = ["dask-" + component, *arguments]
        command = distributed.cli.dask_scheduler if component == "scheduler" else distributed.cli.dask_worker
        command.main()

    def fork(connection):
        data, descriptors, _, _ = socket.recv_fds(connection, LONGEST, 3)
        while not data.endswith(b"\0\0"):
            data += connection.recv(LONGEST)
        group, directory, component, *rest = [os.fsdecode(part) for part in data[:-2].split(b"\0")]
        cut = rest.index("--environment--")
        environment = dict(variable.split("=", 1) for variable in rest[cut + 1 :])
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                run(component, rest[:cut], environment, directory, int(group), descriptors)
                status = 0
            except SystemExit as e:
                status = e.code if isinstance(e.code, int) else int(bool(e.code))
            except Exception:
                sys.excepthook(*sys.exc_info())
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
                os._exit(status)
        for descriptor in descriptors:
            os.close(descriptor)
        waiting[pid] = connection
        selector.register(connection, selectors.EVENT_READ, pid)

    def reap():
        while waiting:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            with waiting.pop(pid) as connection:
                if connection in selector.get_map():
                    selector.unregister(connection)
                try:
                    connection.send(b"%d" % os.waitstatus_to_exitcode(status))
                except OSError:
                    pass  # who stood for it was killed with it

    while True:
        for key, _ in selector.select():
            if key.fileobj is listener:
                try:
                    fork(listener.accept()[0])
                except OSError as e:
                    print(e, file=sys.stderr)
            elif key.fileobj is woken:
                woken.recv(4096)
                reap()
            elif key.data is not None:
                if key.data in waiting:  # who stands for it was killed
                    os.kill(key.data, signal.SIGKILL)
                    selector.unregister(key.fileobj)
            elif not os.read(0, 4096):
                return


def stand_in(path, usual, component, *arguments):
    of_the_site = os.environ.get("LOCALSITE_PYTHON", "")
    if os.environ.get("PYTHONPATH", "")[len(of_the_site) :].lstrip(":") != usual:
        if component == "client":
            os.execv(sys.executable, [sys.executable, *arguments])
        module = "distributed.cli.dask_" + component
        os.execv(sys.executable, [sys.executable, "-m", module, *arguments])
    # What ends the job's processes ends the forked one, too, which is in their group.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    environment = ["%s=%s" % variable for variable in os.environ.items()]
    parts = [str(os.getpgrp()), os.getcwd(), component, *arguments, "--environment--", *environment]
    with socket.socket(socket.AF_UNIX) as server:
        server.connect(path)
        data = b"\0".join(map(os.fsencode, parts)) + b"\0\0"
        sent = socket.send_fds(server, [data], [0, 1, 2])
        server.sendall(data[sent:])
        code = int(server.recv(100) or b"1")
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(sys.argv[2])
    else:
        stand_in(*sys.argv[1:])
