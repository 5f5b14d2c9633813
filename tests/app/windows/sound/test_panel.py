from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QApplication, QToolTip
from pytestqt.qtbot import QtBot

from app.windows.sound.data import Curve, PhoneSpan, SoundData, Tier, WordSpan, sound_data
from app.windows.sound.envelope import Envelope
from app.windows.sound.panel import EMPTY, SoundPanel
from app.windows.sound.spectrogram import Spectrogram
from app.windows.sound.stretch import Stretch
from app.windows.tokens import CONTRAST_DARK, CONTRAST_LIGHT, DARK, LIGHT, Tokens
from assessment import Recording
from assessment.audio import SAMPLE_RATE
from assessment.results import ErrorType
from tests.assessment.examples import flawed_reading

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
WORDS = [index for index, word in enumerate(flawed_reading().words) if word.error is not ErrorType.OMISSION]


def recording(seconds: float) -> Recording:
    """Return a buzz at 150 Hz with some noise."""
    time = np.arange(round(seconds * SAMPLE_RATE)) / SAMPLE_RATE
    buzz = sum(np.sin(2.0 * np.pi * 150.0 * number * time) / number for number in range(1, 9))
    noise = np.random.default_rng(5).standard_normal(len(time))
    return Recording.from_samples((0.1 * buzz + 0.01 * noise).astype(np.float32), SAMPLE_RATE)


@pytest.fixture(scope="module")
def data() -> SoundData:
    return sound_data(recording(3.2), flawed_reading())


@pytest.fixture
def panel(qtbot: QtBot, data: SoundData) -> SoundPanel:
    shown = a_panel(qtbot)
    shown.set_data(data)
    shown.plots.draw()
    return shown


@pytest.fixture(scope="module")
def ten_minutes() -> SoundData:
    return long_data(10.0)


def a_panel(qtbot: QtBot) -> SoundPanel:
    shown = SoundPanel()
    qtbot.addWidget(shown)
    shown.resize(1000, 500)
    shown.show()
    shown.plots.setFocus()
    return shown


def x_at(panel: SoundPanel, seconds: float) -> int:
    return round(panel.plots.x_at(seconds))


def at(panel: SoundPanel, seconds: float, row: str) -> QPoint:
    """Return a point at a time: on the words, the phones, or in the spectrogram."""
    plots = panel.plots
    items = {"words": plots._words, "phones": plots._phones, "spectrogram": plots.rows[1].view}
    return QPoint(x_at(panel, seconds), round(items[row].sceneBoundingRect().center().y()))


def drag(qtbot: QtBot, panel: SoundPanel, start: QPoint, end: QPoint, button=LEFT) -> None:
    viewport = panel.plots.viewport()
    qtbot.mousePress(viewport, button, pos=start)
    for step in range(1, 5):
        qtbot.mouseMove(viewport, start + (end - start) * step / 4)
    qtbot.mouseRelease(viewport, button, pos=end)


def turn(panel: SoundPanel, point: QPoint, by: QPoint, modifiers=Qt.KeyboardModifier.NoModifier) -> None:
    viewport = panel.plots.viewport()
    place = QPointF(point)
    event = QWheelEvent(
        place,
        viewport.mapToGlobal(place),
        QPoint(),
        by,
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)


def seconds_a_pixel(panel: SoundPanel) -> float:
    return panel.plots.stretch.length / panel.plots.area().width()


# --- nothing to show ------------------------------------------------------------------------


def test_without_a_reading_one_quiet_sentence_is_shown(qtbot: QtBot):
    panel = a_panel(qtbot)
    assert panel._empty.text() == EMPTY
    assert panel._empty.isVisible()
    assert not panel.plots.isVisible()
    assert not any(toggle.isEnabled() for toggle in panel.toggles.values())


def test_without_a_reading_keys_and_wheel_do_nothing(qtbot: QtBot):
    panel = a_panel(qtbot)
    with qtbot.assertNotEmitted(panel.play_asked):
        for key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_0):
            qtbot.keyClick(panel.plots, key)
        turn(panel, QPoint(300, 200), QPoint(0, 120))
        panel.select_word(0)
    assert panel.plots.selection is None


def test_a_reading_can_be_taken_away_again(qtbot: QtBot, panel: SoundPanel):
    qtbot.keyClick(panel.plots, Qt.Key.Key_Right)
    panel.set_data(None)
    panel.plots.draw()
    assert panel._empty.isVisible()
    assert panel.plots.selection is None


# --- selecting and playing ------------------------------------------------------------------


def test_what_is_dragged_over_is_selected_and_space_plays_it(qtbot: QtBot, panel: SoundPanel):
    with qtbot.assertNotEmitted(panel.play_asked):
        drag(qtbot, panel, at(panel, 0.5, "spectrogram"), at(panel, 1.4, "spectrogram"))
    with qtbot.waitSignal(panel.play_asked) as asked:
        qtbot.keyClick(panel.plots, Qt.Key.Key_Space)
    assert asked.args == pytest.approx([0.5, 1.4], abs=seconds_a_pixel(panel))


def test_a_selection_may_be_dragged_backwards_and_beyond_the_edge(qtbot: QtBot, panel: SoundPanel):
    drag(qtbot, panel, at(panel, 1.4, "spectrogram"), QPoint(2, 250))
    chosen = panel.plots.selection
    assert chosen is not None
    assert (chosen.start, chosen.end) == pytest.approx((0.0, 1.4), abs=seconds_a_pixel(panel))


def test_the_edge_of_a_selection_can_be_moved(qtbot: QtBot, panel: SoundPanel):
    drag(qtbot, panel, at(panel, 0.5, "spectrogram"), at(panel, 1.4, "spectrogram"))
    drag(qtbot, panel, at(panel, 1.4, "spectrogram"), at(panel, 2.0, "spectrogram"))
    chosen = panel.plots.selection
    assert chosen is not None
    assert (chosen.start, chosen.end) == pytest.approx((0.5, 2.0), abs=seconds_a_pixel(panel))


def test_a_click_beside_words_and_phones_selects_nothing(qtbot: QtBot, panel: SoundPanel):
    drag(qtbot, panel, at(panel, 0.5, "spectrogram"), at(panel, 1.4, "spectrogram"))
    with qtbot.assertNotEmitted(panel.play_asked):
        qtbot.mouseClick(panel.plots.viewport(), LEFT, pos=at(panel, 2.5, "spectrogram"))
    assert panel.plots.selection is None


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return])
def test_without_a_selection_everything_is_played(qtbot: QtBot, panel: SoundPanel, key):
    with qtbot.waitSignal(panel.play_asked) as asked:
        qtbot.keyClick(panel.plots, key)
    assert asked.args == pytest.approx([0.0, 3.2])


@pytest.mark.parametrize("index", WORDS)
def test_a_click_on_a_word_chooses_and_plays_it(qtbot: QtBot, panel: SoundPanel, index: int):
    word = flawed_reading().words[index]
    place = at(panel, (word.start + word.end) / 2.0, "words")
    with qtbot.waitSignal(panel.play_asked) as played, qtbot.waitSignal(panel.word_chosen) as chosen:
        qtbot.mouseClick(panel.plots.viewport(), LEFT, pos=place)
    assert chosen.args == [index]
    assert played.args == pytest.approx([word.start, word.end])


def test_a_click_on_a_phone_plays_it(qtbot: QtBot, panel: SoundPanel):
    phone = flawed_reading().words[4].phones[0]
    place = at(panel, (phone.start + phone.end) / 2.0, "phones")
    with qtbot.waitSignal(panel.play_asked) as asked:
        qtbot.mouseClick(panel.plots.viewport(), LEFT, pos=place)
    assert asked.args == pytest.approx([phone.start, phone.end])


def test_keys_walk_from_word_to_word_past_those_left_out(qtbot: QtBot, panel: SoundPanel):
    walked: list[int] = []
    panel.word_chosen.connect(walked.append)
    for key in [Qt.Key.Key_Right] * 3 + [Qt.Key.Key_Left, Qt.Key.Key_End, Qt.Key.Key_Home]:
        qtbot.keyClick(panel.plots, key)
    assert walked == [WORDS[0], WORDS[1], WORDS[2], WORDS[1], WORDS[-1], WORDS[0]]


def test_with_shift_more_words_are_selected_and_enter_plays_them(qtbot: QtBot, panel: SoundPanel):
    words = flawed_reading().words
    for modifiers in (Qt.KeyboardModifier.NoModifier, SHIFT, SHIFT):
        qtbot.keyClick(panel.plots, Qt.Key.Key_Right, modifiers)
    with qtbot.waitSignal(panel.play_asked) as asked:
        qtbot.keyClick(panel.plots, Qt.Key.Key_Return)
    assert asked.args == pytest.approx([words[WORDS[0]].start, words[WORDS[2]].end])


def test_escape_selects_nothing_and_then_is_left_to_others(qtbot: QtBot, panel: SoundPanel):
    qtbot.keyClick(panel.plots, Qt.Key.Key_Right)
    for leaves in (False, True):
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(panel.plots, event)
        assert panel.plots.selection is None
        assert event.isAccepted() is not leaves


@pytest.mark.parametrize(
    ("key", "modifiers", "ours"),
    [
        (Qt.Key.Key_Space, Qt.KeyboardModifier.NoModifier, True),
        (Qt.Key.Key_Plus, CTRL, True),
        (Qt.Key.Key_Left, SHIFT, True),
        (Qt.Key.Key_Space, CTRL, False),
        (Qt.Key.Key_N, Qt.KeyboardModifier.NoModifier, False),
        (Qt.Key.Key_Escape, Qt.KeyboardModifier.NoModifier, False),
    ],
)
def test_keys_that_mean_something_here_are_kept_from_the_window(panel: SoundPanel, key, modifiers, ours):
    event = QKeyEvent(QEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(panel.plots, event)
    assert event.isAccepted() is ours


def test_the_play_button_plays_the_selection(qtbot: QtBot, panel: SoundPanel):
    panel.select_word(4)
    word = flawed_reading().words[4]
    with qtbot.waitSignal(panel.play_asked) as asked:
        qtbot.mouseClick(panel._play, LEFT)
    assert asked.args == pytest.approx([word.start, word.end])


# --- zooming and scrolling ------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [0.6, 1.6, 2.9])
def test_the_wheel_keeps_the_time_under_the_mouse(panel: SoundPanel, seconds: float):
    place = at(panel, seconds, "spectrogram")
    before, under = panel.plots.stretch.length, panel.plots.time_at(place.x())
    for _ in range(5):
        turn(panel, place, QPoint(0, 120))
    assert panel.plots.stretch.length < 0.5 * before
    assert panel.plots.time_at(place.x()) == pytest.approx(under, abs=1e-6)


def test_the_wheel_zooms_out_again_as_far_as_it_goes(panel: SoundPanel):
    place = at(panel, 1.0, "spectrogram")
    for steps in (5, -5, -5):
        turn(panel, place, QPoint(0, 120 * steps))
    assert panel.plots.stretch == Stretch.whole(panel.plots.data.duration)


def test_the_wheel_scrolls_with_shift_and_sideways(panel: SoundPanel):
    panel.plots.see(Stretch(1.0, 2.0, 3.2))
    turn(panel, QPoint(400, 200), QPoint(0, -120), SHIFT)
    later = panel.plots.stretch
    assert later.start > 1.0
    assert later.length == pytest.approx(1.0)
    turn(panel, QPoint(400, 200), QPoint(120, 0))
    assert panel.plots.stretch.start == pytest.approx(1.0)


def test_the_middle_button_drags_the_recording(qtbot: QtBot, panel: SoundPanel):
    panel.plots.see(Stretch(1.0, 2.0, 3.2))
    place = at(panel, 1.5, "spectrogram")
    drag(qtbot, panel, place, place + QPoint(100, 0), MIDDLE)
    assert panel.plots.stretch.start == pytest.approx(1.0 - 100 * seconds_a_pixel(panel))
    assert panel.plots.selection is None


def test_keys_zoom_about_the_selection_and_0_shows_everything(qtbot: QtBot, panel: SoundPanel):
    panel.select_word(2)
    chosen = panel.plots.selection
    assert chosen is not None
    middle = (chosen.start + chosen.end) / 2.0
    before = panel.plots.x_at(middle)
    qtbot.keyClick(panel.plots, Qt.Key.Key_Plus, CTRL)
    qtbot.keyClick(panel.plots, Qt.Key.Key_Plus, CTRL)
    assert panel.plots.stretch.length == pytest.approx(3.2 / 2.25)
    assert panel.plots.x_at(middle) == pytest.approx(before)
    qtbot.keyClick(panel.plots, Qt.Key.Key_Minus, CTRL)
    assert panel.plots.stretch.length == pytest.approx(3.2 / 1.5)
    qtbot.keyClick(panel.plots, Qt.Key.Key_0)
    assert panel.plots.stretch.is_whole


def test_the_scroll_bar_follows_and_leads(panel: SoundPanel):
    assert not panel._scroll.isVisible()
    panel.plots.see(Stretch(1.0, 2.0, 3.2))
    assert panel._scroll.isVisible()
    assert (panel._scroll.value(), panel._scroll.pageStep(), panel._scroll.maximum()) == (1000, 1000, 2200)
    panel._scroll.setValue(500)
    assert panel.plots.stretch == Stretch(0.5, 1.5, 3.2)


def test_a_word_that_is_seen_is_selected_in_place(panel: SoundPanel):
    panel.select_word(4)
    word = flawed_reading().words[4]
    assert panel.plots.stretch.is_whole
    assert panel.plots.selection is not None
    assert (panel.plots.selection.start, panel.plots.selection.end) == (word.start, word.end)


def test_a_word_out_of_sight_is_brought_near_with_what_is_around_it(panel: SoundPanel):
    panel.plots.see(Stretch(0.0, 0.3, 3.2))
    panel.select_word(4)
    word, seen = flawed_reading().words[4], panel.plots.stretch
    assert seen.shows(word.start - 0.3, word.end + 0.3)
    assert seen.length < 3.2


def test_a_word_too_small_to_see_is_brought_near(qtbot: QtBot, ten_minutes: SoundData):
    panel = a_panel(qtbot)
    panel.set_data(ten_minutes)
    panel.plots.draw()
    panel.select_word(70)
    word = panel.plots.data.assessment.words[70]
    assert panel.plots.stretch.shows(word.start, word.end)
    assert panel.plots.stretch.length < 5.0


def test_a_word_that_was_left_out_leads_to_its_place(panel: SoundPanel):
    assessment = flawed_reading()
    gone = replace(assessment.words[1], start=0.62, end=0.62)
    data = replace(
        panel.plots.data,
        assessment=replace(assessment, words=(assessment.words[0], gone, *assessment.words[2:])),
    )
    panel.set_data(data)
    panel.plots.see(Stretch(2.0, 2.5, 3.2))
    panel.select_word(1)
    assert panel.plots.stretch.shows(0.5, 0.7)


def test_the_window_goes_on_with_what_is_played(panel: SoundPanel):
    panel.plots.see(Stretch(0.0, 1.0, 3.2))
    for seconds in (0.5, 0.98, 1.02):
        panel.set_cursor(seconds)
    assert panel.plots.stretch.shows(1.02, 1.5)
    panel.set_cursor(None)
    panel.plots.draw()
    assert panel.plots._overlay._cursor is None


# --- what is drawn --------------------------------------------------------------------------


def colours_in(image: QImage) -> set[str]:
    pixels = np.frombuffer(image.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint32)
    return {f"#{pixel & 0xFFFFFF:06x}" for pixel in np.unique(pixels).tolist()}


def row_image(panel: SoundPanel, number: int) -> QImage:
    box = panel.plots.rows[number].view.sceneBoundingRect().toRect().adjusted(2, 2, -2, -2)
    return panel.plots.grab(box).toImage()


@pytest.mark.parametrize("tokens", [LIGHT, DARK, CONTRAST_LIGHT, CONTRAST_DARK], ids=lambda each: each.name)
def test_every_theme_colours_every_row(panel: SoundPanel, tokens: Tokens):
    panel.set_tokens(tokens)
    panel.set_model_pitch(np.linspace(0.2, 3.0, 280), np.full(280, 4.0))
    panel.plots.draw()
    surface, accent = QColor(tokens.surface).name(), QColor(tokens.accent).name()
    waveform, spectrogram, pitch, loudness = (colours_in(row_image(panel, number)) for number in range(4))
    assert {surface, accent} <= waveform
    assert {surface, accent} <= pitch
    assert QColor(tokens.text).name() in pitch
    assert surface in loudness
    assert len(spectrogram) > 50
    assert panel.plots.grab().toImage().pixelColor(1, 1) == QColor(tokens.background)


def test_the_selection_and_the_cursor_are_seen(panel: SoundPanel):
    before = row_image(panel, 3)
    panel.select_word(4)
    panel.set_cursor(0.5)
    after = row_image(panel, 3)
    left = panel.plots.rows[3].view.sceneBoundingRect().left() + 2
    word = flawed_reading().words[4]
    for seconds in ((word.start + word.end) / 2.0, 0.5):
        x = round(panel.plots.x_at(seconds) - left)
        assert any(before.pixel(each, 3) != after.pixel(each, 3) for each in (x - 1, x, x + 1))
    x = round(panel.plots.x_at(3.0) - left)
    assert before.pixel(x, 3) == after.pixel(x, 3)


def test_the_model_is_drawn_in_dashes(panel: SoundPanel):
    panel.toggles["Spectrogram"].setChecked(False)
    panel.set_model_pitch([0.0, 3.2], [-4.0, -4.0])
    panel.set_model_pitch(np.arange(0.0, 3.2, 0.01), np.full(320, -4.0))
    panel.plots.draw()
    image, ink = row_image(panel, 2), QColor(LIGHT.text)
    height = image.height()
    found = [
        any(image.pixelColor(x, y).lightness() < ink.lightness() + 60 for y in range(height * 3 // 5, height))
        for x in range(image.width())
    ]
    changes = sum(one != other for one, other in pairwise(found))
    assert changes > 40
    assert 0.4 < sum(found) / len(found) < 0.9


def test_the_model_may_be_taken_away(panel: SoundPanel):
    panel.set_model_pitch(np.linspace(0.0, 3.0, 300), np.zeros(300))
    panel.plots.draw()
    both = panel.plots.rows[2].points
    panel.set_model_pitch([], [])
    panel.plots.draw()
    assert panel.plots.rows[2].points < both


def test_times_of_the_model_must_fit_its_pitch(panel: SoundPanel):
    with pytest.raises(ValueError, match="shape"):
        panel.set_model_pitch([0.0, 1.0], [1.0])


@pytest.mark.parametrize("name", ["Waveform", "Spectrogram", "Pitch", "Loudness"])
def test_a_row_can_be_hidden_and_the_others_take_its_room(panel: SoundPanel, name: str):
    rows = {row.name: row for row in panel.plots.rows}
    other = next(row for row in panel.plots.rows if row.name != name)
    before = other.view.size().height()
    panel.toggles[name].setChecked(False)
    panel.plots.draw()
    assert not rows[name].view.isVisible()
    assert other.view.size().height() > before
    panel.toggles[name].setChecked(True)
    panel.plots.draw()
    assert rows[name].view.isVisible()
    assert other.view.size().height() == pytest.approx(before)


def test_all_rows_share_one_time_axis(panel: SoundPanel):
    panel.plots.see(Stretch(0.7, 1.9, 3.2))
    panel.plots.draw()
    for row in panel.plots.rows:
        box = row.view.geometry()
        assert row.view.viewRange()[0] == pytest.approx([0.7, 1.9])
        assert (box.left(), box.right()) == (panel.plots.area().left(), panel.plots.area().right())
    assert panel.plots._axis.range == pytest.approx([0.7, 1.9])


@pytest.mark.parametrize(("alphabet", "expected"), [("ipa", "ɑ"), ("arpabet", "AA1")])
def test_phones_are_written_in_the_chosen_alphabet(panel: SoundPanel, alphabet: str, expected: str):
    panel.set_alphabet(alphabet)
    panel.plots.see(Stretch(0.2, 0.8, 3.2))
    panel.plots.draw()
    assert expected in [tile.text for tile in panel.plots._phones.tiles()]


def test_phones_are_marked_by_lines_too_and_added_words_by_a_sign(panel: SoundPanel):
    flawed = [tile for tile in panel.plots._phones.tiles() if tile.lines == 2]
    assert [tile.span.phone for tile in flawed] == [flawed_reading().words[4].phones[0]]
    panel.plots.see(Stretch(1.8, 2.4, 3.2))
    panel.plots.draw()
    texts = {tile.span.index: tile.text for tile in panel.plots._words.tiles()}
    assert texts[5] == "+ the"
    assert texts[6] == "the"


@pytest.mark.parametrize("length", [0.1, 0.5, 1.0, 3.2, 10.0, 60.0, 600.0])
@pytest.mark.parametrize("width", [400, 1000, 1900])
def test_tiles_and_their_texts_never_overlap(qtbot: QtBot, ten_minutes: SoundData, length: float, width: int):
    panel = a_panel(qtbot)
    panel.resize(width, 500)
    panel.set_data(ten_minutes)
    panel.plots.see(Stretch(0.4, 0.4 + min(length, 599.0), 600.0))
    panel.plots.draw()
    for tier in (panel.plots._words, panel.plots._phones):
        tiles = list(tier.tiles())
        assert len(tiles) <= width / 5
        for tile, after in pairwise(tiles):
            assert tile.box.right() <= after.box.left()
        for tile in tiles:
            assert QFontMetricsF(tile.font).horizontalAdvance(tile.text) <= tile.box.width()


def test_hints_tell_about_tiles_and_else_what_can_be_done(panel: SoundPanel):
    viewport = panel.plots.viewport()
    phone = flawed_reading().words[4].phones[0]
    for row, seconds, parts in (
        ("words", 0.4, ("“Mark”", "0.30 to")),
        ("phones", (phone.start + phone.end) / 2.0, ("/s/", "wrong", "heard as /ʃ/")),
        ("spectrogram", 1.0, ("Drag to select", "Shift", "Enter", "wheel")),
    ):
        place = at(panel, seconds, row)
        event = QHelpEvent(QEvent.Type.ToolTip, place, viewport.mapToGlobal(place))
        QApplication.sendEvent(viewport, event)
        assert all(part in QToolTip.text() for part in parts)


def test_screen_readers_hear_what_is_selected(qtbot: QtBot, panel: SoundPanel):
    assert panel.plots.accessibleName()
    assert panel.accessibleName() == "Sound"
    qtbot.keyClick(panel.plots, Qt.Key.Key_Right)
    assert "“Mark”, 0.30 to 0.62 s" in panel.plots.accessibleDescription()
    qtbot.keyClick(panel.plots, Qt.Key.Key_Right, SHIFT)
    assert "“Mark going”" in panel.plots.accessibleDescription()
    qtbot.keyClick(panel.plots, Qt.Key.Key_Escape)
    assert "Nothing is selected." in panel.plots.accessibleDescription()


def test_every_button_can_be_reached_and_says_what_it_does(panel: SoundPanel):
    for part in (*panel.toggles.values(), panel._play, *panel._zooms):
        assert part.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert part.toolTip()
        assert part.accessibleDescription()


# --- long recordings ------------------------------------------------------------------------


def long_data(minutes: float) -> SoundData:
    """Return a long reading, without following its pitch, which takes its time."""
    seconds = 60.0 * minutes
    samples = np.tile(recording(10.0).samples, round(seconds / 10.0))
    good = flawed_reading()
    words = [
        replace(_later(word, 3.2 * number), error=word.error)
        for number in range(int(seconds / 3.2))
        for word in good.words
        if word.error is not ErrorType.OMISSION
    ]
    spans = [WordSpan(index, word) for index, word in enumerate(words)]
    times = 0.01 * (np.arange(round(seconds * 100)) + 0.5)
    moving = Curve.of(times, np.where(np.sin(times) > 0, 5.0 * np.sin(7.0 * times), np.nan))
    return SoundData(
        replace(good, words=tuple(words), duration=seconds),
        seconds,
        Envelope.of(samples),
        Spectrogram.of(samples),
        moving,
        Curve.of(times, -30.0 + 20.0 * np.sin(5.0 * times)),
        Tier.of(spans),
        Tier.of([PhoneSpan(span.index, phone) for span in spans for phone in span.word.phones]),
    )


def _later(word, seconds: float):
    syllables = tuple(
        replace(
            part,
            phones=tuple(
                replace(phone, start=phone.start + seconds, end=phone.end + seconds) for phone in part.phones
            ),
        )
        for part in word.syllables
    )
    return replace(word, start=word.start + seconds, end=word.end + seconds, syllables=syllables)


def test_half_an_hour_is_drawn_with_a_bounded_number_of_points(qtbot: QtBot):
    panel = a_panel(qtbot)
    data = long_data(30.0)
    panel.set_data(data)
    panel.set_model_pitch(data.pitch.times, data.pitch.values)
    for length in (1800.0, 300.0, 60.0, 20.0, 5.0, 1.0, 0.1):
        panel.plots.see(Stretch(100.0, 100.0 + length, 1800.0) if length < 1700.0 else Stretch.whole(1800.0))
        panel.plots.draw()
        columns = panel.plots.area().width() * panel.plots.devicePixelRatioF()
        waveform, spectrogram, pitch, loudness = (row.points for row in panel.plots.rows)
        assert 0 < waveform <= 4 * columns + 8
        assert 0 < spectrogram <= 129 * (2 * columns + 4)
        assert 0 < pitch <= 8 * columns
        assert 0 < loudness <= 8 * columns
