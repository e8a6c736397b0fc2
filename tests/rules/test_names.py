"""A name is found however it is spelled."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotsen.rules import names

#: Spellings of one name, parted by bars: each finds each.
SPELLINGS = (
    "Mohammed|Muhammad|Mohamad|Mohamed|Mehmet|Mahmad|محمد|Мухаммед|MOHAMMED", "Amal|Amaal|أمل|آمال|Амаль",
    "Olena|Олена",
    "Müller|Mueller|Muller|Мюллер", "Khaled|Chaled|Khalid|Haled|خالد|Халед", "Qasim|Kasim|Kassem|Ghasem|قاسم",
    "Abdullah|Abdallah|Abd Allah|عبد الله|Абдулла", "Mahmud|Mahmoud|محمود", "Chaima|Shaima|Schaima|شيماء",
    "Ahmed|Achmed|Ahmad|Ahmet|أحمد|Ахмед", "Jusuf|Yusuf|Youssef|Yousif|يوسف|Юсуф", "Євген|Yevhen", "Євген|Yevgen",
    "Hanna|Ганна", "Michael|Mikhail|Michail|Михаил", "Şerif|Serif|Sharif|شريف",
    "Jamal|Djamal|Dschamal|Gamal|Cemal|جمال",
    "Yulia|Julia|Iulia|Юлія|Юлия", "Łukasz|Lukasz|Lukas", "Saba|ሳባ", "Aya|Aja|آية", "Fatima|Fatma|Fatemeh|فاطمة|فاطمه",
    "Nawal|نوال", "Dawud|Daoud|داود", "Parisa|پریسا", "Golnaz|گلناز", "Zeynep|Zaynab|زينب", "Oleksandr|Олександр",
    "Hussein|Hossein|Husain|Hüseyin|حسين", "Ayşe|Aisha|Aischa|عائشة", "Al-Hassan|Hasan|الحسن", "Đorđe|Djordje|Ђорђе",
    "Nour Eddin|Noureddin|نور الدين", "Jürgen|Juergen|Jurgen", "Yusra|يسرى|Jusra",
)  # fmt: skip


@pytest.mark.parametrize("spellings", SPELLINGS)
def test_each_spelling_finds_each_other_one(spellings):
    words = spellings.split("|")
    lost = [(one, other) for one in words for other in words if not sounds(one) & sounds(other)]
    assert lost == []


def sounds(name: str) -> set[str]:
    return {key for key in names.keys(name) if key != key.lower()}


def test_other_names_are_not_found_by_it():
    others = ["Olena", "Khaled", "Jürgen", "Fatima", "Svitlana", "Zeynep", "Robert", "李"]
    assert [name for name in others if names.keys("Mohammed") & names.keys(name)] == []
    assert [name for name in others if names.keys("Amal") & names.keys(name)] == []


def test_what_is_most_alike_comes_first():
    people = ["Emil", "Amala", "Jamil", "Amal", "أمل", "Mila"]
    assert sorted(people, key=lambda name: -names.likeness("amal", name))[:2] == ["Amal", "Amala"]
    assert names.likeness("Amal", "أمل") > names.likeness("Amal", "Emil")
    assert names.likeness("Amal Hadid", "Amal Hadid") > names.likeness("Amal Hadid", "Amal Smith")


@given(st.text(max_size=30))
def test_keys_are_short_and_the_same_for_each_way_of_writing_the_same_signs(name):
    found = names.keys(name)
    assert all(0 < len(key) <= names.LONGEST for key in found)
    assert names.keys(unicodedata.normalize("NFC", name)) == names.keys(unicodedata.normalize("NFD", name))
    assert names.keys(f"  {name} ") == found


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäöüß", min_size=1, max_size=15))
def test_capitals_doubled_letters_and_marks_change_nothing(name):
    assert names.keys(name.title()) == names.keys(name)
    assert names.skeletons(name) & names.skeletons(names.latin(name)) or names.latin(name) != name
    assert any(key == key.lower() for key in names.keys(name))


@given(st.text(alphabet="HSNKTRL", min_size=2, max_size=10), st.integers(0, 8), st.sampled_from("HSNKTRL"))
def test_one_slip_of_the_pen_is_forgiven_and_two_are_not(word, place, sign):
    place %= len(word)
    for slipped in (word[:place] + word[place + 1 :], word[:place] + sign + word[place:],
                    word[:place] + sign + word[place + 1 :], swap(word, place)):  # fmt: skip
        assert names.one_slip(word, slipped)
        assert names.one_slip(slipped, word)
    assert not names.one_slip(word, word + "BB")
    assert not names.one_slip(word, "BB" + word[2:] + "B")


def swap(word: str, place: int) -> str:
    return word[:place] + word[place : place + 2][::-1] + word[place + 2 :]
