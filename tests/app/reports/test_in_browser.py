"""Reports as web pages, opened in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pymupdf
import pytest
import soundfile

from app.library.progress import Day, FiveScores, PhoneMastery
from app.library.records import AttemptRow, LearnerRow
from app.library.teaching.overview import ClassOverview, HardPhone, HardWord, LearnerNumbers
from app.library.teaching.records import ClassRow, CommentRow, MarkRow
from app.reports.data import ClassReport, LearnerReport, Look, Reading
from app.reports.html import render
from assessment.results import Assessment
from tests import browser
from tests.assessment.examples import flawed_reading, good_reading

pytestmark = pytest.mark.skipif(bool(browser.why_not()), reason=browser.why_not())

NAME = "<script>document.title = 'run'</script><b>Zoë</b> & \"Müller\""
COMMENT = "Listen again: /θ/ <img src=x onerror=\"document.title = 'run'\">"
STARTED = datetime(2026, 5, 4, 9, 0, tzinfo=UTC)
SCORES = FiveScores(71.5, 68.0, 80.0, 100.0, 62.5)
WORDS = (HardWord("thursday", 9, 6, 4, 48.5), HardWord("<i>the</i>", 30, 4, 2, 71.0))
DAYS = tuple(Day((STARTED + timedelta(days=day)).date(), 2, FiveScores(60.0 + day)) for day in range(9))
MODELS = ("elocute-en-US 5",)
ALL_ASPECTS = ("overall", "accuracy", "fluency", "completeness", "prosody")

Open = Callable[..., Path]


@pytest.fixture
def audio(tmp_path: Path) -> Path:
    """A recording of ten seconds."""
    path = tmp_path / "reading.flac"
    soundfile.write(path, 0.3 * np.sin(2 * np.pi * 220 * np.arange(160_000) / 16_000), 16_000)
    return path


@pytest.fixture(params=["learner", "class"])
def report(request: pytest.FixtureRequest, audio: Path) -> LearnerReport | ClassReport:
    readings = (reading("one", flawed_reading(), audio), reading("two", good_reading(), None))
    return of_learner(readings) if request.param == "learner" else of_class(readings)


@pytest.fixture
def page(report: LearnerReport | ClassReport, tmp_path: Path) -> Path:
    """The report as a file, with the voice of the marked words."""
    path = tmp_path / "report.html"
    look = Look(school="School & <Sons>", with_audio=True)
    path.write_text(render(report, look), encoding="utf-8")
    return path


def learner() -> LearnerRow:
    return LearnerRow("learner", NAME, STARTED, True, 2, STARTED, "7")


def reading(attempt_id: str, assessment: Assessment, audio: Path | None) -> Reading:
    """A reading with a teacher's mark and comment on its first word."""
    means = assessment.scores
    scores = [getattr(means, name) for name in ALL_ASPECTS]
    text = assessment.text
    row = AttemptRow(
        attempt_id, "learner", NAME, None, "", None, text, STARTED, 10.0, *scores, False, False, "recording"
    )
    mark = MarkRow("mark", attempt_id, 0, None, 30.0, None, "Ms <i>Smith</i>", STARTED)
    comment = CommentRow("comment", "learner", attempt_id, 0, COMMENT, None, "Ms <i>Smith</i>", STARTED)
    return Reading(row, assessment, assessment, (mark,), (comment,), audio)


def of_learner(readings: tuple[Reading, ...]) -> LearnerReport:
    phones = (PhoneMastery("TH", 12, 7, 45.0, 0.4, -0.1), PhoneMastery("IH", 30, 2, 88.0, 0.9, None))
    general = CommentRow("general", "learner", None, None, COMMENT, None, "Ms Smith", STARTED)
    first, last = DAYS[0].day, DAYS[-1].day
    return LearnerReport(
        learner(),
        first,
        last,
        STARTED,
        18,
        6.5,
        SCORES,
        DAYS,
        phones,
        WORDS,
        readings,
        (general,),
        MODELS,
        3,
        2,
    )


def of_class(readings: tuple[Reading, ...]) -> ClassReport:
    numbers = LearnerNumbers(learner(), 2, 2, 1, 1, SCORES, 4.5, STARTED)
    nobody = LearnerNumbers(LearnerRow("new", "李雷", STARTED, False), 0, 0, 0, 0, FiveScores(), None, None)
    phones = (HardPhone("TH", 12, 7, 3, 45.0), HardPhone("IH", 30, 2, 1, 88.0))
    heat = {("learner", "TH"): (45.0, 12), ("learner", "IH"): (88.0, 30)}
    histogram = (0, 0, 0, 1, 0, 2, 4, 6, 3, 1)
    adds_up = ClassOverview(18, 9, 2, 1, SCORES, (numbers, nobody), histogram, WORDS, phones, heat, DAYS)
    return ClassReport(
        ClassRow("class", "A2 <evening>", STARTED, learners=2), STARTED, adds_up, readings, MODELS
    )


def test_opens_without_a_complaint_and_fetches_nothing(page: Path):
    opened = browser.open_page(page)
    assert opened.console == []
    assert opened.requests == []


def test_markup_in_names_and_comments_is_text(page: Path):
    opened = browser.open_page(page, "document.title")
    assert opened.value != "run"
    assert '<b>Zoë</b> & "Müller"' in opened.text
    assert 'onerror="document.title' in opened.text


def test_the_marked_words_can_be_heard(page: Path):
    seconds = browser.heard(page)
    assert seconds
    assert all(0.05 < each < 10.0 for each in seconds)


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True])
def test_nothing_is_wider_than_the_window(page: Path, width: int, dark: bool):
    sides = browser.open_page(page, "document.documentElement.scrollWidth", width=width, dark=dark)
    assert sides.value <= width


def test_prints_with_vectors_and_all_texts(page: Path):
    with pymupdf.open(stream=browser.print_page(page)) as document:
        text = " ".join(" ".join(sheet.get_text().split()) for sheet in document)
        drawings = sum(len(sheet.get_drawings()) for sheet in document)
        assert not any(sheet.get_images() for sheet in document)
    assert "Müller" in text
    assert drawings > 10
