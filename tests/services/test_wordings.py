"""Reviewers say texts better: what is kept, what is refused, what the exported catalogue holds."""

from io import BytesIO

import pytest
from babel.messages.pofile import read_po

from lotsen import translations
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.vocabulary import Role
from lotsen.rules.wording import Fault
from lotsen.services import wordings
from tests import factories as make

GUIDE = translations.key("I would like a guide", None)


@pytest.fixture
def kim(session):
    return make.account(session, Role.ADMIN, email="kim@example.org", name="Kim")


def test_the_newest_word_holds_and_all_are_kept(session, kim, now):
    before = wordings.text(session, "ar", GUIDE)
    first = wordings.say(session, "ar", GUIDE, ("أريد مرافقًا",), 0, kim, now)
    second = wordings.say(session, "ar", GUIDE, ("أريد مرافِقة",), first.id, kim, now)
    found = wordings.text(session, "ar", GUIDE)
    assert (before.changed, before.last) == (False, None)
    assert (found.forms, found.printed, found.changed) == (("أريد مرافِقة",), before.forms, True)
    assert [(row.id, who) for row, who in wordings.history(session, "ar", GUIDE)] == [
        (second.id, "Kim"), (first.id, "Kim"),
    ]  # fmt: skip
    assert wordings.version(session) == second.id
    assert not wordings.text(session, "uk", GUIDE).changed


def test_who_looked_and_found_it_right_is_kept_too(session, kim, now):
    printed = wordings.text(session, "ar", GUIDE).printed
    wordings.say(session, "ar", GUIDE, printed, 0, kim, now)
    [found] = [each for each in wordings.texts(session, "ar") if each.last]
    assert (found.key, found.changed) == (GUIDE, False)


def test_what_somebody_else_has_said_meanwhile_is_not_overwritten(session, kim, now):
    wordings.say(session, "ar", GUIDE, ("أريد مرافقًا",), 0, kim, now)
    with pytest.raises(Conflict):
        wordings.say(session, "ar", GUIDE, ("أريد مرافِقة",), 0, kim, now)


@pytest.mark.parametrize(
    ("forms", "fault"), [(("",), Fault.EMPTY), (("<b>x</b>",), Fault.MARKUP), (("100 %",), Fault.PLACES)]
)
def test_what_would_break_a_page_is_refused(session, kim, now, forms, fault):
    with pytest.raises(wordings.Unfit) as refusal:
        wordings.say(session, "ar", GUIDE, forms, 0, kim, now)
    assert refusal.value.faults == [fault]
    assert wordings.version(session) == 0


@pytest.mark.parametrize(("locale", "key"), [("ar", "0" * 16), ("xx", GUIDE), ("en", GUIDE)])
def test_there_is_nothing_to_say_about_what_is_not_there(session, kim, now, locale, key):
    with pytest.raises(NotFound):
        wordings.say(session, locale, key, ("x",), 0, kim, now)
    with pytest.raises(NotFound):
        wordings.exported(session, "xx", "messages")


def test_the_exported_catalogue_holds_what_was_said_and_who_vouches(session, kim, now):
    counted = translations.key("A question for you", None)
    six = tuple(f"{number} أسئلة" for number in range(6))
    wordings.say(session, "ar", GUIDE, ("أريد مرافقًا",), 0, kim, now)
    wordings.say(session, "ar", counted, six, 0, kim, now)
    assert wordings.is_draft(session, "ar", "messages")
    wordings.vouch(session, "ar", " Leyla  Karimi ", kim, now)
    exported = wordings.exported(session, "ar", "messages")
    catalogue = read_po(BytesIO(exported), locale="ar")
    assert catalogue["I would like a guide"].string == "أريد مرافقًا"
    assert catalogue["A question for you"].string == six
    assert "Review: 2026-03-11 by Leyla Karimi" in catalogue.header_comment
    assert translations.DRAFT not in catalogue.header_comment
    assert not wordings.is_draft(session, "ar", "messages")
    assert wordings.is_draft(session, "uk", "messages")


def test_an_untouched_catalogue_is_exported_as_it_stands(session):
    exported = read_po(BytesIO(wordings.exported(session, "ar", "messages")), locale="ar")
    stands = translations.catalogue("ar", "messages")
    assert {(each.id, each.string) for each in exported} == {(each.id, each.string) for each in stands}
    assert exported.header_comment == stands.header_comment


def test_each_form_says_what_it_is_for():
    assert wordings.counted("de", "messages") == ["1", "0, 2, 3"]
    assert wordings.counted("ar", "messages") == ["0", "1", "2", "3, 4, 5", "100, 101, 102", "11, 12, 13"]


@pytest.mark.parametrize(("role", "reads"), [(Role.REVIEWER, ["uk"]), (Role.REVIEWER, []), (Role.COORDINATOR, ["ar"])])
def test_nobody_says_anything_in_a_language_that_is_not_theirs(session, now, role, reads):
    by = make.account(session, role, reads=reads)
    for use in (
        lambda: wordings.say(session, "ar", GUIDE, ("x",), 0, by, now),
        lambda: wordings.agree(session, "ar", [GUIDE], by, now),
        lambda: wordings.vouch(session, "ar", "Kim", by, now),
    ):
        with pytest.raises(NotFound):
            use()
