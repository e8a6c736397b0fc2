"""What a translation must share with its source, case by case."""

import pytest

from lotsen.rules.wording import LONGEST, Fault, faults

ONE = ("Answer by %(day)s.",)
TWO = ("%(num)s guide", "%(num)s guides")
BOLD = ("<b>Now</b> &amp; here",)


@pytest.mark.parametrize(
    ("source", "forms", "wrong"),
    [
        (ONE, ("Bis %(day)s antworten.",), []),
        (ONE, ("Bis morgen antworten.",), [Fault.PLACES]),
        (ONE, ("Bis %(days)s antworten.",), [Fault.PLACES]),
        (ONE, ("Bis %(day)s zu 100 % antworten.",), [Fault.PLACES]),
        (ONE, ("Bis %(day) antworten.",), [Fault.PLACES]),
        (ONE, ("  ",), [Fault.EMPTY, Fault.PLACES]),
        (ONE, ("Bis %(day)s <script>x</script>",), [Fault.MARKUP]),
        (ONE, ("Bis %(day)s <img src=x",), [Fault.MARKUP]),
        (ONE, ("Bis %(day)s > jetzt",), [Fault.MARKUP]),
        (ONE, ("Bis %(day)s &#60;b",), [Fault.MARKUP]),
        (ONE, ("Bis %(day)s\nantworten",), [Fault.LINES]),
        (ONE, ("Bis %(day)s \u202eantworten",), [Fault.SIGNS]),
        (ONE, ("Bis \u2066%(day)s\u2069 antworten",), []),
        (ONE, ("Bis \u2066%(day)s antworten",), [Fault.SIGNS]),
        (ONE, ("Bis %(day)s " + "x" * LONGEST,), [Fault.LONG]),
        (ONE, ("Bis %(day)s", "Bis %(day)s"), [Fault.FORMS]),
        (TWO, ("Eine Lotsin", "%(num)s Lotsinnen"), []),
        (TWO, ("Eine Lotsin", "%(count)s Lotsinnen"), [Fault.PLACES]),
        (BOLD, ("<b>Jetzt</b> &amp; hier",), []),
        (BOLD, ("<i>Jetzt</i> &amp; hier",), [Fault.MARKUP]),
        (BOLD, ("Jetzt &amp; hier",), [Fault.MARKUP]),
        (("No < or >",), ("Kein < und >",), []),
        (("No < or >",), ("> <img src=x onerror=y ",), [Fault.MARKUP]),
        (("{day} & {place}",), ("{place} & {day}",), []),
        (("{day}",), ("{day.__class__}",), [Fault.PLACES]),
    ],
)
def test_a_translation_keeps_what_its_source_has(source, forms, wrong):
    assert faults(source, forms, len(source)) == wrong
