"""The text of a reading with its marks: the machine's, and the teacher's beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import soundfile

from app.library.records import AttemptRow
from app.library.teaching.records import CommentRow, MarkRow
from app.library.teaching.revised import revised
from app.reports.data import Reading
from app.reports.marked_text import MarkedText, Note
from assessment.audio import SAMPLE_RATE
from assessment.results import Assessment, ErrorType
from tests.app.library.conftest import STARTED
from tests.app.reports.conftest import SEE, hum
from tests.assessment import examples

IS = 1


def mark(
    word: int | None, phone: int | None = None, score: float | None = None, error: str | None = None
) -> MarkRow:
    return MarkRow(f"{word} {phone}", "attempt", word, phone, score, error, "Ms Adams", STARTED)


def comment(word: int | None, text: str = "", recording: str | None = None) -> CommentRow:
    return CommentRow(f"c{word}", "mia", "attempt", word, text, recording, "Ms Adams", STARTED)


def marked(
    assessment: Assessment,
    *marks: MarkRow,
    comments: tuple[CommentRow, ...] = (),
    audio: Path | None = None,
    voices: dict[str, Path] | None = None,
) -> MarkedText:
    scores = [assessment.scores.overall, 0.0, 0.0, 0.0, 0.0]
    row = AttemptRow(
        "attempt", "mia", "Mia", None, "", None, assessment.text, STARTED, 3.0, *scores, False, False, None
    )
    reading = Reading(row, assessment, revised(assessment, marks), marks, comments, audio, voices or {})
    return MarkedText(reading, with_audio=True)


def kinds(text: MarkedText) -> list[tuple[str, str]]:
    return [(piece.text, piece.kind) for piece in text.pieces() if piece.kind]


@pytest.mark.parametrize("assessment", examples.readings())
def test_the_pieces_are_the_text_and_what_was_said_beside_it(assessment: Assessment) -> None:
    beside = ("added", "again", "pause", "no_pause")
    assert (
        "".join(piece.text for piece in marked(assessment).pieces() if piece.kind not in beside)
        == assessment.text
    )


def test_every_kind_of_flaw_has_its_sign() -> None:
    assert kinds(marked(examples.flawed_reading())) == [
        ("is", "out"),
        ("", "pause"),
        ("see", "wrong"),
        ("the", "again"),
        ("elephant", "nearly"),
    ]


def test_the_teacher_s_marks_are_shown_and_told() -> None:
    text = marked(examples.flawed_reading(), mark(SEE, score=95.0), mark(0, score=40.0))
    assert ("see", "wrong") not in kinds(text)
    assert ("Mark", "wrong") in kinds(text)
    assert [piece.text for piece in text.pieces() if piece.is_changed] == ["Mark", "see"]


def test_both_marks_of_a_word_stand_beside_each_other() -> None:
    lines = {line.text: line for line in marked(examples.flawed_reading(), mark(SEE, score=95.0)).words}
    see = lines["see"]
    assert (see.machine, see.machine_kind, see.teacher, see.teacher_kind, see.kind) == (
        47.0,
        "wrong",
        95.0,
        "",
        "",
    )
    assert (see.expected, see.heard) == ("/si/", "/ʃi/")
    assert lines["elephant"].notes == (Note("stress_at", {"heard": 3, "expected": 1}),)
    assert (lines["elephant"].teacher, lines["elephant"].is_changed) == (None, False)


def test_a_word_that_the_teacher_heard_is_not_left_out() -> None:
    line = marked(examples.flawed_reading(), mark(IS, error="none", score=90.0)).words[0]
    assert (line.text, line.machine_kind, line.kind) == ("is", "out", "")


def test_marks_of_single_sounds_are_told() -> None:
    line = next(
        line for line in marked(examples.good_reading(), mark(4, 0, score=10.0)).words if line.text == "see"
    )
    assert [(each.ipa, each.machine, each.teacher) for each in line.phones] == [("s", 93.0, 10.0)]
    assert not line.is_changed


def test_a_word_with_a_comment_is_told_even_if_it_is_right() -> None:
    text = marked(examples.good_reading(), comments=(comment(0, "Nice."), comment(None, "Well done.")))
    assert [(line.text, [each.text for each in line.comments]) for line in text.words] == [
        ("Mark", ["Nice."])
    ]
    assert [each.text for each in text.comments()] == ["Well done."]


def test_of_many_words_those_with_comments_and_the_worst_are_told() -> None:
    good = examples.good_reading()
    words = tuple(
        replace(good.words[0], accuracy=40.0 + number, error=ErrorType.MISPRONUNCIATION)
        for number in range(30)
    )
    text = marked(replace(good, words=words), comments=(comment(29, "This one."),))
    assert [line.machine for line in text.words] == [*(40.0 + number for number in range(11)), 69.0]
    assert text.more == 18


def test_what_was_spoken_can_be_heard(tmp_path: Path) -> None:
    said, voice = tmp_path / "said.wav", tmp_path / "voice.wav"
    for file in (said, voice):
        soundfile.write(file, hum(200).samples, SAMPLE_RATE)
    text = marked(
        examples.flawed_reading(),
        comments=(comment(None, recording="voice"),),
        audio=said,
        voices={"voice": voice},
    )
    assert [line.text for line in text.words if line.audio] == ["see", "the", "elephant"]
    assert text.comments()[0].audio.startswith("data:audio/")


def test_a_recording_that_is_gone_is_silent(tmp_path: Path) -> None:
    text = marked(examples.flawed_reading(), audio=tmp_path / "gone.flac")
    assert not any(line.audio for line in text.words)
