"""How long an expert takes to fill a form: the keystroke-level model, reckoned from the page as it is rendered.

Card, Moran and Newell, "The keystroke-level model for user performance time with interactive systems", CACM 23
(1980): seconds for a key, for pointing, for moving a hand between keyboard and mouse, for making up one's mind. A click
is 0.2 s (Kieras, "Using the keystroke-level model to estimate execution times", 2001). To it comes what is said at the
desk: the questions and their answers at 150 words a minute, and one consent text read out at 183 (Brysbaert, "How many
words do we read per minute?", 2019).

The model knows no hesitation, no typing error, no telephone call and no interpreter: nobody was timed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

#: Seconds for a key: 40 words a minute (the paper), half as fast, and the paper's slowest, who know no keyboard.
TYPISTS: Final = {"40 words a minute": 0.28, "20 words a minute": 0.60, "knows no keyboard": 1.20}
POINT, CLICK, HAND, MIND = 1.10, 0.20, 0.40, 1.35
SPOKEN, READ_OUT = 60 / 150, 60 / 183
#: What staff answer themselves, or what the text that is read out asks already.
_UNSPOKEN: Final = frozenset({"consent", "promised", "reference", "locale"})
#: So many letters typed into a menu choose an entry of it.
_LETTERS: Final = 3
_BOXES: Final = frozenset({"checkbox", "radio"})
#: What a page takes to answer, far above what docs/load.md measures.
ANSWER: Final = 1.0


@dataclass
class Control:
    """One control: its name, whether it is typed into or ticked, its value, and whether it is folded away."""

    id: str
    name: str
    kind: str
    value: str
    set: bool
    question: str
    folded: bool
    options: dict[str, str] = field(default_factory=dict)


class Form(HTMLParser):
    """The controls of a page's main form, the words of their labels, and those of the first consent text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.controls: list[Control] = []
        self.labels: dict[str, str] = {}
        self.consent = 0
        self._legend = self._into = self._option = ""
        self._folds = self._consents = 0
        self._texts = False
        self.feed("<main" + page.partition("<main")[2].partition("</main>")[0])

    def sent(self, answers: Mapping[str, str | list[str]]) -> dict[str, str | list[str]]:
        """Return what a browser sends: the answers over what the page had filled in."""
        filled = {each.name: each.value for each in self.controls if each.set or each.kind not in _BOXES}
        return {**filled, **answers}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        at = {name: value or "" for name, value in attrs}
        if tag == "legend":
            self._legend, self._into = "", "legend"
        elif tag == "label":
            self._into = at.get("for", "")
            self.labels[self._into] = ""
        elif tag == "details":
            self._folds += "open" not in at
            self._consents += "consent-text" in at.get("class", "")
            self._texts = "consent-text" in at.get("class", "")
        elif tag == "option" and self.controls:
            self._option, self._into = at.get("value", ""), "option"
            self.controls[-1].options[self._option] = ""
            if "selected" in at or len(self.controls[-1].options) == 1:
                self.controls[-1].value = self._option
        elif tag in {"input", "select", "textarea"} and at.get("type") not in {"hidden", "submit", "search"}:
            kind = at.get("type", "text") if tag == "input" else tag
            self.controls.append(
                Control(
                    at.get("id", ""), at["name"], kind, at.get("value", ""), "checked" in at, self._legend,
                    self._folds > 0,
                )
            )  # fmt: skip

    def handle_endtag(self, tag: str) -> None:
        if tag in {"legend", "label", "option"}:
            self._into = ""
        elif tag == "fieldset":
            self._legend = ""
        elif tag == "details":
            self._folds = max(self._folds - 1, 0)
            self._texts = False

    def handle_data(self, data: str) -> None:
        if self._into == "legend":
            self._legend += data
            if self.controls:
                return
        elif self._into == "option":
            self.controls[-1].options[self._option] += data
        elif self._into:
            self.labels[self._into] += data
        elif self._texts and self._consents == 1:
            self.consent += len(data.split())


def seconds(page: str, answers: Mapping[str, str | list[str]], key: float) -> dict[str, float]:
    """Return the seconds at the keys and with the mouse, those spoken, and those of reading the consent out.

    `answers` are the fields as a browser sends them; each must be on the page, or a `KeyError` names it.
    """
    form, hands, mouse = Form(page), MIND + POINT + CLICK + ANSWER, True
    left = {(name, one) for name, many in answers.items() for one in ([many] if isinstance(many, str) else many)}
    asked: set[str] = set()
    spoken: list[str] = []
    for control in form.controls:
        said = form.labels.get(control.id, "")
        question = control.question or said
        if not control.folded and question not in asked:
            hands += MIND  # to be answered, or to be left out
            spoken += [] if control.name in _UNSPOKEN else [question]
        asked.add(question)
        box = control.kind in _BOXES
        given = [one for name, one in left if name == control.name and (not box or one == control.value)]
        if not given:
            continue
        left.discard((control.name, given[0]))
        if control.set or (control.kind == "select" and control.value == given[0]):
            continue
        if control.name not in _UNSPOKEN:
            spoken.append(said if box else control.options.get(given[0], given[0]))
        if box:
            hands += (0 if mouse else HAND) + POINT + CLICK
        else:
            typed = len(given[0]) if control.kind != "select" else _LETTERS
            hands += (POINT + CLICK + HAND if mouse else key) + typed * key
        mouse = box
    if left:
        raise KeyError(f"not on the page: {sorted(left)}")
    hands += (0 if mouse else HAND) + MIND + POINT + CLICK + ANSWER
    return {"hands": hands, "talk": len(" ".join(spoken).split()) * SPOKEN, "consent": form.consent * READ_OUT}
