"""The parts of the review page by themselves: keys, bands, words, comments, changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from pytestqt.qtbot import QtBot

from app.library.attempts import KeptAttempt
from app.library.store import Store
from app.library.teaching import review
from app.library.teaching.agreement import Agreement
from app.library.teaching.records import CommentRow, Review
from app.library.teaching.revised import phone_verdict
from app.settings import Settings
from app.windows.review import words
from app.windows.review.banding import PHONE, READING, WORD, nearest
from app.windows.review.changes import (
    Commenting,
    Marking,
    Memory,
    Removing,
    Reviewing,
    Rewording,
    new_comment,
)
from app.windows.review.comment_editor import TOO_LONG, CommentEditor
from app.windows.review.comment_list import MOST_SHOWN, NO_COMMENTS, CommentList
from app.windows.review.keys import TOLD, Digit, Do, KeysDialog, meant
from assessment.bands import BANDS, band
from assessment.results import Verdict
from tests.app.windows.history.rows import a_row
from tests.app.windows.review.conftest import CTRL, NONE, SHIFT
from tests.app.windows.review.readings import keep, people, ten_words

NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)
SHOWN = Review(KeptAttempt(a_row(0), ten_words(), None), (), ())


def key(code: Qt.Key, held: Qt.KeyboardModifier = NONE, place: int = 0) -> QKeyEvent:
    return QKeyEvent(QEvent.Type.KeyPress, code, held, place, 0, 0)


def a_comment(number: int, **values: object) -> CommentRow:
    made = CommentRow(str(number), "mia", "0", None, f"text {number}", None, "Ms Adams", NOW)
    return replace(made, **values)  # type: ignore[arg-type]


# --- keys and bands -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "does"),
    [
        (key(Qt.Key.Key_Space), Do.PLAY),
        (key(Qt.Key.Key_Return, SHIFT), Do.PLAY_MODEL),
        (key(Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier), Do.PLAY_WORD),
        (key(Qt.Key.Key_Right, CTRL), Do.DONE),
        (key(Qt.Key.Key_Z, CTRL | SHIFT), Do.REDO),
        (key(Qt.Key.Key_Question, SHIFT), Do.HELP),
        (key(Qt.Key.Key_3), Digit(3, False)),
        (key(Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier), Digit(3, False)),
        (key(Qt.Key.Key_3, SHIFT), Digit(3, True)),
        (key(Qt.Key.Key_NumberSign, SHIFT), Digit(3, True)),
        (key(Qt.Key.Key_6), None),
        (key(Qt.Key.Key_3, CTRL), None),
        (key(Qt.Key.Key_X), None),
        (key(Qt.Key.Key_K, CTRL), None),
    ],
)
def test_keys_mean_what_is_told(event: QKeyEvent, does: Do | Digit | None) -> None:
    assert meant(event) == does


def test_digits_are_known_by_their_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    # On a French keyboard this key types "é", and 2 only with Shift.
    assert meant(key(Qt.Key.Key_Eacute, NONE, 11)) == Digit(2, False)
    assert meant(key(Qt.Key.Key_2, SHIFT, 11)) == Digit(2, True)


def test_all_keys_are_told(qtbot: QtBot) -> None:
    dialog = KeysDialog()
    qtbot.addWidget(dialog)
    assert len({keys for keys, _ in TOLD}) == len(TOLD)


def test_marks_lie_in_the_middle_of_their_bands() -> None:
    for aspect, levels in (("word", WORD), ("overall", READING)):
        assert [level.number for level in levels] == [1, 2, 3, 4, 5]
        assert [level.name for level in reversed(levels)] == [each.name for each in BANDS[aspect]]
        assert all(band(aspect, level.score).name == level.name for level in levels)


def test_marks_of_phones_are_on_the_right_side_of_the_verdicts() -> None:
    wrong, nearly, right = Verdict.WRONG, Verdict.NEARLY, Verdict.RIGHT
    assert [phone_verdict(level.score) for level in PHONE] == [wrong, wrong, nearly, right, right]
    assert nearest(PHONE, 71.0).name == "nearly right"


# --- words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (Agreement(0, None, None, None, ()), "Mark some words, then it is told here"),
        (
            Agreement(46, 0.82, 3.1, 8.0, ()),
            "You and the machine agree with r = .82 over 46 words. You give 3 points more.",
        ),
        (
            Agreement(46, -0.05, -1.0, 8.0, ()),
            "You and the machine agree with r = −.05 over 46 words. You give 1 point less.",
        ),
        (Agreement(46, 1.0, 0.2, 8.0, ()), "r = 1.00 over 46 words. On average you give as much."),
        (Agreement(1, None, 12.0, 12.0, ()), "You have marked 1 word: too few to tell"),
    ],
)
def test_the_agreement_is_told_in_a_sentence(found: Agreement, told: str) -> None:
    assert told in words.agreement_words(found)


def test_a_teacher_has_a_name() -> None:
    settings = Settings()
    assert words.author_of(settings) == words.TEACHER
    settings = settings.changed("learner", name="Kim")
    assert words.author_of(settings) == "Kim"
    assert words.author_of(settings.changed("teaching", author=" Ms Adams ")) == "Ms Adams"


# --- comments -----------------------------------------------------------------------------------


def test_comments_on_the_current_word_come_first(qtbot: QtBot) -> None:
    shown = replace(
        SHOWN,
        comments=(
            a_comment(1, word=2),
            a_comment(2, word=4),
            a_comment(3),
            a_comment(4, attempt_id=None),
            a_comment(5, word=4),
            a_comment(6, word=99),
        ),
    )
    list_ = CommentList()
    qtbot.addWidget(list_)
    list_.show_comments(shown, 4, "Ms Adams")
    assert [view.comment.id for view in list_.views] == ["5", "2", "1", "6", "3", "4"]
    list_.show_comments(shown, 2, "Ms Adams")
    assert [view.comment.id for view in list_.views] == ["1", "5", "2", "6", "3", "4"]


def test_of_many_comments_some_are_shown_until_all_are_wanted(qtbot: QtBot) -> None:
    list_ = CommentList()
    qtbot.addWidget(list_)
    shown = replace(SHOWN, comments=tuple(map(a_comment, range(MOST_SHOWN + 5))))
    list_.show_comments(shown, -1, "Ms Adams")
    assert len(list_.views) == MOST_SHOWN
    last = list_.layout()
    assert last is not None
    button = last.itemAt(last.count() - 2).widget()
    assert button.text() == "Show 5 more"
    button.click()
    assert len(list_.views) == MOST_SHOWN + 5


def test_without_comments_it_is_told_how_to_make_one(qtbot: QtBot) -> None:
    list_ = CommentList()
    qtbot.addWidget(list_)
    list_.show_comments(SHOWN, -1, "Ms Adams")
    layout = list_.layout()
    assert layout is not None
    assert layout.itemAt(0).widget().text() == NO_COMMENTS


def test_a_comment_that_is_too_long_is_not_lost(qtbot: QtBot) -> None:
    editor = CommentEditor()
    qtbot.addWidget(editor)
    editor.begin("On this reading", "reading", None)
    editor.field.setPlainText("x" * (review.MOST_CHARACTERS + 1))
    with qtbot.assertNotEmitted(editor.kept):
        editor.keep()
    assert editor.isVisible()
    assert editor._trouble.text() == TOO_LONG
    editor.field.setPlainText("   ")
    with qtbot.waitSignal(editor.left):
        editor.keep()


# --- changes ------------------------------------------------------------------------------------


def test_a_mark_takes_the_place_of_the_authors_mark_before() -> None:
    first, second = Marking("0", "A", 1, None, 40.0), Marking("0", "A", 1, None, 90.0)
    other = Marking("0", "B", 1, None, 10.0)
    shown = SHOWN
    for change in (first, other, second):
        shown = change.on_review(shown, Memory())
    assert [(each.author, each.score) for each in shown.marks] == [("B", 10.0), ("A", 90.0)]
    back = second.opposite(first.on_review(SHOWN, Memory()))
    assert (back.score, back.error) == (40.0, None)
    assert not first.opposite(SHOWN).on_review(first.on_review(SHOWN, Memory()), Memory()).marks
    assert Marking("another", "A", 1, None, 40.0).on_review(SHOWN, Memory()) is SHOWN


def test_reviewing_is_taken_back() -> None:
    change = Reviewing("0", "Ms Adams", True)
    shown = change.on_review(SHOWN, Memory())
    assert shown.kept.row.reviewer == "Ms Adams"
    assert change.opposite(SHOWN).on_review(shown, Memory()).kept.row == SHOWN.kept.row


def test_a_comment_keeps_its_name_through_the_library(store: Store) -> None:
    (mia,) = people(store, "Mia")
    attempt_id = keep(store, mia)
    base = review.open_review(store, attempt_id)
    memory, done = Memory(), []
    row = base.kept.row
    said = new_comment(row, "A", "One", "word", 1)
    steps = [Commenting(row.id, said), Rewording(row.id, said, "Two")]
    steps += [Removing(row.id, replace(said, text="Two")), Commenting(row.id, replace(said, text="Two"))]
    for step in steps:
        step.save(store, memory)
        done.append(step)
        kept = [each.text for each in review.open_review(store, attempt_id).comments]
        shown = base
        for each in done:
            shown = each.on_review(shown, memory)
        assert [each.text for each in shown.comments] == kept
    # The same, where some of it was in the library already.
    (now,) = review.open_review(store, attempt_id).comments
    assert now.id == memory.id_of(said.id)
    assert len(memory.all_ids(said.id)) == 2
