"""A web worker killed in the middle of any use case: all of it is done or nothing, and the form can be sent again."""

import os
import signal
from collections import Counter
from itertools import count
from typing import Any

import pytest
from sqlalchemy import event

from lotsen.models import AuditEntry, Event
from lotsen.rules.pairing import Side
from tests.faults.figures import note
from tests.faults.story import check_counters
from tests.faults.workers import TRIALS
from tests.web.test_twice import FORMS, Form, Office, send, told

#: Each of them in `make trials`; here one in twelve.
TRIED = {kind: forms[:: 1 if TRIALS else 12] for kind, forms in FORMS.items()}


def kill(scene: Office, form: Form, names: dict[str, Any], before_commit: int) -> bool:
    """Send a form to a worker that is killed before one of its commits, or, where it has fewer, before it answers.

    Returns whether it came that far. The worker is a fork, with connections of its own to the database.
    """
    heard, says = os.pipe()
    worker = os.fork()
    if worker == 0:
        engine = scene.app.extensions["lotsen_db"].engine
        engine.dispose(close=False)
        commits = count(1)

        def die(_connection: Any) -> None:
            if next(commits) == before_commit:
                os.kill(os.getpid(), signal.SIGKILL)

        event.listen(engine, "commit", die)
        try:
            send(scene, form, names, read=False)
            os.write(says, b"through")
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(says)
    os.waitpid(worker, 0)
    with os.fdopen(heard, "rb") as pipe:
        return pipe.read() == b"through"


def added(scene: Office, before: Counter[str]) -> list[str]:
    """The events since then."""
    whats = {each.what for each in scene.all(Event)}
    return sorted(what for what in (told(scene) - before).elements() if what in whats)


@pytest.mark.slow
@pytest.mark.parametrize("kind", TRIED)
def test_a_worker_killed_in_any_use_case_leaves_all_or_nothing_and_the_form_counts_once(app, database_url, kind):
    scene, kills, done = Office(app), 0, 0
    for form in TRIED[kind]:
        for commit in count(1):
            names = scene.begin_anew(form.state, asks="counselling" in form.path)
            before, audited = told(scene), len(scene.all(AuditEntry))
            through = kill(scene, form, names, commit)
            left = told(scene)
            assert left == before or added(scene, before) == sorted(form.events), (form, commit)
            assert left != before or not through, (form, commit)
            written_down = left != before and form.side is Side.OFFICE
            assert (len(scene.all(AuditEntry)) > audited) == written_down, (form, commit)
            send(scene, form, names, read=True)
            assert added(scene, before) == sorted(form.events), (form, commit)
            assert left in (before, told(scene)), (form, commit)
            check_counters(app.extensions["lotsen_db"])
            kills, done = kills + 1, done + (left != before)
            if through:
                break
            assert commit < 9, (form, "it never comes through")
        assert commit > 1, (form, "it commits nothing")
    note(
        f"a web worker killed before each commit of each form ({kind}), and before it answers; the form is sent again",
        database_url, forms=len(TRIED[kind]), kills=kills, done_by_then=done, half_done=0, done_twice=0,
    )  # fmt: skip
