"""What newcomers read in German is easy: level B1 or easier, by two figures.

B1 is "the main points of clear standard speech on familiar matters". Amstad calls a figure of 60 to 70 the language of
ordinary texts and 70 to 80 fairly easy; the Wiener Sachtextformel of 6 suits readers of eleven or twelve, and texts for
B1 examinations lie about there. So all texts of the newcomer's way together must reach 70 and year 6, and no page or
mail of its own may be harder than an ordinary text. Names of laws and offices, which nobody can shorten, count too.
"""

import re
from collections import defaultdict

import pytest

from lotsen.translations import catalogue, texts
from tests import readability

#: Labels and single words have no reading ease.
SENTENCE = 4
#: So few sentences say more about their names than about how they are written.
ENOUGH = 4
PLACE = re.compile(r"%\(\w+\)[sd]|\{\w*\}")
MARKUP = re.compile(r"<[^>]*>|&\w+;")


@pytest.fixture(scope="module")
def said():
    """The German sentences of a newcomer's way, by the file that says them."""
    way = {(message.id, message.context) for message in texts("de-simple", "messages") if message.id}
    by_file = defaultdict(list)
    for message in catalogue("de", "messages"):
        if (message.id, message.context) in way:
            form = message.string if isinstance(message.string, str) else message.string[-1]
            text = MARKUP.sub(" ", PLACE.sub("Anna", form))
            if len(text.split()) >= SENTENCE:
                for file, _line in message.locations:
                    by_file[file].append(text)
    return by_file


def test_what_newcomers_read_is_easy(said):
    everything = "\n".join(dict.fromkeys(text for found in said.values() for text in found))
    assert readability.flesch(everything) >= 70
    assert readability.school_year(everything) <= 6


def test_no_page_and_no_mail_is_harder_than_ordinary_german(said):
    own = {file: found for file, found in said.items() if len(found) >= ENOUGH}
    figures = {file: round(readability.flesch("\n".join(found)), 1) for file, found in own.items()}
    assert len(own) > 20
    assert {file: figure for file, figure in figures.items() if figure < 60} == {}


def test_the_figures_tell_easy_from_hard():
    easy = "Das ist Anna. Sie hilft dir gern. Du hast Zeit bis morgen."
    hard = (
        "Die Inanspruchnahme ehrenamtlicher Begleitungsleistungen setzt die schriftliche Einwilligungserklärung der "
        "antragstellenden Personensorgeberechtigten gegenüber der zuständigen Koordinierungsstelle voraus."
    )
    assert readability.flesch(easy) > 90
    assert readability.flesch(hard) < 0
    assert readability.school_year(easy) < 3
    assert readability.school_year(hard) > 12
    assert [readability.syllables(word) for word in ("Frau", "Bäuerin", "Begleitungen", "hm")] == [1, 3, 4, 1]
