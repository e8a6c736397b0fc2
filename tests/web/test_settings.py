"""The settings' pages: made from the settings, previewed, saved by leads, told who changed what."""

from datetime import timedelta

import pytest

from lotsen.clock import now
from lotsen.models import Account, Municipality
from lotsen.rules.pairing import State
from lotsen.rules.settings import Settings, Weighing
from lotsen.services import effects
from lotsen.web.forms.settings import SettingsForm
from lotsen.web.settings import words
from tests.web.offices import Desk

DAYS = {
    "release": "manual", "remind_after_days": "3", "expire_after_days": "7", "expiries_until_pause": "2",
    "declined_pair_days": "365",
}  # fmt: skip


@pytest.fixture
def desk(app, client):
    desk = Desk(app, client)
    with desk.writing() as session:
        session.get_one(Account, desk.kim.id).is_lead = True
    return desk


def test_every_setting_has_words_a_group_and_a_field(app):
    plain = {name for name, field in Settings.model_fields.items() if field.annotation is not Weighing}
    assert plain == set(words.SETTING), "say in lotsen/web/settings/words.py what the setting is called and does"
    assert "other" not in words.groups()
    assert {name for name, each in words.SETTING.items() if each.due} == set(effects.DUE)
    with app.test_request_context():
        fields = [name for group in words.groups() for name in SettingsForm.of(group)().values]
    assert sorted(fields) == sorted(plain)


def test_a_setting_without_words_has_its_field_all_the_same(app, monkeypatch):
    monkeypatch.delitem(words.SETTING, "trial_days")
    with app.test_request_context():
        assert str(SettingsForm.of("other")().trial_days.label.text) == "trial_days"


def test_a_lead_sees_what_would_change_then_saves_and_everybody_sees_who_did(desk, client):
    desk.pair(State.OFFERED, state_since=now() - timedelta(days=5))
    address = f"/settings/{desk.office_id}/offers"
    assert client.get("/settings/").location == f"/settings/{desk.office_id}/"
    assert "Never." in client.get(f"/settings/{desk.office_id}/").text
    page = client.get(address).text
    seen = page.partition('name="seen" type="hidden" value="')[2].partition('"')[0]
    assert len(seen) == 16
    for wrong, said in [
        ({"expire_after_days": "viele"}, "Please enter a whole number."),
        ({"expire_after_days": "61"}, "Please enter a whole number from 2 to 60."),
        ({"expire_after_days": "9" * 400}, "Please enter a whole number from 2 to 60."),
        ({"expire_after_days": "3"}, "The reminder must come before the offer runs out."),
    ]:
        answer = client.post(address, data={**DAYS, "seen": seen, **wrong})
        assert (answer.status_code, said in answer.text) == (422, True)
        assert f'value="{wrong["expire_after_days"]}"' in answer.text
        assert client.post(f"{address}/save", data={**DAYS, "seen": seen, **wrong}).status_code == 422
    assert "Nothing is different" in client.post(address, data={**DAYS, "seen": seen}).text
    tried = client.post(address, data={**DAYS, "seen": seen, "expire_after_days": "٥"}).text
    assert "Offers and questions that run out: 1 instead of 0." in tried
    with desk.writing() as session:
        assert session.get_one(Municipality, desk.office_id).settings == Settings()
    sent = {**DAYS, "seen": seen, "expire_after_days": "5"}
    assert client.post(f"{address}/save", data=sent).location == f"/settings/{desk.office_id}/#offers"
    late = client.post(f"{address}/save", data={**sent, "expire_after_days": "9"})
    assert (late.status_code, "Somebody was faster" in late.text, 'value="9"' in late.text) == (409, True, True)
    with desk.writing() as session:
        assert session.get_one(Municipality, desk.office_id).settings == Settings(expire_after_days=5)
    client.sign_in("lee@example.org", "ein ganzer Satz als Kennwort")
    page = client.get(f"/settings/{desk.office_id}/").text
    assert "Days until an offer runs out: 7 → 5" in page
    assert "5 (usual: 7)" in page
    assert "Kim" in page
    assert f"{address}" not in page
    assert client.get(address).status_code == 404
    assert client.post(f"{address}/save", data=sent).status_code == 404


def test_two_numbers_stand_in_one_field(desk, client):
    address = f"/settings/{desk.office_id}/company"
    client.get(address)
    sent = {"trial_days": "28", "trial_notice_days": "1", "check_in_every_days": "90", "answer_days": "7"}
    for typed, said in [
        ("14", "Please enter 2 whole numbers"), ("14, 28, 30", "Please enter 2 whole numbers"),
        ("0, 28", "from 1 to 365"), ("28, 14", "The second number must be greater"), ("", "Please enter 2 whole"),
    ]:  # fmt: skip
        answer = client.post(address, data={**sent, "check_in_days": typed})
        assert (answer.status_code, said in answer.text, f'value="{typed}"' in answer.text) == (422, True, True), typed
    assert "10, 20" in client.post(address, data={**sent, "check_in_days": " 10 ; 20"}).text
