"""Reports as pages: whole, escaped, with what the teacher said, and with templates of a school."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from html import unescape
from pathlib import Path

import pytest

from app.library.teaching import classes
from app.library.teaching.records import Adjustment
from app.reports import gather
from app.reports.data import Look
from app.reports.errors import ReportError
from app.reports.html import render
from app.reports.translations import languages
from tests.app.reports.conftest import School

PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def text_of(page: str) -> str:
    body = page[page.index("<body>") :]
    without_marks = re.sub(r"</?(b|bdi|i|span|sup)\b[^>]*>", "", body)
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", without_marks)).split())


def learner(school: School, look: Look | None = None, number: int = 0) -> str:
    report = gather.learner_report(school.store, school.of_learner(number))
    return render(report, look or Look())


def test_a_learner_s_page_tells_scores_marks_and_comments(school: School) -> None:
    text = text_of(learner(school))
    for part in (
        "Report of =Mia",
        "2 readings",
        "1 reviewed by a teacher",
        "Overall 91",
        "/s",
        "Longer, =Mia & <i>softer</i>.",
        "Ms Adams: Good pace.",
        "Mia reads every day.",
        "[is]",
        "Scores are estimates",
        "Confidence",
    ):
        assert part in text, part


def test_both_marks_are_seen(school: School) -> None:
    text = text_of(learner(school))
    assert re.search(r"see /[^/]+/ (/[^/]+/ )?47 90 Ms Adams: Longer", text)
    assert re.search(r"elephant /[^/]+/ 92 stress on syllable 3; it belongs on 1 20", text)


def test_a_class_s_page_tells_who_and_what_is_hard(school: School) -> None:
    classes.set_adjustment(school.store, school.class_id, Adjustment(0.9, 4.0))
    text = text_of(render(gather.class_report(school.store, school.of_class), Look(school="Nord & Süd")))
    for part in (
        "A2 & more",
        "=Mia",
        "S17",
        "Zoë <b>Müller</b>",
        "a learner without a name",
        "Nord & Süd",
        "0.90 ×",
    ):
        assert part in text, part


@pytest.mark.parametrize("medium", ["screen", "print"])
@pytest.mark.parametrize("language", languages())
def test_every_language_and_medium_can_be_written(school: School, language: str, medium: str) -> None:
    for report in (
        gather.learner_report(school.store, school.of_learner()),
        gather.learner_report(school.store, school.of_learner(2)),
        gather.class_report(school.store, school.of_class),
    ):
        page = render(report, Look(language=language), medium=medium)  # type: ignore[arg-type]
        assert f'<html lang="{language}">' in page
        assert "<svg" in page or "2026" in page


def test_nothing_is_fetched_and_nothing_runs(school: School) -> None:
    page = learner(school, Look(with_audio=True))
    assert "<script" not in page
    assert not re.search(r'(src|href)="(?!data:)', page)
    assert "default-src 'none'" in page
    assert "<b>Müller" not in learner(school, number=1)


def test_marked_words_can_be_heard_if_that_is_wanted_and_agreed_to(school: School) -> None:
    assert "<audio" not in learner(school)
    assert learner(school, Look(with_audio=True)).count("<audio") >= 2
    assert "<audio" not in learner(school, Look(with_audio=True), number=1)


def test_who_has_read_nothing_gets_a_kind_word(school: School) -> None:
    assert "There are no readings yet" in text_of(learner(school, number=2))


def test_the_logo_is_in_the_page(school: School, tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(PIXEL)
    assert "data:image/png;base64," in learner(school, Look(logo=logo))
    logo.write_bytes(b'<svg xmlns="http://www.w3.org/2000/svg"/>')  # what is in it counts
    assert "data:image/svg+xml;base64," in learner(school, Look(logo=logo))


@pytest.mark.parametrize(
    ("name", "data", "problem"),
    [
        ("logo.png", b"x", "no PNG, JPEG or SVG"),
        ("logo.svg", b"<html/>", "no PNG, JPEG or SVG"),
        ("gone.png", None, "cannot be read"),
        ("large.png", bytes(2**21 + 1), "larger than 2 MB"),
    ],
)
def test_a_logo_that_cannot_be_used_is_told(
    school: School, tmp_path: Path, name: str, data: bytes | None, problem: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ReportError, match=problem):
        learner(school, Look(logo=tmp_path / name))


def test_a_school_changes_a_template(school: School, tmp_path: Path) -> None:
    template = (
        '{% extends "page.html.j2" %}{% block content %}<p>Dear {{ report.learner.name }}!</p>{% endblock %}'
    )
    (tmp_path / "learner.html.j2").write_text(template, encoding="utf-8")
    text = text_of(learner(school, Look(templates=tmp_path), number=1))
    assert "Dear Zoë <b>Müller</b>!" in text
    assert "Scores are estimates" in text


@pytest.mark.parametrize(
    ("template", "problem"),
    [
        ("{% if %}", "a mistake in line 1"),
        ("one\ntwo {{ unknown }}", r"Line 2 of .*learner.html.j2\" cannot be used: 'unknown' is undefined"),
        ("{{ 1 / 0 }}", "division by zero"),
        ("{{ t('unknown') }}", 'The text "unknown" of the language "en" cannot be used: there is none'),
        ("{{ report.nothing }}", "nothing"),
        ("{{ ''.__class__.__mro__ }}", "cannot be used"),
        ('{% include "gone.html.j2" %}', "gone.html.j2"),
    ],
)
def test_a_template_that_cannot_be_used_is_told(
    school: School, tmp_path: Path, template: str, problem: str
) -> None:
    (tmp_path / "learner.html.j2").write_text(template, encoding="utf-8")
    with pytest.raises(ReportError, match=problem):
        learner(school, Look(templates=tmp_path))


def test_scores_that_are_no_more_than_rough_are_told(school: School) -> None:
    report = gather.learner_report(school.store, school.of_learner())
    assert "rough estimate" in text_of(render(replace(report, rough=2), Look()))


def test_spoken_comments_are_told_and_can_be_heard_if_that_is_wanted_and_agreed_to(school: School) -> None:
    assert text_of(learner(school)).count("(A spoken comment)") == 2
    page = learner(school, Look(with_audio=True))
    assert page.count('aria-label="A spoken comment"') == 2
    classes.set_consent(school.store, [each.id for each in school.people], False)
    page = learner(school, Look(with_audio=True))
    assert "<audio" not in page
    assert text_of(page).count("(A spoken comment)") == 2


def test_what_to_work_on_is_said_in_the_language_of_the_report(school: School) -> None:
    assert "/s/ sounded like /ʃ/: “see”." not in text_of(learner(school))  # for the teacher it was right
    assert "/s/ klang wie /ʃ/: „see“." in text_of(learner(school, Look(language="de"), number=1))
    assert "Left out: “is”." in text_of(learner(school))


def test_tables_and_drawings_have_names_for_those_who_do_not_see_them(school: School) -> None:
    for page in (learner(school), render(gather.class_report(school.store, school.of_class), Look())):
        assert page.count("<svg") == page.count("<title>") - 1  # the page has one, too
        assert not re.search(r"<table(?![^>]*bars)(?!.*?<th scope=)", page, re.DOTALL)
        assert not re.search(r"<th(?! scope=|ead)", page)


def test_the_page_of_a_language_from_right_to_left_runs_so(school: School, tmp_path: Path) -> None:
    (tmp_path / "ar.toml").write_text('overall = "المجموع"', encoding="utf-8")
    page = learner(school, Look(language="ar", templates=tmp_path))
    assert '<html lang="ar" dir="rtl">' in page
    assert "المجموع" in page


def test_a_folder_of_templates_that_is_gone_is_told(school: School, tmp_path: Path) -> None:
    with pytest.raises(ReportError, match="is not there"):
        learner(school, Look(templates=tmp_path / "gone"))


def test_a_class_without_learners_gets_a_kind_word(school: School) -> None:
    empty = classes.add(school.store, "Empty").id
    report = gather.class_report(school.store, replace(school.of_class, class_id=empty))
    assert "Nobody is in this class yet" in text_of(render(report, Look()))
