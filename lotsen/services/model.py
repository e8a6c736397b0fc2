"""The learned model on disk: read when it changes, refused when damaged.

Then the model in use goes on serving; after a restart the one before serves, else the prior. The matcher is loaded when
it is first needed, as by all that every process imports.
"""

import json
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import structlog

if TYPE_CHECKING:
    from matching import Matcher
    from matching.model import Model
    from matching.scorer import Scorecard

NAME: Final = "model.skops"
#: The model before, which serves where the newest is damaged.
BEFORE: Final = "model-before.skops"
#: What the newest says, for servers to read: skops and scikit-learn would take a hundred megabytes in each of them.
TRANSCRIPT: Final = "model.json"
#: What came of the last try to learn, as JSON.
TRIED: Final = "model-tried.json"
PRIOR: Final = "prior"
_log = structlog.get_logger()


@dataclass(slots=True)
class _Store:
    folder: Path | None = None
    #: What the files looked like when they were last read.
    stamp: tuple[Any, ...] | None = None
    model: "Model | None" = None
    refused: bool = False


_store = _Store()


def configure(folder: Path) -> None:
    """Say where the model stands: the instance folder."""
    global _store  # noqa: PLW0603 -- one folder a process, as for the keys
    _store = _Store(folder)


def folder() -> Path:
    """Return where the model stands."""
    assert _store.folder is not None
    return _store.folder


def current() -> "Model | None":
    """Return the stored model; None where the prior serves."""
    if _store.folder is None:
        return None
    stamp = tuple(_stamp(_store.folder / name) for name in (NAME, BEFORE))
    if stamp != _store.stamp:
        _store.stamp = stamp
        _read(_store.folder)
    return _store.model


def scorecard() -> "Scorecard":
    """Return what pairs are scored by."""
    from matching.scorer import Scorecard  # noqa: PLC0415 -- see the module's docstring

    model = current()
    return model.scorecard if model else Scorecard.prior()


def version() -> str:
    """Return the date of the newest outcome that the model in use has learned from; `PRIOR` for the prior."""
    model = current()
    return str(model.metadata.get("date") or PRIOR) if model and model.metadata.get("learned") else PRIOR


def refused() -> bool:
    """Whether the newest file was refused."""
    current()
    return _store.refused


class Status(NamedTuple):
    """What the administrator sees: which model serves, whether a file was refused, what the last try found.

    `tried` has `on`, `learned`, `outcomes` (counts by kind) and `held_out` (figures of prior and learned).
    """

    version: str
    refused: bool
    tried: dict[str, Any] | None


def status() -> Status:
    """Return which model serves and what came of the last try to learn."""
    try:
        tried = json.loads((folder() / TRIED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        tried = None
    return Status(version(), refused(), tried)


def store(matcher: "Matcher") -> None:
    """Write a fitted matcher's model, whole or not at all; the one before is kept where it was good."""
    from matching.model import dump, transcript  # noqa: PLC0415 -- see the module's docstring
    from matching.tables import write_files  # noqa: PLC0415

    path = folder() / NAME
    if path.exists() and current() is not None and not _store.refused:
        shutil.copyfile(path, folder() / BEFORE)
    data = dump(matcher.model_)
    # In this order: who sees a new model finds its transcript.
    write_files({folder() / TRANSCRIPT: transcript(matcher.model_, data), path: data})
    current()


def _read(folder: Path) -> None:
    """Take the newest file that can be used; a damaged one leaves the model in use as it is."""
    _store.refused = False
    there = [name for name in (NAME, BEFORE) if (folder / name).exists()]
    if not there:
        return
    from matching.model import ModelError, load  # noqa: PLC0415 -- see the module's docstring

    for name in there:
        try:
            _store.model = _told(folder, name) or load(folder / name)
            return
        except ModelError:
            _log.error("model refused", file=name, kind="ModelError")
            _store.refused = True
            if _store.model is not None:
                return


def _told(folder: Path, name: str) -> "Model | None":
    from matching.model import read_transcript  # noqa: PLC0415 -- see the module's docstring

    try:
        return read_transcript((folder / TRANSCRIPT).read_text(encoding="utf-8"), (folder / name).read_bytes())
    except (OSError, ValueError):
        return None


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
