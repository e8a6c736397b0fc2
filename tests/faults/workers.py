"""Workers of the nursery, from the test's side."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lotsen.config import ROOT, Config

#: Seconds until a worker that must have got somewhere has got there, on a machine with much else to do.
PATIENCE = 180.0
#: How often each trial is repeated: few times in `make test`, as often as the documents say in `make trials`.
TRIALS = int(os.environ.get("LOTSEN_TRIALS", "0"))


def times(few: int, many: int) -> int:
    """Return how often something is tried."""
    return min(many, max(few, TRIALS and many))


class Nursery:
    """A process that forks a worker in milliseconds."""

    def __init__(self, config: Config, *arguments: str) -> None:
        given = {f"LOTSEN_{name.upper()}": str(getattr(config, name)) for name in Config.__dataclass_fields__}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.nursery", *arguments], cwd=ROOT, env=os.environ | given, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, bufsize=1,
        )  # fmt: skip
        self.born: list[int] = []

    def bear(self) -> int:
        """Start a worker; return its number."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        number = int(self.process.stdout.readline())
        self.born.append(number)
        return number

    def kill(self, number: int) -> bool:
        """Kill a worker at once; whether it was still at work."""
        self.born.remove(number)
        try:
            os.kill(number, signal.SIGKILL)
        except ProcessLookupError:
            return False
        wait_until(lambda: not alive(number))
        return True

    def end(self) -> None:
        """Let nothing run on."""
        for number in list(self.born):
            self.kill(number)
        self.process.kill()
        self.process.communicate()


def alive(number: int) -> bool:
    """Whether a worker is there."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def nursery(config: Config, *arguments: str) -> Iterator[Nursery]:
    """Yield a nursery whose workers end with the test."""
    own = Nursery(config, *arguments)
    try:
        yield own
    finally:
        own.end()


def wait_until(there: Callable[[], bool], patience: float = PATIENCE) -> None:
    """Wait for something that surely comes."""
    until = time.monotonic() + patience
    while not there():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.01)


def moment(dice: random.Random, longest: float) -> None:
    """Wait for a random moment."""
    time.sleep(dice.uniform(0, longest))
