"""A border is open while both offices offer it: what is not approved yet hangs on it, what is goes on."""

import pytest
from sqlmodel import col, select

from lotsen.models import Mail, Neighbour, Pairing
from lotsen.rules.errors import NotEligible, NotFound
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import neighbours, requests, settings, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.neighbours import Border
from tests import factories as make


@pytest.fixture
def sides(session):
    """Celle and Wolfsburg, with the lead of each."""
    found = []
    for code, name in (("03351006", "Celle"), ("03103000", "Wolfsburg")):
        office = make.municipality(session, code, name)
        found.append((office, make.account(session, Role.COORDINATOR, office, name=f"Lead {name}", is_lead=True)))
    return found


def step(session, sides, which, now, *, offer):
    """One office's lead does something about the border to the other."""
    (here, lead), (there, _) = sides if which == 0 else sides[::-1]
    return neighbours.change(session, lead, here.id, there.id, now, offer=offer)


def seen(session, sides):
    """How the border stands, as each office sees it."""
    return [neighbours.listed(session, office.id)[0].border for office, _lead in sides]


@pytest.mark.parametrize(
    ("steps", "stands"),
    [
        ([], [Border.SHUT, Border.SHUT]),
        ([(0, True)], [Border.OFFERED, Border.ASKED]),
        ([(0, True), (0, True)], [Border.OFFERED, Border.ASKED]),
        ([(0, True), (1, True)], [Border.OPEN, Border.OPEN]),
        ([(1, True), (0, True), (0, False)], [Border.ASKED, Border.OFFERED]),
        ([(1, True), (0, True), (1, False)], [Border.OFFERED, Border.ASKED]),
        ([(1, True), (0, True), (0, False), (1, False)], [Border.SHUT, Border.SHUT]),
        ([(0, True), (0, False), (0, False)], [Border.SHUT, Border.SHUT]),
        ([(0, True), (1, False)], [Border.OFFERED, Border.ASKED]),
    ],
)
def test_both_offer_it_and_either_takes_it_back(session, now, sides, steps, stands):
    for which, offer in steps:
        step(session, sides, which, now, offer=offer)
    assert seen(session, sides) == stands


def test_each_office_reads_what_happened_and_the_others_leads_get_a_mail(session, now, sides):
    step(session, sides, 0, now, offer=True)
    step(session, sides, 1, now, offer=True)
    step(session, sides, 0, now, offer=False)
    celle, wolfsburg = (settings.changes(session, office.id) for office, _lead in sides)
    assert [(each.by, each.after) for each in reversed(celle)] == [
        ("Lead Celle", "offered"), ("", "open"), ("Lead Celle", "asked"),
    ]  # fmt: skip
    assert [(each.by, each.after) for each in reversed(wolfsburg)] == [
        ("", "asked"), ("Lead Wolfsburg", "open"), ("", "offered"),
    ]  # fmt: skip
    mails = session.exec(select(Mail.account_id, Mail.template).order_by(col(Mail.id))).all()
    (_, first), (_, second) = sides
    assert mails == [
        (second.id, "office_border_offered"), (first.id, "office_border_open"), (second.id, "office_border_closed"),
    ]  # fmt: skip


def test_only_an_open_border_is_matched_across(session, now, sides):
    (celle, _), (wolfsburg, _) = sides
    asked = make.request(session, celle)
    make.guide(session, wolfsburg)
    step(session, sides, 0, now, offer=True)
    suggestion.run(session, now)
    assert session.exec(select(Pairing)).all() == []
    step(session, sides, 1, now, offer=True)
    assert suggestion.candidates(session, asked, now).top
    suggestion.run(session, now)
    assert len(session.exec(select(Pairing)).all()) == 1


#: What a pairing across the border becomes when it closes, and who gets which mail; the rest goes on, untold.
CLOSED = {
    State.SUGGESTED: (State.DISMISSED, []),
    State.OFFERED: (State.WITHDRAWN, [(Side.GUIDE, "withdrawn")]),
    State.ACCEPTED: (State.WITHDRAWN, [(Side.GUIDE, "withdrawn"), (Side.NEWCOMER, "withdrawn")]),
    State.AGREED: (State.WITHDRAWN, [(Side.GUIDE, "withdrawn"), (Side.NEWCOMER, "withdrawn")]),
}
CHANGES = {State.DISMISSED: Action.DISMISS, State.WITHDRAWN: Action.WITHDRAW}


@pytest.mark.parametrize("outwards", [True, False], ids=["guide_abroad", "guide_here"])
def test_a_border_that_closes_ends_what_nobody_may_approve_and_tells_whoever_was_asked(session, now, sides, outwards):
    (celle, _), (wolfsburg, _) = sides
    home, abroad = (celle, wolfsburg) if outwards else (wolfsburg, celle)
    for which in (0, 1):
        step(session, sides, which, now, offer=True)
    across = {}
    for state in State:
        asked, guide = make.request(session, home), make.guide(session, abroad)
        across[state] = make.pairing(session, asked, guide, state), asked, guide, asked.waiting_since
    inside = make.pairing(session, make.request(session, home), make.guide(session, home), State.AGREED)
    step(session, sides, 1, now, offer=False)
    for state, (pairing, asked, guide, waiting_since) in across.items():
        then, told = CLOSED.get(state, (state, []))
        session.refresh(pairing)
        mails = session.exec(
            select(Mail.person_id, Mail.template).where(col(Mail.key).contains(f":pairing:{pairing.id}:"))
        )
        side = {guide.person_id: Side.GUIDE, asked.person_id: Side.NEWCOMER}
        assert (pairing.state, sorted((side[who], what) for who, what in mails)) == (then, told), state
        events = [(each.what, each.reason) for each in pairings.history(session, pairing)]
        assert events == ([(CHANGES[then], neighbours.CLOSED)] if then is not state else []), state
        if state in CLOSED and then is State.WITHDRAWN:
            session.refresh(asked)
            session.refresh(guide)
            assert (asked.state, asked.live, asked.waiting_since) == (RequestState.OPEN, 0, waiting_since), state
            assert (guide.offered, guide.taken) == (0, 0), state
            assert not requests.asks_whether_to_look_on(session, asked), "nobody stepped back"
    assert inside.state is State.AGREED
    for which in (0, 1):
        step(session, sides, which, now, offer=True)
    suggestion.run(session, now)
    again = select(Pairing.request_id).where(Pairing.state == State.SUGGESTED)
    assert across[State.AGREED][1].id in session.exec(again).all(), "the two may be proposed again"


@pytest.mark.parametrize(
    ("state", "action", "then"),
    [
        (State.SUGGESTED, Action.RELEASE, None),
        (State.OFFERED, Action.ACCEPT, State.ACCEPTED),
        (State.AGREED, Action.APPROVE, None),
        (State.AGREED, Action.REJECT, State.REJECTED),
        (State.APPROVED, Action.MEET, State.TRIAL),
    ],
)
def test_behind_a_border_that_has_closed_no_office_brings_two_together(session, now, sides, state, action, then):
    """Hard rule 5, at every step that was open before: an answer given is taken, and who meets goes on."""
    (celle, _), (wolfsburg, _) = sides
    guide = make.guide(session, wolfsburg)
    pairing = make.pairing(session, make.request(session, celle), guide, state)
    office = make.coordinator(session, celle)
    actor = make.acting(Side.GUIDE, guide.person_id) if action is Action.ACCEPT else office
    if then:
        assert pairings.act(session, pairing.id, action, actor, now, reason="other").state is then
        return
    with pytest.raises(NotEligible) as refused:
        pairings.act(session, pairing.id, action, actor, now)
    assert refused.value.details["rules"] == ["other_municipality"]
    for which in (0, 1):
        step(session, sides, which, now, offer=True)
    assert pairings.act(session, pairing.id, action, actor, now).state is not state


def test_nobody_changes_anothers_border_or_one_to_themselves(session, now, sides):
    (celle, lead), (wolfsburg, _) = sides
    colleague = make.account(session, Role.COORDINATOR, celle)
    for by, here, there in [
        (lead, wolfsburg.id, celle.id), (lead, celle.id, celle.id), (lead, celle.id, 4711),
        (colleague, celle.id, wolfsburg.id),
    ]:  # fmt: skip
        with pytest.raises(NotFound):
            neighbours.change(session, by, here, there, now, offer=True)
    admin = make.account(session, Role.ADMIN)
    assert neighbours.change(session, admin, celle.id, wolfsburg.id, now, offer=True) is Border.OFFERED
    assert len(session.exec(select(Neighbour)).all()) == 1
