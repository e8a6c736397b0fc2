"""The learned model: fitted on outcomes, used only if it is better, kept in a file that damage cannot get past.

What outcomes can and cannot teach: they exist only for pairs that were proposed, and proposals are the best pairs of
their day, so poor pairs are hardly ever seen. Weighting by the chance of having been proposed is no way out, since
that chance was 1 or 0. The model leans on two other things. Given the criteria, who was proposed does not tell any
more about success (competition with others decided it), so curves are sound where there are outcomes. And where
there are none, the curves keep the prior's slope instead of running free.

scikit-learn and skops take longer to import than most runs, so they are imported where they are needed.
"""

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from matching.features import CRITERIA
from matching.outcomes import Samples
from matching.scorer import Scorecard

#: Version of the file's content; others are refused.
VERSION = 1
#: Stretches of each criterion's curve.
_STRETCHES = 4
#: How far the prior's contribution of a stretch is believed to be off, so that a whole curve may be off by 0.5.
_SPREAD = 0.25
#: The same for the base.
_BASE_SPREAD = 1.0
#: The newest share of the outcomes, which the model is tried on and not fitted to.
_HELD_OUT = 0.25
#: Fewer outcomes than this among those held out prove nothing.
_ENOUGH = 25
#: An expected calibration error that is good enough, whatever the prior's.
_CALIBRATED = 0.05
_DIGEST = 64


class ModelError(ValueError):
    """A model file that cannot be used."""


@dataclass(frozen=True, eq=False)
class Model:
    """A scorecard and where it comes from.

    Attributes:
        scorecard: The learned one if it was better, else the prior.
        metadata: ``learned`` (whether it was), ``date`` (of the newest outcome), ``outcomes`` (counts) and
            ``held_out`` (figures of both on outcomes that the model had not seen).
    """

    scorecard: Scorecard
    metadata: dict[str, Any]


def learn(samples: Samples, prior: Scorecard) -> Model:
    """Fit a model to the older outcomes, try it on the newer, and take it if it is better than the prior there.

    Better means a lower log loss and Brier score, and an expected calibration error that is not higher, or low.
    A model that is taken is fitted once more, to all outcomes.
    """
    split = len(samples.success) - int(len(samples.success) * _HELD_OUT)
    older, newer = ((samples.criteria[part], samples.success[part]) for part in (slice(split), slice(split, None)))
    metadata = {"date": samples.newest, "outcomes": samples.counts, "learned": False, "held_out": {}}
    if len(newer[1]) < _ENOUGH or not 0 < older[1].mean() < 1:
        return Model(prior, metadata)
    tried = {"prior": figures(prior, *newer), "learned": figures(_fit(*older, prior), *newer)}
    before, now = tried["prior"], tried["learned"]
    metadata["held_out"] = tried
    metadata["learned"] = (
        now["log_loss"] < before["log_loss"]
        and now["brier"] < before["brier"]
        and now["calibration_error"] <= max(before["calibration_error"], _CALIBRATED)
    )
    return Model(_fit(samples.criteria, samples.success, prior) if metadata["learned"] else prior, metadata)


def _fit(criteria: npt.NDArray[np.float32], success: npt.NDArray[np.float64], prior: Scorecard) -> Scorecard:
    """Fit curves to outcomes; a sample of unknown outcome counts in part as a success, in part as a failure."""
    from matching.learning import RisingSteps, ShrunkLogisticRegression, make_pipeline  # noqa: PLC0415 - slow to import

    knots = np.linspace(0, 1, _STRETCHES + 1)
    believed = np.diff([np.interp(knots, prior.knots, heights) for heights in prior.heights], axis=1)
    pipeline = make_pipeline(
        RisingSteps(_STRETCHES, limits=(0, 1)),
        ShrunkLogisticRegression(believed.ravel(), prior.base, _SPREAD, _BASE_SPREAD, positive=True),
    )
    both = np.concatenate([np.ones(len(success)), np.zeros(len(success))])
    weights = np.concatenate([success, 1 - success])
    pipeline.fit(np.tile(criteria, (2, 1)), both, shrunklogisticregression__sample_weight=weights)
    regression = pipeline[-1]
    rises = regression.coef_.reshape(len(CRITERIA), _STRETCHES)
    heights = np.concatenate([np.zeros((len(CRITERIA), 1)), np.cumsum(rises, axis=1)], axis=1)
    return Scorecard(float(regression.intercept_[0]), knots, heights)


def figures(
    scorecard: Scorecard, criteria: npt.NDArray[np.float32], success: npt.NDArray[np.float64]
) -> dict[str, float]:
    """How good a scorecard's chances are: log loss, Brier score, expected calibration error in ten bins."""
    log_odds = scorecard.base + scorecard.contributions(criteria.T).sum(axis=0)
    chance = expit(log_odds)
    place = np.minimum((chance * 10).astype(int), 9)
    off = np.bincount(place, chance - success, minlength=10)
    return {
        "log_loss": float(np.mean(np.logaddexp(0, log_odds) - success * log_odds)),
        "brier": float(np.mean((chance - success) ** 2)),
        "calibration_error": float(np.abs(off).sum() / len(success)),
        "outcomes": len(success),
    }


def dump(model: Model) -> bytes:
    """Write a model as a skops file whose closing comment is the SHA-256 of all that stands before."""
    import skops.io  # noqa: PLC0415 - slow to import

    plain = skops.io.dumps(_content(model))
    buffer = io.BytesIO(plain)
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = hashlib.sha256(plain).hexdigest().encode()
    return buffer.getvalue()


def _content(model: Model) -> dict[str, Any]:
    scorecard = model.scorecard
    curves = {"base": scorecard.base, "knots": scorecard.knots, "heights": scorecard.heights}
    return {"version": VERSION, "criteria": list(CRITERIA), **curves, "metadata": model.metadata}


def transcript(model: Model, file: bytes) -> str:
    """Write out what a model says, to be read without skops in place of its file, which :func:`dump` made.

    Returns:
        A line of JSON, and the SHA-256 of that line and the file together.
    """
    content = _content(model)
    told = json.dumps(content | {name: content[name].tolist() for name in ("knots", "heights")})
    return f"{told}\n{_together(told, file)}\n"


def read_transcript(text: str, file: bytes) -> Model | None:
    """Read the model of a file from its transcript; None if the transcript is damaged or of another file."""
    told, _, digest = text.rstrip("\n").rpartition("\n")
    try:
        return _checked(json.loads(told)) if digest == _together(told, file) else None
    except ValueError:
        return None


def _together(told: str, file: bytes) -> str:
    return hashlib.sha256(told.encode() + file).hexdigest()


def load(path: Path) -> Model:
    """Read a model.

    Raises:
        ModelError: The file is damaged, is not one of ours, or was made by another version.
    """
    import skops.io  # noqa: PLC0415 - slow to import

    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}") from None
    plain, digest = data[: -_DIGEST - 2] + b"\0\0", data[-_DIGEST:]
    if hashlib.sha256(plain).hexdigest().encode() != digest or len(data) < _DIGEST + 22:
        raise ModelError(f"{path}: the model file is damaged or is none of ours")
    try:
        return _checked(skops.io.loads(plain, trusted=[]))
    except Exception as error:  # a forged file can make any part of the reader fail
        raise ModelError(f"{path}: the model cannot be used: {error}") from error


def _checked(content: dict[str, Any]) -> Model:
    """Refuse what a file of ours would never hold."""
    if content["version"] != VERSION or content["criteria"] != list(CRITERIA):
        raise ModelError("it was made by another version")
    scorecard = Scorecard(float(content["base"]), np.asarray(content["knots"]), np.asarray(content["heights"]))
    if scorecard.heights.shape != (len(CRITERIA), len(scorecard.knots)):
        raise ModelError("its curves do not fit the criteria")
    numbers = np.concatenate([scorecard.heights.ravel(), scorecard.knots, [scorecard.base]])
    if not np.isfinite(numbers).all() or (np.diff(scorecard.heights, axis=1) < 0).any():
        raise ModelError("its curves are not rising numbers")
    return Model(scorecard, dict(content["metadata"]))
