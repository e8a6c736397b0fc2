"""What the matcher learns from, when it is used, and what a damaged file does."""

import json
import subprocess
import sys
from datetime import datetime, timedelta

import pytest

from lotsen.config import ROOT
from lotsen.jobs.schedule import Weekly, find
from lotsen.rules.pairing import State
from lotsen.services import learning, model, suggestion
from matching import Matcher
from matching.model import Model
from matching.scorer import Scorecard
from tests import factories as make


@pytest.fixture(autouse=True)
def folder(tmp_path):
    before = model._store
    model.configure(tmp_path)
    yield tmp_path
    model._store = before


def learned(weight: float, date: str) -> Matcher:
    """A fitted matcher that cares for distance alone."""
    matcher = Matcher()
    card = Scorecard.prior(dict.fromkeys(("language", "topics", "times", "load"), 0.0) | {"distance": weight})
    matcher.model_ = Model(card, {"learned": True, "date": date, "outcomes": {}, "held_out": {}})
    return matcher


def test_only_what_says_something_about_the_two_people_is_learned_from(session, now):
    office = make.municipality(session)
    told = [{"criterion": "waiting", "value": "12"}, {"criterion": "load", "value": "1/2"}]
    for state, reason in [
        (State.COMPLETED, "goal_reached"),
        (State.ENDED, "no_contact"),
        (State.ENDED, "moved"),
        (State.DECLINED, None),
        (State.EXPIRED, None),
        (State.DISMISSED, None),
        (State.ACTIVE, None),
    ]:
        guide, request = make.guide(session, office), make.request(session, office)
        make.pairing(session, request, guide, state, end_reason=reason, reasons=told)
    newcomers, guides, outcomes = learning.samples(session, now)
    assert [each["outcome"] for each in outcomes] == ["completed", "ended_early", "declined", "accepted"]
    assert (outcomes[0]["waiting_days"], outcomes[0]["free_places"], outcomes[0]["capacity"]) == ("12", "1", "2")
    assert len(newcomers) == len(guides) == 4


def test_too_few_outcomes_change_nothing_and_say_so(session, now, folder):
    office = make.municipality(session)
    assert learning.learn(session, now) == 0
    make.pairing(session, make.request(session, office), make.guide(session, office), State.COMPLETED)
    assert learning.learn(session, now) == 1
    assert (model.version(), model.refused(), (folder / model.NAME).exists()) == ("prior", False, False)
    tried = json.loads((folder / model.TRIED).read_text())
    assert (tried["learned"], tried["held_out"], tried["outcomes"]["completed"]) == (False, {}, 1)


def test_a_stored_model_scores_and_a_damaged_file_leaves_the_last_good_one_in_use(session, now, folder):
    office = make.municipality(session)
    make.guide(session, office), make.request(session, office)
    request = make.request(session, office)
    before = suggestion.candidates(session, request, now).top[0].score
    model.store(learned(5.0, "2026-01-01"))
    after = suggestion.candidates(session, request, now).top[0].score
    assert (after > before, model.version()) == (True, "2026-01-01")
    model.store(learned(4.0, "2026-02-01"))
    (folder / model.NAME).write_bytes(b"damaged")
    assert (model.version(), model.refused()) == ("2026-02-01", True)
    model.configure(folder)
    assert (model.version(), model.refused()) == ("2026-01-01", True)
    (folder / model.BEFORE).write_bytes(b"damaged too")
    model.configure(folder)
    assert (model.version(), model.refused()) == ("prior", True)


def test_the_weekly_slot_is_sunday_at_one_in_germany_also_across_summer_time():
    sunday = Weekly(6, find("learn").schedule.at)
    slots = []
    moment = datetime.fromisoformat("2026-03-20T12:00:00+00:00")
    for _ in range(3):
        moment = sunday.next(moment)
        slots.append(moment.isoformat())
        assert sunday.slot(moment) == sunday.slot(moment + timedelta(days=6)) == moment
    assert slots == ["2026-03-22T00:00:00+00:00", "2026-03-29T00:00:00+00:00", "2026-04-04T23:00:00+00:00"]


def test_where_nothing_was_learned_no_matcher_is_loaded_to_say_so(tmp_path):
    asked = (
        "import sys; from pathlib import Path; from lotsen.services import model; "
        f"model.configure(Path({str(tmp_path)!r})); "
        "assert model.status().version == model.PRIOR; assert not {'matching', 'scipy', 'numpy'} & sys.modules.keys()"
    )
    subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT)


def test_a_server_reads_what_a_stored_model_says_without_skops_and_scikit_learn(folder):
    model.store(learned(5.0, "2026-01-01"))
    asked = (
        "import sys; from pathlib import Path; from lotsen.services import model; "
        f"model.configure(Path({str(folder)!r})); "
        "print(model.version(), model.scorecard().base, model.scorecard().heights.tolist()); "
        "assert not {'skops', 'sklearn'} & sys.modules.keys()"
    )
    said = subprocess.run([sys.executable, "-c", asked], check=True, cwd=ROOT, capture_output=True, text=True).stdout
    assert said.split(" ", 2) == ["2026-01-01", str(model.scorecard().base), f"{model.scorecard().heights.tolist()}\n"]


def test_a_transcript_that_is_damaged_or_of_another_file_is_not_believed(folder):
    model.store(learned(4.0, "2025-12-01"))
    transcript = folder / model.TRANSCRIPT
    older = transcript.read_bytes()
    model.store(learned(5.0, "2026-01-01"))
    whole, heights = transcript.read_bytes(), model.scorecard().heights.tolist()
    flipped = [whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :] for at in range(0, len(whole) - 1, 41)]
    for wrong in (older, b"", b"{}\n", b"\xff", whole[:-20], *flipped):
        transcript.write_bytes(wrong)
        model.configure(folder)
        assert (model.version(), model.refused()) == ("2026-01-01", False)
        assert model.scorecard().heights.tolist() == heights
