"""Learning from outcomes: better than the prior or not used, and safe in its file."""

import hashlib
import io
import json
import random
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import skops.io
from sklearn.exceptions import NotFittedError

from matching import InputError, Matcher, ModelError
from matching.__main__ import main
from matching.features import CRITERIA
from matching.made_up import made_up
from matching.outcomes import read_samples
from tests.matching.people import Row, guide, newcomer, read, write


def history(count: int, weight_of_distance: float, seed: int = 0) -> tuple[list[Row], list[Row], list[Row]]:
    """Newcomers, guides and outcomes of their suggested pairs; how much distance matters is the hidden truth."""
    ones, others = made_up(count, count // 2, districts=3, seed=seed)
    rng = random.Random(seed)
    outcomes = []
    suggestion = Matcher().suggest(ones, others, top=3)
    for pair in suggestion.pairs:
        parts = {r.criterion: r.contribution or 0 for r in suggestion.reasons_of(pair.newcomer_id) if r[:2] == pair[:2]}
        log_odds = -1 + weight_of_distance * parts["distance"] + 3 * parts["language"] - 2 * (1 - parts["topics"])
        lasts = rng.random() < 1 / (1 + np.exp(-log_odds))
        outcome = "completed" if lasts else rng.choice(["declined", "ended_early"])
        day = f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
        outcomes.append({"newcomer_id": pair.newcomer_id, "guide_id": pair.guide_id, "outcome": outcome, "on": day})
    return ones, others, outcomes


@pytest.fixture(scope="module")
def past() -> tuple[list[Row], list[Row], list[Row]]:
    return history(700, weight_of_distance=0.0)


def test_what_is_learned_beats_the_prior_on_outcomes_it_has_not_seen(past: Any) -> None:
    model = Matcher().fit(*past).model_
    assert model.metadata["learned"]
    held_out = model.metadata["held_out"]
    assert held_out["learned"]["log_loss"] < held_out["prior"]["log_loss"]
    assert held_out["learned"]["brier"] < held_out["prior"]["brier"]
    assert held_out["learned"]["calibration_error"] < 0.1
    rises = dict(zip(CRITERIA, model.scorecard.heights[:, -1], strict=True))
    assert rises["distance"] < 0.4 < rises["language"]
    assert (np.diff(model.scorecard.heights, axis=1) >= 0).all()


def test_outcomes_that_teach_nothing_leave_the_prior_in_use(past: Any) -> None:
    ones, others, outcomes = past
    for few in ([], outcomes[:30], [row | {"outcome": "declined"} for row in outcomes]):
        fitted = Matcher().fit(ones, others, few)
        assert not fitted.model_.metadata["learned"]
        assert fitted.suggest(ones[:50], others).pairs == Matcher().suggest(ones[:50], others).pairs


def test_outcomes_use_profiles_as_they_were_then() -> None:
    rows = [{"newcomer_id": "n1", "guide_id": "g1", "outcome": "accepted", "on": "2026-05-01"}]
    then = {"guide_topics": ["housing", "work"], "newcomer_languages": {"de": "B1"}, "free_places": "", "completed": 0}
    now = dict(zip(CRITERIA, read_samples([newcomer()], [guide()], rows).criteria[0], strict=True))
    was = dict(zip(CRITERIA, read_samples([newcomer()], [guide()], [rows[0] | then]).criteria[0], strict=True))
    assert was["topics"] == 1 > now["topics"]
    assert was["language"] == 0.25 < now["language"]
    assert was["experience"] == 0 < now["experience"]
    assert was["load"] == now["load"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"outcome": "great"}, "outcomes:1: outcome: unknown code “great”"),
        ({"on": "yesterday"}, "outcomes:1: on: Invalid isoformat string"),
        ({"newcomer_id": "n9"}, "outcomes:1: newcomer_id: no profile has the id “n9”"),
        ({"guide_radius": 1, "guide_latitude": 91}, "outcomes:1: guide_latitude: 91 is out of range"),
    ],
)
@pytest.mark.filterwarnings("ignore::matching.UnknownColumnWarning")
def test_an_outcome_that_cannot_be_used_is_named(changes: Row, told: str) -> None:
    row = {"newcomer_id": "n1", "guide_id": "g1", "outcome": "completed", "on": "2026-05-01"} | changes
    with pytest.raises(InputError) as refused:
        Matcher().fit([newcomer()], [guide()], [row])
    assert str(refused.value).startswith(told)


def test_a_model_is_the_same_after_a_file(past: Any, tmp_path: Path) -> None:
    fitted = Matcher().fit(*past)
    fitted.save(tmp_path / "model.skops")
    loaded = Matcher().load(tmp_path / "model.skops")
    assert loaded.model_.metadata == fitted.model_.metadata
    assert loaded.suggest(*past[:2]).pairs == fitted.suggest(*past[:2]).pairs
    assert loaded.suggest(*past[:2]).pairs != Matcher().suggest(*past[:2]).pairs
    with pytest.raises(NotFittedError):
        Matcher().save(tmp_path / "none.skops")


def test_600_damaged_files_are_refused_and_the_model_in_use_stays(past: Any, tmp_path: Path) -> None:
    matcher = Matcher().fit(*past)
    model, file = matcher.model_, tmp_path / "model.skops"
    matcher.save(file)
    sound, rng = file.read_bytes(), random.Random(1)
    for number in range(600):
        data = bytearray(sound)
        place = rng.randrange(len(data))
        match number % 3:
            case 0:
                data[place] ^= 1 << rng.randrange(8)
            case 1:
                del data[place:]
            case _:
                data[place : place + rng.randint(1, 99)] = rng.randbytes(rng.randint(0, 99)) + b"\xa5"
        if bytes(data) == sound:
            continue
        file.write_bytes(data)
        with pytest.raises(ModelError, match="damaged"):
            matcher.load(file)
        assert matcher.model_ is model


def test_a_forged_model_is_refused(past: Any, tmp_path: Path) -> None:
    def forged(content: object) -> Path:
        plain = skops.io.dumps(content)
        buffer = io.BytesIO(plain)
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.comment = hashlib.sha256(plain).hexdigest().encode()
        (tmp_path / "forged.skops").write_bytes(buffer.getvalue())
        return tmp_path / "forged.skops"

    model = Matcher().fit(*past).model_.scorecard
    good = {"version": 1, "criteria": list(CRITERIA), "base": 0.0, "knots": model.knots, "heights": model.heights}
    assert Matcher().load(forged(good | {"metadata": {}})).model_.scorecard.base == 0
    for wrong in (
        {"version": 2},
        {"heights": -model.heights},
        {"base": np.nan},
        {"knots": model.knots[1:]},
        {"base": random.Random},
    ):
        with pytest.raises(ModelError, match="cannot be used"):
            Matcher().load(forged(good | {"metadata": {}} | wrong))


def test_the_command_fits_and_suggests_with_the_model(
    past: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = [
        f"--{name}={write(tmp_path / f'{name}.csv', rows)}"
        for name, rows in zip(("newcomers", "guides", "outcomes"), past, strict=True)
    ]
    model, out = f"--model={tmp_path / 'model.skops'}", f"--out={tmp_path / 'pairs.csv'}"
    assert main(["fit", *files, model]) == 0
    assert json.loads(capsys.readouterr().out)["learned"]
    assert main(["suggest", *files[:2], model, out]) == 0
    expected = Matcher().fit(*past).suggest(*past[:2]).pairs
    written = [(row["newcomer_id"], row["guide_id"], row["score"]) for row in read(tmp_path / "pairs.csv")]
    assert written == [(pair.newcomer_id, pair.guide_id, f"{pair.score:.6f}") for pair in expected]
    (tmp_path / "model.skops").write_bytes(b"no model")
    (tmp_path / "pairs.csv").unlink()
    assert main(["suggest", *files[:2], model, out]) == 2
    assert "model.skops: the model file is damaged" in capsys.readouterr().err
    assert not (tmp_path / "pairs.csv").exists()
