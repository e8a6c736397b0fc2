"""What the trials came to: `make trials` collects it and writes docs/faults.md.

A trial that is run anew alone, with the same two variables as there, takes the place of what was collected of it.
"""

import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from lotsen.clock import now
from lotsen.config import ROOT

PAGE = ROOT / "docs" / "faults.md"
#: Where figures are collected; nowhere in everyday runs.
COLLECTED = os.environ.get("LOTSEN_FIGURES")
HEAD = """# What was broken, and what came of it

Written by `make trials` on {day}, on a machine with {cores} processors ({machine}, Python {python}) that had much
else to do: seconds say more about it than about us. Every line is a test that fails where the promise is broken; one
that was mended or added since was run anew alone. `make test` runs the same tests with fewer repetitions. A duplicate
is a mail that the server took before it, or we, went away: SMTP leaves that one window open, and both copies carry the
same Message-ID.

Workers are killed in each form of a pairing's life. Of every other form that any test of the application sends, it is
watched that all its changes are in one transaction (`tests/whole.py`); an imported list alone is worked off in
portions, and the job goes on where one was left.

| Trial | Database | Figures |
| --- | --- | --- |
"""


def note(trial: str, database: str, **figures: Any) -> None:
    """Keep what a trial came to."""
    if COLLECTED:
        with Path(COLLECTED).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"trial": trial, "database": database.partition(":")[0], **figures}) + "\n")


def write(collected: Path) -> None:
    """Write the page."""
    read = [json.loads(line) for line in collected.read_text(encoding="utf-8").splitlines()]
    lines = list({(line["trial"], line["database"]): line for line in read}.values())
    rows = sorted(
        f"| {line.pop('trial')} | {line.pop('database')} | "
        + ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in line.items()) + " |"
        for line in lines
    )  # fmt: skip
    where = {"cores": os.cpu_count(), "machine": platform.machine(), "python": platform.python_version()}
    PAGE.write_text(HEAD.format(day=now().date(), **where) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
