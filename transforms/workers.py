"""A pool of killable worker processes: one hang, crash or blow-up costs one item, not the run.

Built on `transforms.sandbox`; no threads here or there. The pool belongs to the thread that made
it. Statuses: `ok`; `item_error` (the target raised ItemError, in `value`); `error` (any other
exception); `memory`; `timeout`; `died` (a signal or exit; tried once more alone before it is said).
"""

import json
import os
import pickle
import signal
import socket
import subprocess
import sys
import time
from collections import deque
from collections.abc import Hashable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import Any, NamedTuple

from transforms.sandbox import FORK, READY, WAIT

START_TIMEOUT_S = 60.0
STOP_TIMEOUT_S = 2.0
MAX_TRIES = 2
GROWN = 100  # items after which a free child holds memory worth giving back
_BOOT = (
    "import json, sys; args = json.loads(sys.argv[1]); sys.path[:] = args.pop('path'); "
    "from transforms.sandbox import zygote; zygote(**args)"
)


class Result(NamedTuple):
    """What became of the item submitted as `key`."""

    key: Hashable
    status: str
    value: Any
    detail: str


class _Job(NamedTuple):
    key: Hashable
    message: bytes
    tries: int


class _Child:
    """One worker process and the item it works on."""

    def __init__(self, pid: int, conn: Connection) -> None:
        self.pid = pid
        self.conn = conn
        self.served = 0
        self.job: _Job | None = None
        self.deadline = 0.0


class KillablePool:
    """Runs `target` ("module:function", one picklable argument) in child processes.

    timeout_s: wall seconds an item may take. memory_mib: what an item may map on top of the
    imported child. recycle: items after which a child is replaced. preload: modules to import, or
    "module:function" to call, once before children are forked.
    """

    def __init__(
        self,
        target: str,
        workers: int = 1,
        timeout_s: float = 15.0,
        memory_mib: int = 512,
        recycle: int = 500,
        preload: Sequence[str] = (),
    ) -> None:
        self._workers = max(1, workers)
        self._timeout_s = timeout_s
        self._recycle = recycle
        self._boot = {
            "target": target,
            "preload": list(preload),
            "memory_mib": memory_mib,
            "cpu_s": timeout_s,
        }
        self._zygote: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None
        self._children: list[_Child] = []
        self._done: deque[Result] = deque()

    def submit(self, key: Hashable, arg: Any) -> None:
        """Hand one item to a free child; waits while all are busy."""
        self._start(_Job(key, pickle.dumps(arg, pickle.HIGHEST_PROTOCOL), 1))

    def ready(self) -> Iterator[Result]:
        """Results that are there now, in the order they came; never waits."""
        self._pump(block=False)
        while self._done:
            yield self._done.popleft()

    def drain(self) -> Iterator[Result]:
        """Wait for every submitted item and yield the results."""
        while self._done or any(child.job for child in self._children):
            if not self._done:
                self._pump(block=True)
            while self._done:
                yield self._done.popleft()

    def rest(self) -> None:
        """End the free children that have served many items; the next item forks a fresh one."""
        for child in list(self._children):
            if child.job is None and child.served >= GROWN:
                self._discard(child)

    def close(self) -> None:
        """Kill what still runs and forget what was not collected."""
        for child in self._children:
            child.conn.close()
            self._kill(child)
        self._children.clear()
        self._done.clear()
        self._stop_zygote()

    def __enter__(self) -> "KillablePool":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self, job: _Job) -> None:
        child = self._free_child()
        try:
            child.conn.send_bytes(job.message)
        except OSError:  # it died while idle: the item is not to blame
            self._discard(child)
            child = self._fork()
            child.conn.send_bytes(job.message)
        child.job = job
        child.deadline = time.monotonic() + self._timeout_s

    def _free_child(self) -> _Child:
        while True:
            for child in self._children:
                if child.job is None:
                    return child
            if len(self._children) < self._workers:
                return self._fork()
            self._pump(block=True)

    def _pump(self, *, block: bool) -> None:
        """Collect answers, deaths and overdue items; with `block`, until there is at least one."""
        busy = {child.conn: child for child in self._children if child.job}
        while busy:
            limit = max(0.0, min(c.deadline for c in busy.values()) - time.monotonic())
            heard = wait(list(busy), limit if block else 0)
            for conn in heard:
                self._hear(busy[conn])  # type: ignore[index]
            now = time.monotonic()
            late = [c for c in busy.values() if c.job and c.conn not in heard and c.deadline <= now]
            for child in late:
                self._finish(child, "timeout", None, f"over {self._timeout_s:g} s")
                self._discard(child)
            if heard or late or not block:
                return

    def _hear(self, child: _Child) -> None:
        try:
            status, value, detail = pickle.loads(child.conn.recv_bytes())
        except (EOFError, OSError):
            job = child.job
            code = self._discard(child)
            if job is not None and job.tries < MAX_TRIES:
                self._start(job._replace(tries=job.tries + 1))
            else:
                self._finish(child, "died", None, _how(code))
            return
        child.served += 1
        self._finish(child, status, value, detail)
        if status == "memory" or child.served >= self._recycle:
            self._discard(child)

    def _finish(self, child: _Child, status: str, value: Any, detail: str) -> None:
        if child.job is not None:
            self._done.append(Result(child.job.key, status, value, detail))
            child.job = None

    def _discard(self, child: _Child) -> int | None:
        """Kill and collect a child; returns its exit code where it can be known."""
        self._children.remove(child)
        child.conn.close()
        self._kill(child)
        try:
            return int(self._ask(WAIT + str(child.pid).encode()))
        except (OSError, ValueError):
            return None

    def _kill(self, child: _Child) -> None:
        """Its id stays its own until the zygote collects it; without a zygote it is dead."""
        if self._zygote is not None and self._zygote.poll() is None:
            os.kill(child.pid, signal.SIGKILL)

    def _fork(self) -> _Child:
        try:
            child = self._fork_once()
        except (OSError, ValueError):  # the zygote is gone: a new one takes over
            self._stop_zygote()
            child = self._fork_once()
        self._children.append(child)
        return child

    def _fork_once(self) -> _Child:
        if self._zygote is None:
            self._start_zygote()
        ours, theirs = socket.socketpair()
        with theirs:
            try:
                pid = int(self._ask(FORK, theirs.fileno()))
            except (OSError, ValueError):
                ours.close()
                raise
        return _Child(pid, Connection(ours.detach()))

    def _ask(self, request: bytes, *fds: int) -> bytes:
        if self._control is None:
            raise OSError("no zygote")
        socket.send_fds(self._control, [request], list(fds))
        return self._control.recv(512)

    def _start_zygote(self) -> None:
        self._control, theirs = socket.socketpair()
        with theirs:
            args = {**self._boot, "path": sys.path, "control_fd": theirs.fileno()}
            self._zygote = subprocess.Popen(
                [sys.executable, "-c", _BOOT, json.dumps(args)],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
            )
        self._control.settimeout(START_TIMEOUT_S)
        said = self._control.recv(512)
        if said != READY:
            self._stop_zygote()
            reason = said.decode(errors="replace") or "it ended"
            raise RuntimeError(f"worker for {self._boot['target']} did not start: {reason}")

    def _stop_zygote(self) -> None:
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._zygote is not None:
            try:
                self._zygote.wait(STOP_TIMEOUT_S)
            except subprocess.TimeoutExpired:
                self._zygote.kill()
                self._zygote.wait()
            self._zygote = None


def _how(code: int | None) -> str:
    if code is None:
        return "killed"
    return f"signal {-code}" if code < 0 else f"exit code {code}"
