"""The review page: a teacher goes through readings with the keyboard, and the library keeps what was said."""

from __future__ import annotations

import sqlite3

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from app.audio.events import Ended, Heard, Why
from app.audio.journal import Take
from app.audio.level import Level
from app.library import attempts
from app.library import store as stores
from app.library.store import Store
from app.library.teaching import classes, review
from app.library.teaching.records import Adjustment, CommentRow, MarkRow
from app.library.teaching.review import Queue
from app.windows.review import acting
from app.windows.review.agreement_pane import Fit, FitDialog
from app.windows.review.page import ALL_DONE, ReviewPage
from app.windows.review.renderings import RenderingsDialog
from app.windows.services import Services
from app.windows.tokens import DARK
from tests.app.library.conftest import STARTED, tone
from tests.app.windows.conftest import NotedPlayer
from tests.app.windows.review.conftest import CTRL, SHIFT, Teacher, begin
from tests.app.windows.review.readings import TEXT, keep, people
from tests.assessment.examples import flawed_reading

K = Qt.Key


def marks(
    store: Store, attempt_id: str
) -> dict[tuple[int | None, int | None], tuple[float | None, str | None]]:
    """Return the teacher's marks that are in the library."""
    rows: tuple[MarkRow, ...] = review.open_review(store, attempt_id).marks
    return {(each.word, each.phone): (each.score, each.error) for each in rows}


def comments(store: Store, attempt_id: str) -> list[CommentRow]:
    return list(review.open_review(store, attempt_id).comments)


@pytest.fixture
def two(store: Store, teacher: Teacher) -> list[str]:
    """The ids of two readings of ten words, of Mia and of Jun, of which the first is shown."""
    ids = [keep(store, who, 10 * number) for number, who in enumerate(people(store, "Mia", "Jun"))]
    begin(teacher)
    return ids


# --- going through ------------------------------------------------------------------------------


def test_ten_words_are_marked_without_the_mouse(
    store: Store, teacher: Teacher, two: list[str], player: NotedPlayer
) -> None:
    mia, jun = two
    assert teacher.shown == mia
    assert len(teacher.page.desk.machine.words) == 10
    teacher.press(K.Key_Space)  # hears all of it
    assert len(player.played) == 1
    teacher.press(K.Key_Right, K.Key_K)  # "She": the machine is right
    teacher.press(K.Key_Right, K.Key_Return, K.Key_4)  # "has" is heard, and is better than the machine says
    teacher.press(K.Key_Down, K.Key_Right, K.Key_Right, K.Key_3, K.Key_Up)  # its last sound is nearly right
    teacher.press(K.Key_Right, K.Key_5, K.Key_Right, K.Key_2, K.Key_Right, K.Key_1)
    teacher.press(K.Key_Right, K.Key_K)  # "the" was left out, indeed
    teacher.press(K.Key_Right, K.Key_0, K.Key_Right, K.Key_5, K.Key_Right, K.Key_5, K.Key_Delete)
    teacher.press(K.Key_Right, K.Key_3, K.Key_C)
    teacher.type("Round your lips")
    teacher.press(K.Key_Return, held=CTRL)
    teacher.press(K.Key_4, held=SHIFT)
    teacher.press(K.Key_F, K.Key_N)
    teacher.settle()
    assert teacher.shown == jun
    assert marks(store, mia) == {
        (0, None): (92.5, "none"),
        (1, None): (72.5, None),
        (1, 2): (50.0, None),
        (2, None): (92.5, None),
        (3, None): (25.0, None),
        (4, None): (7.5, None),
        (5, None): (0.0, "omission"),
        (6, None): (None, "omission"),
        (7, None): (92.5, None),
        (9, None): (47.5, None),
        (None, None): (75.0, None),
    }
    (said,) = comments(store, mia)
    assert (said.text, said.word, said.attempt_id, said.author) == ("Round your lips", 9, mia, "Ms Adams")
    row = review.open_review(store, mia).kept.row
    assert row.is_flagged
    assert row.reviewed is not None
    assert row.reviewer == "Ms Adams"
    assert len(player.played) == 2
    assert len(player.played[1][0]) < len(player.played[0][0])


def test_the_machines_mark_stays_beside(teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_Right)
    assert teacher.told == "“has”  ·  Machine: 47, partly unclear"
    teacher.press(K.Key_5)
    assert teacher.told == "“has”  ·  Machine: 47, partly unclear  ·  You: 92, clear"
    teacher.press(K.Key_Down, K.Key_Right, K.Key_Right, K.Key_1)
    assert teacher.told == "/z/ in “has”  ·  Machine: 18, hardly right  ·  You: 0, wrong"
    assert [tile.isChecked() for tile in teacher.page.result.word.tiles] == [False, False, True]
    teacher.press(K.Key_Escape, K.Key_Delete)
    assert teacher.told == "“has”  ·  Machine: 47, partly unclear"


def test_marks_show_in_the_text_and_in_the_scores(teacher: Teacher, two: list[str]) -> None:
    desk, text = teacher.page.desk, teacher.page.result.text
    before = desk.assessment.scores.overall
    teacher.press(K.Key_Right, K.Key_Right, K.Key_5)
    assert desk.assessment.words[1].accuracy == 92.5
    assert desk.assessment.scores.overall > before
    assert 1 not in {mark.word for mark in text.marks}
    assert list(text.signs) == [1]
    assert text.current == 1


def test_after_the_last_it_is_told_that_all_are_reviewed(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    assert teacher.page.queue.count.text() == "2 to review"
    teacher.press(K.Key_Right, held=CTRL)
    teacher.settle()
    assert teacher.page.queue.count.text() == "1 of 2 to review"
    teacher.press(K.Key_N)
    teacher.settle()
    assert teacher.page.banner.text == ALL_DONE
    assert teacher.page.queue.count.text() == "0 of 2 to review"
    teacher.press(K.Key_Left, held=CTRL)
    teacher.settle()
    assert teacher.shown == two[0]
    assert not review.queue(store, Queue(unreviewed=True))


def test_the_window_goes_on_by_step(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.page.step(1)
    teacher.settle()
    assert teacher.shown == two[1]
    assert [row.id for row in review.queue(store, Queue(unreviewed=True))] == [two[1]]
    teacher.page.step(-1)
    teacher.settle()
    assert teacher.shown == two[0]


def test_only_the_attempt_that_was_asked_for_last_is_shown(teacher: Teacher, two: list[str]) -> None:
    for attempt_id in (two[1], two[0], two[1], two[0]):
        teacher.page.open_attempt(attempt_id)
    teacher.settle()
    assert teacher.shown == two[0]


def test_each_reading_is_played_by_itself_if_that_is_wanted(
    teacher: Teacher, two: list[str], player: NotedPlayer
) -> None:
    teacher.press(K.Key_P, K.Key_N)
    teacher.settle()
    assert len(player.played) == 1
    teacher.page.finish()
    assert player.stops


def test_keys_are_typed_where_somebody_types(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_F, held=CTRL)
    teacher.type("knf5")
    teacher.press(K.Key_Escape)
    teacher.page.queue.view.setFocus()
    teacher.press(K.Key_Down, K.Key_Return)
    teacher.settle()
    assert teacher.shown == two[1]
    assert not marks(store, two[0])
    assert len(review.queue(store, Queue(unreviewed=True))) == 2


def test_it_is_said_what_cannot_be_marked(store: Store, teacher: Teacher) -> None:
    (mia,) = people(store, "Mia")
    keep(store, mia, 0, flawed_reading())
    begin(teacher)
    teacher.press(K.Key_5)
    assert teacher.page.banner.text == acting.NO_WORD
    teacher.page.result.go_to(5)  # "the" was said twice
    teacher.press(K.Key_5)
    assert teacher.page.banner.text == acting.EXTRA
    teacher.page.result.go_to(1)  # "is" was left out
    teacher.press(K.Key_Down)
    assert teacher.page.banner.text == acting.NO_PHONES
    assert not teacher.page.desk.can_undo


def test_a_library_without_readings_leads_to_the_classes(
    qtbot: QtBot, store: Store, teacher: Teacher
) -> None:
    begin(teacher)
    page = teacher.page
    assert page.empty.isVisible()
    assert page.focusWidget() is page.empty.home
    with qtbot.waitSignal(page.classes_asked):
        teacher.press(K.Key_Space)


def test_the_place_in_the_text_stays_when_the_page_is_shown_again(teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_Right, K.Key_Down, K.Key_Right)
    begin(teacher)
    assert teacher.page.result.place == (1, 1)


# --- undoing ------------------------------------------------------------------------------------


def test_everything_can_be_undone_and_done_again(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_2, K.Key_5, K.Key_F)
    teacher.settle()
    teacher.press(K.Key_Z, K.Key_Z, held=CTRL)
    teacher.settle()
    assert marks(store, two[0]) == {(0, None): (25.0, None)}
    assert not review.open_review(store, two[0]).kept.row.is_flagged
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    assert not marks(store, two[0])
    teacher.press(K.Key_Z, K.Key_Z, K.Key_Z, held=CTRL | SHIFT)
    teacher.settle()
    assert marks(store, two[0]) == {(0, None): (92.5, None)}
    assert review.open_review(store, two[0]).kept.row.is_flagged
    assert not teacher.page.desk.can_redo


def test_undoing_goes_back_to_the_attempt(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_Right, K.Key_1, K.Key_N)
    teacher.settle()
    assert teacher.shown == two[1]
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    assert teacher.shown == two[0]
    assert teacher.page.desk.row.reviewed is None
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    assert teacher.page.result.place == (1, None)
    assert not marks(store, two[0])
    assert len(review.queue(store, Queue(unreviewed=True))) == 2


def test_what_is_done_anew_ends_what_could_be_done_again(teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_5)
    teacher.press(K.Key_Z, held=CTRL)
    teacher.press(K.Key_4)
    assert not teacher.page.desk.can_redo
    assert not teacher.page.foot.redo.isEnabled()
    assert teacher.page.foot.undo.isEnabled()


# --- comments -----------------------------------------------------------------------------------


def test_comments_are_on_a_word_a_reading_and_a_learner(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    for keys, held, text in (
        ((K.Key_Right, K.Key_C), Qt.KeyboardModifier.NoModifier, "a word"),
        ((K.Key_C,), SHIFT, "a reading"),
        ((K.Key_L,), Qt.KeyboardModifier.NoModifier, "a learner"),
    ):
        teacher.press(*keys, held=held)
        teacher.type(text)
        teacher.press(K.Key_Return, held=CTRL)
    teacher.settle()
    found = {each.text: (each.attempt_id, each.word) for each in comments(store, two[0])}
    assert found == {"a word": (two[0], 0), "a reading": (two[0], None), "a learner": (None, None)}
    shown = [view.text.text() for view in teacher.page.aside.comments.list.views]
    assert shown == ["a word", "a reading", "a learner"]
    assert [each.text for each in comments(store, two[1])] == []


def test_a_comment_is_written_anew_deleted_and_brought_back(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    teacher.press(K.Key_C, held=SHIFT)
    teacher.type("Good")
    teacher.press(K.Key_Return, held=CTRL)
    (view,) = teacher.page.aside.comments.list.views
    view.edit.click()
    teacher.type(" work")
    teacher.press(K.Key_Return, held=CTRL)
    teacher.settle()
    assert [each.text for each in comments(store, two[0])] == ["Good work"]
    (view,) = teacher.page.aside.comments.list.views
    view.delete.click()
    teacher.settle()
    assert not comments(store, two[0])
    teacher.press(K.Key_Z, held=CTRL)
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    assert [each.text for each in comments(store, two[0])] == ["Good"]


def test_a_comment_of_somebody_else_cannot_be_changed(store: Store, teacher: Teacher, two: list[str]) -> None:
    learner_id = review.open_review(store, two[0]).kept.row.learner_id
    review.comment(store, learner_id, "Mr B", "Mine", attempt_id=two[0])
    begin(teacher)
    (view,) = teacher.page.aside.comments.list.views
    assert not view.edit.isVisible()
    assert not view.delete.isVisible()


def test_what_is_being_written_is_kept_when_somebody_goes_on(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    teacher.press(K.Key_C, held=SHIFT)
    teacher.type("Half")
    teacher.page.step(1)
    teacher.settle()
    assert [each.text for each in comments(store, two[0])] == ["Half"]
    assert not teacher.page.aside.comments.editor.isVisible()


def test_escape_leaves_a_comment(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_C)
    assert isinstance(teacher.page.focusWidget(), QPlainTextEdit)
    teacher.type("Never mind")
    teacher.press(K.Key_Escape)
    assert teacher.page.focusWidget() is teacher.page.result.text
    teacher.settle()
    assert not comments(store, two[0])


class _Microphone:
    """Hears a tone."""

    def __init__(self, services: Services) -> None:
        self.services, self.text = services, ""

    def begin(self, text: str, extra: object = None) -> None:
        self.text = text
        block = tone(440).samples[:800]
        self.services.sound_event.emit(Heard(Level(-20.0, -6.0), block, True, 0.05))

    def end(self) -> None:
        self.services.sound_event.emit(Ended(Take(self.text, STARTED, tone(440).samples), Why.ASKED, 0, None))

    def discard(self) -> None:
        self.text = ""

    def close(self, wait_seconds: float = 0.0) -> None:
        pass


def test_a_comment_is_spoken_heard_deleted_and_brought_back(
    store: Store, services: Services, teacher: Teacher, two: list[str], player: NotedPlayer
) -> None:
    services.recorder = _Microphone(services)  # type: ignore[assignment]
    page = teacher.page
    teacher.press(K.Key_Right, K.Key_V)
    assert page.aside.comments.recording.isVisible()
    teacher.press(K.Key_V)
    teacher.wait(lambda: bool(page.aside.comments.list.views))
    teacher.settle()
    (said,) = comments(store, two[0])
    assert said.recording is not None
    assert (said.word, said.text) == (0, "")
    (view,) = page.aside.comments.list.views
    view.delete.click()
    teacher.settle()
    assert not comments(store, two[0])
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    (view,) = page.aside.comments.list.views
    view.play.click()
    teacher.wait(lambda: bool(player.played))
    assert len(player.played[0][0]) == len(tone(440).samples)
    teacher.press(K.Key_Escape)
    assert not page.listening.is_playing


def test_escape_throws_a_spoken_comment_away(
    store: Store, services: Services, teacher: Teacher, two: list[str]
) -> None:
    services.recorder = _Microphone(services)  # type: ignore[assignment]
    teacher.press(K.Key_V, K.Key_Escape)
    teacher.settle()
    assert not teacher.page.speaking.is_recording
    assert not comments(store, two[0])


# --- saving -------------------------------------------------------------------------------------


def test_what_cannot_be_saved_is_taken_back_with_a_message(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    attempts.delete(store, [two[0]])
    teacher.press(K.Key_Right, K.Key_5)
    assert "You: 92" in teacher.told
    teacher.settle()
    assert "You" not in teacher.told
    assert teacher.page.banner.text.startswith(review._GONE)
    assert not teacher.page.desk.can_undo


def test_a_busy_library_is_waited_for(
    store: Store, teacher: Teacher, two: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    page = teacher.page
    page.ledger._retry.setInterval(20)
    database = store.database
    assert database is not None
    store.close()  # the connections of the pool wait longer
    monkeypatch.setattr(stores, "_PATIENCE_SECONDS", 0.05)
    impatient = stores.open_store(store.folder)
    monkeypatch.setattr(type(page.services), "store", property(lambda _: impatient))
    other = sqlite3.connect(database, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    teacher.press(K.Key_Right, K.Key_5, K.Key_Right, K.Key_1)
    teacher.wait(lambda: "tried again" in page.banner.text)
    assert "You: 8" in teacher.told
    assert other.execute("SELECT count(*) FROM marks").fetchone() == (0,)
    other.execute("ROLLBACK")
    other.close()
    teacher.settle()
    assert not page.banner.text
    assert marks(impatient, two[0]) == {(0, None): (92.5, None), (1, None): (7.5, None)}
    impatient.close()


def test_leaving_the_page_saves_at_once(store: Store, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_5)
    teacher.page.finish()
    teacher.page.services.tasks.close()
    assert marks(store, two[0]) == {(0, None): (92.5, None)}


# --- others -------------------------------------------------------------------------------------


def test_a_queue_is_shown_with_its_first_attempt(store: Store, teacher: Teacher, two: list[str]) -> None:
    jun = review.open_review(store, two[1]).kept.row.learner_id
    teacher.page.show_queue(Queue(learner_id=jun))
    teacher.settle()
    assert teacher.shown == two[1]
    assert teacher.page.queue.count.text() == "1 to review"


def test_a_word_is_heard_from_the_whole_class(
    store: Store, teacher: Teacher, two: list[str], player: NotedPlayer
) -> None:
    learners = [review.open_review(store, each).kept.row.learner_id for each in two]
    group = classes.add(store, "A2")
    classes.put(store, group.id, learners)
    teacher.page.show_queue(Queue(class_id=group.id))
    teacher.settle()
    teacher.press(K.Key_Right, K.Key_Right, K.Key_A)
    dialog = teacher.page.dialog
    assert isinstance(dialog, RenderingsDialog)
    teacher.wait(lambda: len(dialog.model.rows) == 2)
    assert {each.row.learner for each in dialog.model.rows} == {"Mia", "Jun"}
    teacher.qtbot.keyClick(dialog.table, K.Key_Space)
    teacher.wait(lambda: len(player.played) == 1)
    player.done()
    teacher.wait(lambda: len(player.played) == 2)
    player.done()
    teacher.wait(lambda: dialog.model.playing == -1)
    teacher.qtbot.keyClick(dialog.table, K.Key_Return)
    teacher.wait(lambda: len(player.played) == 3)
    wanted = dialog.model.rows[dialog.table.currentIndex().row()].row.id
    teacher.qtbot.keyClick(dialog.table, K.Key_O)
    teacher.settle()
    assert teacher.shown == wanted
    assert teacher.page.result.place == (1, None)


def test_the_last_readings_are_opened_and_compared(qtbot: QtBot, store: Store, teacher: Teacher) -> None:
    (mia,) = people(store, "Mia")
    ids = [keep(store, mia, number) for number in range(3)]
    begin(teacher)
    page = teacher.page
    assert list(page.aside.latest.openers) == ids[::-1]
    with qtbot.waitSignal(page.comparison_asked) as asked:
        page.aside.latest.comparers[ids[2]].click()
    assert asked.args == [ids[0], ids[2]]
    page.aside.latest.openers[ids[1]].click()
    teacher.settle()
    assert teacher.shown == ids[1]


def test_a_class_is_fitted_to_its_teacher_and_back(store: Store, teacher: Teacher, two: list[str]) -> None:
    learners = [review.open_review(store, each).kept.row.learner_id for each in two]
    group = classes.add(store, "A2")
    classes.put(store, group.id, learners)
    teacher.page.show_queue(Queue(class_id=group.id))
    teacher.settle()
    pane = teacher.page.aside.agreement
    assert not pane.fit.isEnabled()
    for _ in two:
        teacher.press(K.Key_Home)
        for key in (K.Key_4, K.Key_2, K.Key_4, K.Key_5, K.Key_4, K.Key_0, K.Key_4, K.Key_5, K.Key_4):
            teacher.press(key, K.Key_Right)
        teacher.press(K.Key_N)
        teacher.settle()
    assert pane.told.text().startswith("You and the machine agree with r = ")
    assert "over 18 words" in pane.told.text() or "over 16 words" in pane.told.text()
    pane.fit.click()
    dialog = teacher.page.dialog
    assert isinstance(dialog, FitDialog)
    dialog.accept()
    teacher.settle()
    teacher.settle()
    (fitted,) = classes.all_classes(store)
    assert isinstance(fitted.adjustment, Adjustment)
    assert pane.remove.isVisible()
    teacher.press(K.Key_Z, held=CTRL)
    teacher.settle()
    assert classes.all_classes(store)[0].adjustment is None


def test_colours_can_be_changed(page: ReviewPage, teacher: Teacher, two: list[str]) -> None:
    teacher.press(K.Key_Right, K.Key_5)
    page.set_tokens(DARK)
    assert not page.grab().isNull()
    assert page.desk.machine.text == TEXT


def test_a_change_of_a_class_needs_no_dialog_to_be_taken_away(
    store: Store, teacher: Teacher, two: list[str]
) -> None:
    group = classes.add(store, "A2")
    classes.set_adjustment(store, group.id, Adjustment(0.9, 5.0))
    (row,) = classes.all_classes(store)
    teacher.page.acting.fit(Fit(row, None))
    teacher.settle()
    assert classes.all_classes(store)[0].adjustment is None
