"""TextGrids: what Praat, MFA and we write is read, and Praat reads what we write."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import ExchangeError
from assessment.exchange.textgrid import (
    Interval,
    TextGrid,
    Tier,
    assessment_textgrid,
    open_textgrid,
    read_textgrid,
    textgrid,
    write_textgrid,
)
from assessment.results import Assessment
from tests.assessment import examples

LONG = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 2.3
tiers? <exists>
size = 3
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0
        xmax = 2.3
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 1.1
            text = "say ""hi"" 2 <b> ! [3]"
        intervals [2]:
            xmin = 1.1
            xmax = 2.3
            text = ""
    item [2]:
        class = "TextTier"
        name = "bell"
        xmin = 0
        xmax = 2.3
        points: size = 1
        points [1]:
            number = 0.5
            mark = "ding"
    item [3]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0
        xmax = 2.3
        intervals: size = 1
        intervals [1]:
            xmin = 0
            xmax = 2.3
            text = "ʃ"
"""
SHORT = """File type = "ooTextFile"
Object class = "TextGrid"

0
2.3
<exists>
3
"IntervalTier"
"words"
0
2.3
2
0
1.1
"say ""hi"" 2 <b> ! [3]"
1.1
2.3
""
"TextTier"
"bell"
0
2.3
1
0.5
"ding"
"IntervalTier"
"phones"
0
2.3
1
0
2.3
"ʃ"
"""
OLD_SHORT = SHORT.replace('File type = "ooTextFile"\nObject class = ', 'File type = "ooTextFile short"\n')
COMMENTED = """File type = "ooTextFile"
Object class = "TextGrid"
! a "comment" of 1 line
0 2.3 <exists> 3
"IntervalTier" "words" 0 2.3 2 intervals
0 1.1 "say ""hi"" 2 <b> ! [3]" 1.1 2.3 "" !
"TextTier" "bell" 0 2.3 1 0.5 "ding"
"IntervalTier" "phones" 0 2.3 1 0 2.3 "ʃ\""""
GRID = TextGrid(
    0.0,
    2.3,
    (
        Tier("words", (Interval(0.0, 1.1, 'say "hi" 2 <b> ! [3]'), Interval(1.1, 2.3, ""))),
        Tier("phones", (Interval(0.0, 2.3, "ʃ"),)),
    ),
)
MFA = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0.0
xmax = 1.12
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "words"
        xmin = 0.0
        xmax = 1.12
        intervals: size = 4
        intervals [1]:
            xmin = 0.0
            xmax = 0.31
            text = "<eps>"
        intervals [2]:
            xmin = 0.31
            xmax = 0.62
            text = "see"
        intervals [3]:
            xmin = 0.62
            xmax = 1.119999
            text = "<eps>"
        intervals [4]:
            xmin = 1.119999
            xmax = 1.12
            text = ""
    item [2]:
        class = "IntervalTier"
        name = "phones"
        xmin = 0.0
        xmax = 1.12
        intervals: size = 5
        intervals [1]:
            xmin = 0.0
            xmax = 0.31
            text = "sil"
        intervals [2]:
            xmin = 0.31
            xmax = 0.45
            text = "S"
        intervals [3]:
            xmin = 0.45
            xmax = 0.62
            text = "IY1"
        intervals [4]:
            xmin = 0.62
            xmax = 1.119999
            text = "spn"
        intervals [5]:
            xmin = 1.119999
            xmax = 1.12
            text = ""
"""

labels = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=12)


@st.composite
def tiers(draw: st.DrawFn) -> Tier:
    """Draw a tier within 0-10 s of labelled intervals with and without gaps between them."""
    ends = draw(st.lists(st.integers(0, 10_000), max_size=8, unique=True).map(sorted))
    spans = [span for span in pairwise(ends) if draw(st.booleans())]
    return Tier(draw(labels), tuple(Interval(a / 1000, b / 1000, draw(labels)) for a, b in spans))


grids = st.builds(TextGrid, st.just(0.0), st.just(10.0), st.lists(tiers(), max_size=3).map(tuple))


def labelled(grid: TextGrid) -> list[tuple[str, list[Interval]]]:
    return [(tier.name, [interval for interval in tier.intervals if interval.label]) for tier in grid.tiers]


@pytest.mark.parametrize("text", [LONG, LONG.replace("\n", " \n"), SHORT, OLD_SHORT, COMMENTED])
def test_every_text_format_of_praat_is_read(text: str) -> None:
    assert read_textgrid(text) == GRID


def test_a_grid_without_tiers_is_read() -> None:
    assert read_textgrid('"ooTextFile" "TextGrid" 0 1 <absent>') == TextGrid(0.0, 1.0, ())


def test_the_output_of_mfa_is_read_with_its_silences() -> None:
    words, phones = read_textgrid(MFA).tiers
    assert [interval.label for interval in words.intervals] == ["<eps>", "see", "<eps>", ""]
    assert phones.intervals[1:3] == (Interval(0.31, 0.45, "S"), Interval(0.45, 0.62, "IY1"))


def test_the_output_of_mfa_is_written_without_its_sliver() -> None:
    words, _ = read_textgrid(write_textgrid(read_textgrid(MFA))).tiers
    assert words.intervals[-1] == Interval(0.62, 1.12, "<eps>")


def test_an_empty_interval_without_duration_is_left_out() -> None:
    grid = read_textgrid(LONG.replace("xmin = 1.1", "xmin = 2.3"))
    assert grid.tiers[0].intervals == GRID.tiers[0].intervals[:1]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_files_are_read_as_praat_encodes_them(tmp_path: Path, encoding: str, newline: str) -> None:
    path = tmp_path / "take.TextGrid"
    path.write_bytes(LONG.replace("\n", newline).encode(encoding))
    assert open_textgrid(path) == GRID


def test_big_endian_utf_16_is_read(tmp_path: Path) -> None:
    path = tmp_path / "take.TextGrid"
    path.write_bytes(b"\xfe\xff" + LONG.encode("utf-16-be"))
    assert open_textgrid(path) == GRID


def test_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "take.TextGrid"
    path.write_bytes(LONG.replace("ʃ", "é").encode("latin-1"))
    with pytest.raises(ExchangeError, match=r"take\.TextGrid is neither UTF-8 nor UTF-16"):
        open_textgrid(path)


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match=r"none\.TextGrid cannot be opened"):
        open_textgrid(tmp_path / "none.TextGrid")


def test_a_damaged_file_is_refused_by_name_and_line(tmp_path: Path) -> None:
    path = tmp_path / "take.TextGrid"
    path.write_text(LONG.replace("xmax = 1.1\n", "xmax = <soon>\n"), encoding="utf-8")
    with pytest.raises(ExchangeError, match=r"take\.TextGrid: .* line 17, .* where a number should be"):
        open_textgrid(path)


@given(st.binary())
def test_no_bytes_but_a_textgrid_are_read(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.TextGrid"
    path.write_bytes(data)
    with pytest.raises(ExchangeError):
        open_textgrid(path)


@given(st.text())
def test_no_text_but_a_textgrid_is_read(text: str) -> None:
    with pytest.raises(ExchangeError, match="line"):
        read_textgrid(text)


strings = ['"IntervalTier"', '"TextTier"', '"a"', '""', '"']
tokens = st.sampled_from([*strings, "<exists>", "<absent>", "<", "0", "1", "2", "-1", "1e999", "!\n"])


@given(st.lists(tokens, max_size=20))
def test_a_textgrid_of_any_tokens_is_read_or_refused(parts: list[str]) -> None:
    try:
        grid = read_textgrid(" ".join(['"ooTextFile" "TextGrid"', *parts]))
    except ExchangeError:
        return
    assert all(interval.start < interval.end for tier in grid.tiers for interval in tier.intervals)


@given(st.data())
def test_a_damaged_textgrid_is_read_or_refused(data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(LONG)))
    end = data.draw(st.integers(start, len(LONG)))
    text = LONG[:start] + data.draw(st.text('"<>!0123456789.eE+-x \n', max_size=4)) + LONG[end:]
    try:
        grid = read_textgrid(text)
    except ExchangeError:
        return
    assert len(grid.tiers) <= 2


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("IntervalTier", "OvalTier", "line 10, .*OvalTier"),
        ("size = 3", "size = 2.5", "line 7, 2.5 is not a number of"),
        ("size = 3", "size = -1", "line 7, -1 is not a number of"),
        ("xmax = 2.3\n", "xmax = 1e999\n", "line 5, the number is too large"),
        ("xmax = 1.1\n", "xmax = 1,1\n", "line 17, '1,1' stands where a number should be"),
        ("xmax = 1.1\n", "xmax = 0\n", "line 18, .*no duration"),
        ("xmax = 1.1\n", "xmax = 1.2\n", "line 22, .*overlaps"),
        ('text = "ʃ"', 'text = "ʃ', "where a text in quotes should be"),
        ('""hi""', '"hi"', "where a text in quotes should be"),
        ('text = "ʃ"', "", "the text ends where a text in quotes should follow"),
        ('"TextGrid"', '"Pitch 1"', "line 2, this is not a TextGrid"),
    ],
)
def test_the_message_names_line_and_problem(old: str, new: str, problem: str) -> None:
    with pytest.raises(ExchangeError, match=problem):
        read_textgrid(LONG.replace(old, new, 1))


@given(grids)
def test_what_is_written_is_read_back_and_covers_all_time(grid: TextGrid) -> None:
    again = read_textgrid(write_textgrid(grid))
    assert labelled(again) == labelled(grid)
    assert (again.start, again.end) == (grid.start, grid.end)
    assert read_textgrid(write_textgrid(again)) == again
    for tier in again.tiers:
        assert tier.intervals[0].start == grid.start
        assert tier.intervals[-1].end == grid.end
        assert all(one.end == other.start for one, other in pairwise(tier.intervals))
        assert all(interval.start < interval.end for interval in tier.intervals)


def test_times_that_differ_by_rounding_are_written_as_one() -> None:
    ragged = (Interval(2e-7, 0.3, "a"), Interval(0.1 + 0.2, 0.5, "b"), Interval(0.4999999, 0.9999999, "c"))
    (tier,) = read_textgrid(write_textgrid(TextGrid(0.0, 1.0, (Tier("t", ragged),)))).tiers
    assert tier.intervals == (Interval(0.0, 0.3, "a"), Interval(0.3, 0.5, "b"), Interval(0.5, 1.0, "c"))


@pytest.mark.parametrize(
    "intervals",
    [
        (Interval(0.0, 0.5, "a"), Interval(0.4, 0.6, "b")),
        (Interval(0.5, 0.6, "a"), Interval(0.1, 0.2, "b")),
        (Interval(0.2, 0.2, "a"),),
        (Interval(0.5, 0.4, "a"),),
        (Interval(0.5, 1.5, "a"),),
        (Interval(-0.5, 0.5, "a"),),
        (Interval(float("nan"), 0.5, "a"),),
        (Interval(0.1, float("nan"), "a"),),
    ],
)
def test_intervals_that_praat_would_refuse_are_not_written(intervals: tuple[Interval, ...]) -> None:
    with pytest.raises(ExchangeError, match='tier "t" cannot be written'):
        write_textgrid(TextGrid(0.0, 1.0, (Tier("t", intervals),)))


@pytest.mark.parametrize("end", [0.0, -1.0, float("nan"), float("inf")])
def test_a_grid_without_duration_is_not_written(end: float) -> None:
    with pytest.raises(ExchangeError, match="needs a duration"):
        write_textgrid(TextGrid(0.0, end, ()))


def test_an_assessment_becomes_words_syllables_phones_ipa_and_scores() -> None:
    grid = textgrid(examples.good_reading())
    names = ["words", "syllables", "phones", "ipa", "scores", "verdicts", "heard"]
    assert [tier.name for tier in grid.tiers] == names
    words, syllables, phones, ipa, scores, *_ = ([i.label for i in tier.intervals] for tier in grid.tiers)
    assert " ".join(words) == "mark is going to see the elephant"
    assert syllables[-3:] == ["EH1 L", "AH0", "F AH0 N T"]
    assert phones[:4] == ["M", "AA1", "R", "K"]
    assert "".join(ipa[-7:]) == "ɛləfənt"
    assert scores == ["92.5"] * 7


def test_phones_that_are_not_right_have_their_verdict_and_what_was_heard() -> None:
    verdicts, heard = textgrid(examples.flawed_reading(), tiers=("verdicts", "heard")).tiers
    see = examples.flawed_reading().words[4].phones[0]
    assert verdicts.intervals == (Interval(see.start, see.end, "wrong"),)
    assert heard.intervals == (Interval(see.start, see.end, "SH"),)


def test_the_bare_alignment_can_be_asked_for() -> None:
    grid = textgrid(examples.good_reading(), tiers=("words", "phones"))
    assert [tier.name for tier in grid.tiers] == ["words", "phones"]


def test_an_unknown_tier_is_refused() -> None:
    with pytest.raises(ExchangeError, match='no tier "tones"'):
        textgrid(examples.good_reading(), tiers=("tones",))


def test_words_left_out_are_not_in_the_grid() -> None:
    words = textgrid(examples.flawed_reading()).tiers[0]
    assert "is" not in [interval.label for interval in words.intervals]


def test_the_grid_ends_with_the_recording() -> None:
    reading = examples.good_reading()
    cut = Assessment(**{**vars(reading), "duration": reading.words[-1].end - 0.05})
    for tier in read_textgrid(assessment_textgrid(cut)).tiers:
        assert tier.intervals[-1].end == cut.duration
        assert tier.intervals[-1].label or tier.name in ("verdicts", "heard")


@given(examples.assessments())
def test_the_phones_of_every_assessment_come_back(assessment: Assessment) -> None:
    phones = read_textgrid(assessment_textgrid(assessment)).tiers[2]
    expected = [phone.symbol for word in assessment.words for phone in word.phones]
    assert [interval.label for interval in phones.intervals if interval.label] == expected


@pytest.mark.parametrize("reading", examples.readings())
def test_praat_itself_opens_our_textgrids(tmp_path: Path, reading: Assessment) -> None:
    parselmouth = pytest.importorskip("parselmouth", reason="praat-parselmouth is not installed")
    call = parselmouth.praat.call
    path = tmp_path / "reading.TextGrid"
    path.write_text(assessment_textgrid(reading), encoding="utf-8", newline="\n")
    opened = parselmouth.read(str(path))
    assert (opened.xmin, opened.xmax) == (0.0, reading.duration)
    for number, tier in enumerate(read_textgrid(path.read_text(encoding="utf-8")).tiers, start=1):
        assert call(opened, "Get tier name", number) == tier.name
        seen = [
            Interval(
                call(opened, "Get start time of interval", number, index),
                call(opened, "Get end time of interval", number, index),
                call(opened, "Get label of interval", number, index),
            )
            for index in range(1, call(opened, "Get number of intervals", number) + 1)
        ]
        assert seen == list(tier.intervals)


def test_praat_and_we_read_the_same(tmp_path: Path) -> None:
    parselmouth = pytest.importorskip("parselmouth", reason="praat-parselmouth is not installed")
    call = parselmouth.praat.call
    path = tmp_path / "theirs.TextGrid"
    for text in (LONG, SHORT, OLD_SHORT, COMMENTED, MFA):
        path.write_text(text, encoding="utf-8", newline="\n")
        call(parselmouth.read(str(path)), "Save as text file", str(path))
        assert labelled(open_textgrid(path)) == labelled(read_textgrid(text))
