"""No pattern takes longer than in proportion to what is typed, whatever is typed."""

import re
from collections.abc import Iterator
from importlib import import_module
from inspect import getsource
from itertools import product
from pkgutil import walk_packages
from time import process_time
from typing import Any, Final

import pytest

import lotsen
import matching

#: Signs on which patterns of ours begin, repeat or end.
SIGNS: Final = ("a", " ", "\n", ".", '"', "\\", "<", "%", "\u2066")
#: Ten thousand signs take milliseconds; where each is tried as a beginning up to the end, they take seconds.
LONG: Final = 10_000
PATIENCE: Final = 0.3
#: Patterns for what was cut to so many signs before.
SHORT: Final = {"lotsen.services.passwords._REPEATED": 128, "lotsen.rules.office_texts._DOMAIN": 400}


def patterns() -> Iterator[tuple[str, "re.Pattern[Any]", str]]:
    """Every compiled pattern of ours, with its name and how its module asks it: to fit as a whole, or anywhere."""
    for package in (lotsen, matching):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            if ".migrations." not in module.name and not module.name.endswith("__main__"):
                found = import_module(module.name)
                for name, value in vars(found).items():
                    if isinstance(value, re.Pattern):
                        asked = set(re.findall(rf"\b{name}\.(\w+)\(", getsource(found)))
                        yield f"{module.name}.{name}", value, "fullmatch" if asked == {"fullmatch"} else "search"


FOUND: Final = {name: (pattern, asked) for name, pattern, asked in patterns()}


def test_patterns_are_found() -> None:
    assert {"lotsen.security._JSON_STRING", "lotsen.rules.residence._FOUND", *SHORT} <= set(FOUND)


@pytest.mark.parametrize("name", FOUND)
def test_long_input_takes_no_longer_than_its_length(name: str) -> None:
    (pattern, asked), length = FOUND[name], SHORT.get(name, LONG)
    for first, second in product(SIGNS, SIGNS):
        text: Any = first + (second + first) * (length // 2 - 1) + "\x00"
        text = text if isinstance(pattern.pattern, str) else text.encode()
        begun = process_time()
        getattr(pattern, asked)(text)
        taken = process_time() - begun
        assert taken < PATIENCE, f"{name}: {taken:.1f} s for {length} signs of {first!r} and {second!r}"
