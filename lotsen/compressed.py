"""Static files compressed once, when a process starts: whitenoise sends what ends in .gz to browsers that take it.

Pages are not compressed: what a page repeats of an answer, next to a secret, could be guessed from its length (BREACH).
"""

import gzip
import os
from pathlib import Path
from typing import Final

from lotsen.config import ROOT

_TEXT: Final = frozenset({".css", ".js", ".svg", ".html"})


def compress(folder: Path) -> None:
    """Write each text file's compressed form beside it, where it is missing or older and may be written."""
    if os.access(folder, os.W_OK):
        for file in folder.rglob("*"):
            if file.suffix in _TEXT and file.is_file():
                _compress(file)


def _compress(file: Path) -> None:
    packed, changed = file.with_name(f"{file.name}.gz"), file.stat().st_mtime
    if not packed.exists() or packed.stat().st_mtime < changed:
        written = file.with_name(f".{file.name}.{os.getpid()}")
        written.write_bytes(gzip.compress(file.read_bytes(), mtime=0))
        written.replace(packed)


if __name__ == "__main__":  # where the services may not write here: at an installation
    compress(ROOT / "static")
