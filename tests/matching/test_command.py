"""``python -m matching`` as people and scripts call it."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from matching import Matcher
from matching.__main__ import main
from tests.matching.people import guide, newcomer, read, write


def suggest(folder: Path, newcomers: list[dict[str, Any]], guides: list[dict[str, Any]], *more: str) -> int:
    write(folder / "newcomers.csv", newcomers)
    write(folder / "guides.csv", guides)
    return run_suggest(folder, *more)


def run_suggest(folder: Path, *more: str) -> int:
    files = [f"--{name}={folder / name}.csv" for name in ("newcomers", "guides")]
    return main(["suggest", *files, f"--out={folder / 'pairs.csv'}", *more])


def test_pairs_reasons_and_report_are_written(tmp_path: Path) -> None:
    ones, others = [newcomer(), newcomer(id="n2", topics=["leisure"])], [guide(), guide(id="g2", completed=9)]
    more = [f"--explain={tmp_path / 'reasons.csv'}", f"--report={tmp_path / 'report.json'}", "--top=1"]
    assert suggest(tmp_path, ones, others, *more) == 0
    expected = Matcher().suggest(ones, others, top=1)
    assert read(tmp_path / "pairs.csv") == [
        {"newcomer_id": pair.newcomer_id, "guide_id": pair.guide_id, "score": f"{pair.score:.6f}", "rank": "1"}
        for pair in expected.pairs
    ]
    reasons = read(tmp_path / "reasons.csv")
    assert list(reasons[0]) == ["newcomer_id", "guide_id", "criterion", "value", "contribution", "code"]
    assert [(row["newcomer_id"], row["code"]) for row in reasons] == [(r.newcomer_id, r.code) for r in expected.reasons]
    assert (reasons[-1]["guide_id"], reasons[-1]["contribution"]) == ("", "")
    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))["placed"] == 1


def test_ids_may_hold_what_csv_sets_apart(tmp_path: Path) -> None:
    awkward = ("n,1", 'n"2"', "n\n3", "n 4")
    ones = [newcomer(id=name) for name in awkward]
    assert suggest(tmp_path, ones, [guide(id='g,"1"', capacity=4, free_places=4)], f"--explain={tmp_path / 'why'}") == 0
    assert [(row["newcomer_id"], row["guide_id"]) for row in read(tmp_path / "pairs.csv")] == [
        (name, 'g,"1"') for name in sorted(awkward)
    ]
    assert {(row["newcomer_id"], row["guide_id"]) for row in read(tmp_path / "why")} == {
        (name, 'g,"1"') for name in awkward
    }


def test_progress_is_shown_if_asked_for_and_otherwise_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest(tmp_path, [newcomer()], [guide()]) == 0
    assert capsys.readouterr() == ("", "")
    assert run_suggest(tmp_path, "--progress") == 0
    told = capsys.readouterr()
    assert told.out == ""
    assert [line.split() for line in told.err.split("\r")[1:]] == [
        ["0%", "profiles"], ["15%", "pairs"], ["45%", "assignment"], ["95%", "ranking"], ["100%", "done"],
    ]  # fmt: skip


def test_the_command_answers_in_a_process_of_its_own(tmp_path: Path) -> None:
    write(tmp_path / "scores.csv", [{"newcomer_id": "a", "guide_id": "x", "score": 2}])
    write(tmp_path / "capacity.csv", [{"guide_id": "x", "places": "many"}])
    command = [sys.executable, "-m", "matching", "assign", "--scores=scores.csv", "--capacity=capacity.csv"]
    root = str(Path(__file__).parents[2])
    ended = subprocess.run(
        [*command, "--out=pairs.csv"],
        cwd=tmp_path, env={"PYTHONPATH": root}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == "capacity.csv:2: places: “many” is not a whole number of at least 0\n"
    assert not (tmp_path / "pairs.csv").exists()


BAD_CELLS = [
    ("newcomers", "latitude", "91", "out of range"),
    ("newcomers", "latitude", "nan", "finite"),
    ("newcomers", "longitude", "inf", "finite"),
    ("newcomers", "longitude", "1_0", "finite"),
    ("newcomers", "waiting_days", "-1", "out of range"),
    ("newcomers", "languages", "xx:B1", "unknown language code “xx”"),
    ("newcomers", "languages", "ar:D1", "unknown level “D1”"),
    ("newcomers", "languages", "ar", "unknown level"),
    ("newcomers", "languages", "de:B1;deu:C1", "stands twice"),
    ("newcomers", "topics", "housing;gardening", "unknown code “gardening” (known: authorities housing"),
    ("newcomers", "slots", "mon-night", "unknown code “mon-night”"),
    ("newcomers", "gender", "x", "unknown code “x”"),
    ("newcomers", "guide_gender", "any", "unknown code “any”"),
    ("newcomers", "children", "2", "out of range"),
    ("newcomers", "children", "yes", "“yes” is neither 0 nor 1"),
    ("newcomers", "id", "n1", "stands twice"),
    ("newcomers", "id", " ", "empty"),
    ("newcomers", "municipality", "", "empty"),
    ("guides", "radius_km", "-5", "out of range"),
    ("guides", "capacity", "1.5", "whole number"),
    ("guides", "free_places", "-1", "whole number"),
    ("guides", "cleared", "", "“” is neither 0 nor 1"),
    ("guides", "completed", "٣", "whole number"),
]


@pytest.mark.parametrize(("file", "column", "text", "words"), BAD_CELLS)
def test_a_bad_cell_is_named_by_file_line_and_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, column: str, text: str, words: str
) -> None:
    ones, others = [newcomer(), newcomer(id="n2")], [guide(), guide(id="g2")]
    {"newcomers": ones, "guides": others}[file][1][column] = text
    assert suggest(tmp_path, ones, others) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"{tmp_path / file}.csv:3: {column}: ")
    assert words in told
    assert told.count("\n") == 1
    assert not (tmp_path / "pairs.csv").exists()


def test_kinds_of_requests_may_be_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ones, others = [newcomer(kinds="lasting")], [guide(kinds="one_off"), guide(id="g2", kinds="")]
    assert suggest(tmp_path, ones, others) == 0
    assert "g2" in (tmp_path / "pairs.csv").read_text()
    assert "g1" not in (tmp_path / "pairs.csv").read_text()
    ones[0]["kinds"] = "often"
    assert suggest(tmp_path, ones, others) == 2
    told = f"{tmp_path / 'newcomers.csv'}:2: kinds: unknown code “often” (known: lasting one_off)\n"
    assert capsys.readouterr().err == told


def test_a_missing_column_is_refused_and_an_unknown_one_ignored_with_a_warning(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert suggest(tmp_path, [newcomer(shoe_size=40)], [guide()]) == 0
    assert capsys.readouterr().err == f"warning: {tmp_path / 'newcomers.csv'}:1: shoe_size: unknown column, ignored\n"
    short = guide()
    del short["radius_km"]
    assert suggest(tmp_path, [newcomer()], [short]) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'guides.csv'}:1: radius_km: column is missing\n"


def test_marks_empty_lines_and_windows_line_ends_are_tolerated(tmp_path: Path) -> None:
    suggest(tmp_path, [newcomer(), newcomer(id="n2")], [guide()])
    expected = (tmp_path / "pairs.csv").read_bytes()
    for name in ("newcomers.csv", "guides.csv"):
        text = (tmp_path / name).read_text(encoding="utf-8")
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf\r\n" + text.replace("\n", "\r\n\r\n").encode())
    assert run_suggest(tmp_path) == 0
    assert (tmp_path / "pairs.csv").read_bytes() == expected


@pytest.mark.parametrize(
    ("content", "place"),
    [
        (b"", ":1: file: has no header row"),
        (b"id,id\n", ":1: id: column stands twice"),
        (b"id;latitude\nn1;52,6\n", ":1: header: columns must be separated by commas"),
        (b"id,latitude\nn1\n", ":2: latitude: 1 cells where the header has 2"),
        (b"id,latitude\nn1,2,3\n", ":2: latitude: 3 cells where the header has 2"),
        (b"id\n\xff\n", ":2: file: is not UTF-8"),
        (b'id\n"n1\n', ":2: file: is not CSV: unexpected end of data"),
    ],
)
def test_a_file_that_is_no_table_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes, place: str
) -> None:
    write(tmp_path / "guides.csv", [guide()])
    (tmp_path / "newcomers.csv").write_bytes(content)
    assert run_suggest(tmp_path) == 2
    assert capsys.readouterr().err == f"{tmp_path / 'newcomers.csv'}{place}\n"


def test_a_missing_file_and_an_unwritable_target_are_told_and_leave_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_suggest(tmp_path) == 2
    assert "newcomers.csv:0: file: No such file" in capsys.readouterr().err
    assert suggest(tmp_path, [newcomer()], [guide()], f"--report={tmp_path / 'none' / 'report.json'}") == 2
    assert "report.json:0: file: cannot be written: No such file" in capsys.readouterr().err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["guides.csv", "newcomers.csv"]


def assign(folder: Path, scores: Sequence[tuple[str, str, object]], capacity: Sequence[tuple[str, object]]) -> int:
    write(folder / "scores.csv", [dict(zip(("newcomer_id", "guide_id", "score"), row, strict=True)) for row in scores])
    write(folder / "capacity.csv", [dict(zip(("guide_id", "places"), row, strict=True)) for row in capacity])
    files = [f"--{name}={folder / name}.csv" for name in ("scores", "capacity")]
    return main(["assign", *files, f"--out={folder / 'pairs.csv'}"])


def test_assign_reads_scores_and_capacities_and_writes_the_best_pairs(tmp_path: Path) -> None:
    scores = [("b", "x", 0.9), ("b", "y", 0.8), ("a", "x", 0.7), ("c", "x", 0.1), ("c", "y", 0)]
    assert assign(tmp_path, scores, [("y", 1), ("x", 1), ("z", 4)]) == 0
    assert [tuple(row.values()) for row in read(tmp_path / "pairs.csv")] == [
        ("a", "x", "0.7", "1"),
        ("b", "y", "0.8", "1"),
    ]


@pytest.mark.parametrize(
    ("scores", "capacity", "place"),
    [
        ([("a", "x", -1)], [("x", 1)], "scores.csv:2: score: -1 is out of range"),
        ([("a", "q", 1)], [("x", 1)], "scores.csv:2: guide_id: no capacity is given for “q”"),
        ([("a", "x", 1), ("a", "x", 2)], [("x", 1)], "scores.csv:3: guide_id: stands twice"),
        ([("a", "x", 1)], [("x", 1), ("x", 2)], "capacity.csv:3: guide_id: stands twice"),
        ([("a", "x", 1)], [("x", -1)], "capacity.csv:2: places: “-1” is not a whole number"),
    ],
)
def test_assign_refuses_what_makes_no_sense(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    scores: Sequence[tuple[str, str, object]],
    capacity: Sequence[tuple[str, object]],
    place: str,
) -> None:
    assert assign(tmp_path, scores, capacity) == 2
    assert place in capsys.readouterr().err
    assert not (tmp_path / "pairs.csv").exists()
