"""The far side of `transforms.workers`: a zygote that imports once and forks killable children.

The zygote is one plain process without threads; the pool asks it over a socket to fork a child or
to collect a dead one. It ends when the pool's end of that socket closes, however the pool's process
ended, and the kernel then ends its children (PR_SET_PDEATHSIG), also those busy in C code. Nothing
here imports Beam or the caller's `__main__`. POSIX; the limits need Linux's /proc and prctl.
"""

import ctypes
import gc
import importlib
import logging
import math
import os
import pickle
import resource
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from typing import Any

from transforms.errors import ItemError

PR_SET_PDEATHSIG = 1
DETAIL_CHARS = 300
CPU_SLACK_S = 5
FORK = b"F"
WAIT = b"W"
READY = b"R"


def resolve(name: str) -> Callable[[Any], Any]:
    """The function that `module:function` names."""
    module, _, function = name.partition(":")
    found: Callable[[Any], Any] = getattr(importlib.import_module(module), function)
    return found


def warm(names: Sequence[str]) -> None:
    """Import each `module`; call each `module:function` without arguments."""
    for name in names:
        module = importlib.import_module(name.partition(":")[0])
        if ":" in name:
            getattr(module, name.partition(":")[2])()


def zygote(
    control_fd: int, target: str, preload: Sequence[str], memory_mib: int, cpu_s: float
) -> None:
    """Import, say `READY` (or the error), then fork and collect children until the pool is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    control = socket.socket(fileno=control_fd)
    try:
        warm(preload)
        function = resolve(target)
    except Exception as error:  # noqa: BLE001  whatever the import raised is told to the pool
        control.sendall(f"{type(error).__name__}: {error}"[:DETAIL_CHARS].encode())
        return
    gc.collect()
    gc.freeze()
    control.sendall(READY)
    me = os.getpid()
    while True:
        request, fds, _, _ = socket.recv_fds(control, 64, 1)
        if not request:
            return
        if request[:1] == WAIT:
            _, status = os.waitpid(int(request[1:]), 0)
            control.sendall(str(os.waitstatus_to_exitcode(status)).encode())
            continue
        pid = os.fork()
        if pid == 0:
            control.close()
            _child(fds[0], me, function, memory_mib, cpu_s)
        os.close(fds[0])
        control.sendall(str(pid).encode())


def _child(
    fd: int, parent: int, function: Callable[[Any], Any], memory_mib: int, cpu_s: float
) -> None:
    """Serve items from `fd` until it closes; never returns."""
    code = 1
    try:
        _die_with(parent)
        _die_first()
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        limit_memory(memory_mib)
        serve(Connection(fd), function, cpu_s)
        code = 0
    finally:
        os._exit(code)


def _die_with(parent: int) -> None:
    if not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


def _die_first() -> None:
    """When the machine runs out of memory, this child goes before anything that holds state."""
    try:
        fd = os.open("/proc/self/oom_score_adj", os.O_WRONLY)
    except OSError:
        return
    try:
        os.write(fd, b"1000")
    finally:
        os.close(fd)


def limit_memory(mib: int) -> None:
    """Let this process map `mib` MiB more than it maps now; more raises MemoryError."""
    try:
        with open("/proc/self/statm", encoding="ascii") as statm:
            mapped = int(statm.read().split()[0]) * resource.getpagesize()
    except OSError:
        return
    limit = mapped + mib * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def limit_cpu(seconds: float) -> None:
    """Let this process use `seconds` more of CPU, then be killed: holds where prctl does not."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    soft = math.ceil(usage.ru_utime + usage.ru_stime + seconds) + CPU_SLACK_S
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


def serve(conn: Connection, function: Callable[[Any], Any], cpu_s: float) -> None:
    """Answer each pickled argument with a pickled (status, value, detail)."""
    while True:
        try:
            message = conn.recv_bytes()
        except EOFError:
            return
        limit_cpu(cpu_s)
        conn.send_bytes(answer(function, message))
        del message


def answer(function: Callable[[Any], Any], message: bytes) -> bytes:
    """Run one item; whatever it raises becomes data."""
    try:
        reply = ("ok", function(pickle.loads(message)), "")
        return pickle.dumps(reply, pickle.HIGHEST_PROTOCOL)
    except ItemError as error:
        return pickle.dumps(("item_error", error, str(error)[:DETAIL_CHARS]))
    except MemoryError:
        return pickle.dumps(("memory", None, "MemoryError"))
    except BaseException as error:  # noqa: BLE001  SystemExit and the like must not end the child
        detail = f"{type(error).__name__}: {error}"[:DETAIL_CHARS]
        return pickle.dumps(("error", None, detail.encode("utf-8", "replace").decode()))
