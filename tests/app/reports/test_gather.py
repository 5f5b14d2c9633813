"""What is told in a report is what is in the library, and no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.library.models import Attempt, StoredAssessment
from app.library.teaching import classes, review
from app.reports import gather
from app.reports.errors import ReportError
from tests.app.library.conftest import STARTED
from tests.app.reports.conftest import SEE, School


def test_a_learner_is_told_of_with_everything(school: School) -> None:
    report = gather.learner_report(school.store, school.of_learner())
    assert report.learner.name == "=Mia"
    assert (report.attempts, report.reviewed, report.rough) == (2, 1, 0)
    assert [each.row.started for each in report.readings] == [STARTED + timedelta(days=1), STARTED]
    assert report.scores.overall == pytest.approx((68.0 + 91.2) / 2)
    assert [day.attempts for day in report.days] == [1, 1]
    assert [each.text for each in report.comments] == ["Mia reads every day."]
    assert report.models == ("en-US 1.0.0",)


def test_the_teacher_s_marks_stand_beside_the_machine_s(school: School) -> None:
    marked = gather.learner_report(school.store, school.of_learner()).readings[1]
    assert marked.machine.words[SEE].accuracy == 47.0
    assert marked.revised.words[SEE].accuracy == 90.0
    assert {comment.text for comment in marked.comments} == {
        "Longer, =Mia & <i>softer</i>.",
        "Good pace.",
        "",
    }


def test_voices_are_given_only_of_those_who_have_consented(school: School) -> None:
    assert all(
        each.audio and each.audio.is_file() for each in gather.readings(school.store, school.of_learner(0))
    )
    assert all(each.audio is None for each in gather.readings(school.store, school.of_learner(1)))


def test_a_class_is_told_of_with_its_marked_readings(school: School) -> None:
    report = gather.class_report(school.store, school.of_class)
    assert (report.overview.attempts, report.overview.reviewed) == (4, 1)
    assert [each.row.id for each in report.readings] == [school.marked]
    assert len(report.overview.learners) == 3


def test_readings_come_the_oldest_first_and_only_those_that_are_wanted(school: School) -> None:
    every = list(gather.readings(school.store, school.of_class))
    assert [each.row.started for each in every] == sorted(each.row.started for each in every)
    later = replace(school.of_class, since=STARTED + timedelta(hours=12))
    assert len(gather.rows(school.store, later)) == 2
    one = replace(school.of_class, attempts=(school.marked,))
    assert [each.id for each in gather.rows(school.store, one)] == [school.marked]
    assert gather.rows(school.store, replace(school.of_class, handed_in=True)) == []


def test_a_reading_that_is_damaged_is_left_out(school: School) -> None:
    with school.store.writing() as session:
        session.execute(
            update(StoredAssessment).values(json="{}").where(StoredAssessment.attempt_id == school.marked)
        )
    assert len(list(gather.readings(school.store, school.of_class))) == 3
    assert gather.class_report(school.store, school.of_class).readings == ()


def test_who_has_read_nothing_is_told_of_too(school: School) -> None:
    report = gather.learner_report(school.store, school.of_learner(2))
    assert (report.attempts, report.since, report.readings, report.models) == (0, None, (), ())


def test_what_is_gone_is_told(school: School) -> None:
    with pytest.raises(ReportError, match="learner is not in the library"):
        gather.learner_report(school.store, replace(school.of_learner(), learner_id="gone"))
    classes.delete(school.store, school.class_id)
    with pytest.raises(ReportError, match="class is not in the library"):
        gather.class_report(school.store, school.of_class)


def test_sounds_and_means_are_those_of_the_readings_that_are_wanted(school: School) -> None:
    one = replace(school.of_learner(), attempts=(school.marked,))
    report = gather.learner_report(school.store, one)
    assert (report.attempts, len(report.readings), report.scores.overall) == (1, 1, 68.0)
    later = replace(school.of_learner(), since=STARTED + timedelta(hours=12))
    assert gather.learner_report(school.store, later).scores.overall == 91.2


def test_spoken_comments_are_given_only_to_those_who_have_consented(school: School) -> None:
    def voices() -> int:
        report = gather.learner_report(school.store, school.of_learner())
        return len(report.voices) + sum(len(each.voices) for each in report.readings)

    assert voices() == 2
    classes.set_consent(school.store, [school.people[0].id], False)
    assert voices() == 0


def test_a_class_s_report_names_the_models_and_how_many_scores_are_rough(school: School) -> None:
    with school.store.writing() as session:
        session.execute(
            update(Attempt).where(Attempt.id == school.marked).values(is_rough=True, model="old 3")
        )
    report = gather.class_report(school.store, school.of_class)
    assert (report.models, report.rough) == (("en-US 1.0.0", "old 3"), 1)


def test_who_was_commented_before_the_first_reading_is_told_so(school: School) -> None:
    nobody = school.people[2].id
    review.comment(school.store, nobody, "Ms Adams", "Please read something.")
    report = gather.learner_report(school.store, school.of_learner(2))
    assert [each.text for each in report.comments] == ["Please read something."]
