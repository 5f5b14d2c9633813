"""The rows of the panel of the sound: waveform, spectrogram, pitch and loudness over the same time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.windows.sound.colours import colour_table
from app.windows.sound.data import Bars, Curve, Floats, SoundData, Times
from app.windows.sound.overlay import SMALL, Legend, small_font
from app.windows.sound.spectrogram import BIN_HZ, BINS
from app.windows.sound.stretch import Stretch
from app.windows.tokens import LIGHT, Tokens
from assessment.audio import SAMPLE_RATE

AXIS_WIDTH = 52
_HEADROOM = 1.05
_TOP_KHZ = 8.0
# The pitch is shown within these quantiles and a margin, and never over less than this, in semitones.
_PITCH_RANGE = (0.01, 0.99)
_PITCH_MARGIN, _LEAST_PITCH = 1.5, 5.0
# Loudness further below the loudest than this is drawn as silence, in dB.
_LOUDNESS_RANGE = 55.0
_FAINT = 0.25
# A dashed line has a point for every so many pixels, and so many of so many stretches between are drawn.
_DOT, _DASH = 2.0, (4, 6)
# Where the melody is dense, the model is a dash for every so many pixels.
_STEP = 6
# Times are written no closer than this, in pixels; over long stretches so many seconds apart.
_TIME_WIDTH = 80.0
_LONG_STEPS = (10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0)


class Row:
    """One plot with its axis; it is told what to show and never asks.

    Attributes
    ----------
    name : str
        For people.
    stretch_factor : int
        How much of the height it takes.
    view, axis : pyqtgraph.ViewBox, pyqtgraph.AxisItem
        To be put side by side.
    points : int
        How many points or cells are drawn.
    """

    name = ""
    stretch_factor = 1

    def __init__(self, unit: str) -> None:
        self.view = pg.ViewBox(enableMouse=False, enableMenu=False, defaultPadding=0.0)
        self.view.disableAutoRange()
        self.axis = pg.AxisItem("left", maxTickLength=4)
        self.axis.linkToView(self.view)
        self.axis.setWidth(AXIS_WIDTH)
        self.axis.enableAutoSIPrefix(False)
        self.axis.setStyle(tickFont=small_font(), hideOverlappingLabels=True)
        self._unit = unit
        self.points = 0

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.view.setBackgroundColor(tokens.surface)
        self.view.setBorder(pg.mkPen(tokens.line))
        self.axis.setPen(None)
        self.axis.setTickPen(pg.mkPen(tokens.line))
        self.axis.setTextPen(pg.mkPen(tokens.quiet))
        self.axis.setLabel(self._unit, **{"font-size": f"{SMALL}px", "color": tokens.quiet})

    def set_data(self, data: SoundData) -> None:
        """Prepare for a recording."""

    def show(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw a stretch of a recording on so many columns of pixels."""
        self.view.setXRange(stretch.start, stretch.end, padding=0)
        self.points = 0
        self.draw(data, stretch, columns)

    def draw(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw what this row is about."""
        raise NotImplementedError

    def _line(self, item: pg.PlotCurveItem, curve: Curve) -> None:
        item.setSegmentedLineMode("auto")
        item.setData(curve.times, curve.values, connect="finite", antialias=True)
        self.points += len(curve.times)

    def _bars(self, item: pg.PlotCurveItem, bars: Bars) -> None:
        """Draw upright lines side by side: a line to and fro over every pixel would take seconds."""
        there = np.isfinite(bars.low)
        ends = np.stack((bars.low[there], bars.high[there]), axis=1).ravel()
        self._segments(item, np.repeat(bars.times[there], 2), ends)

    def _segments(self, item: pg.PlotCurveItem, times: Times, values: Floats) -> None:
        """Draw lines from each first to each second point."""
        item.setSegmentedLineMode("on")
        item.setData(times, values, connect="pairs", antialias=False)
        self.points += len(times)


class WaveformRow(Row):
    """The sound as it is: how far the air moves."""

    name = "Waveform"
    stretch_factor = 3

    def __init__(self) -> None:
        super().__init__("")
        self._curve = pg.PlotCurveItem()
        self.axis.setStyle(showValues=False, tickLength=0)
        self.view.addItem(self._curve)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        super().set_tokens(tokens)
        self._curve.setPen(pg.mkPen(tokens.accent))

    def set_data(self, data: SoundData) -> None:
        """Let the loudest sound fill the height."""
        peak = max(data.envelope.peak, 1e-4) * _HEADROOM
        self.view.setYRange(-peak, peak, padding=0)

    def draw(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw the extremes under each column of pixels."""
        first, last = int(stretch.start * SAMPLE_RATE), int(np.ceil(stretch.end * SAMPLE_RATE)) + 1
        outline = data.envelope.outline(first, last, columns)
        if outline.size == 1:
            self._line(self._curve, Curve(outline.times, outline.low))
        else:
            self._bars(self._curve, Bars(outline.times, outline.low, outline.high).joined())


class SpectrogramRow(Row):
    """How strong which frequency is: the darker (in a dark theme lighter), the stronger."""

    name = "Spectrogram"
    stretch_factor = 5

    def __init__(self) -> None:
        super().__init__("kHz")
        self._image = _SmoothImage(axisOrder="col-major")
        self.view.addItem(self._image)
        self.view.setYRange(0.0, _TOP_KHZ, padding=0)
        self.axis.setTickSpacing(2.0, 2.0)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        super().set_tokens(tokens)
        self._image.setLookupTable(colour_table(tokens))

    def draw(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw a picture with about a column for each of pixels."""
        picture = data.spectrogram.picture(stretch.start, stretch.end, columns)
        self.points = picture.levels.size
        self._image.setImage(picture.levels, levels=(0, 255), autoLevels=False)
        bin_khz = BIN_HZ / 1000.0
        height = BINS * bin_khz
        self._image.setRect(QRectF(picture.start, -bin_khz / 2.0, picture.end - picture.start, height))


class _SmoothImage(pg.ImageItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """An image whose cells run into one another."""

    def paint(self, painter: QPainter, *rest: object) -> None:
        """Draw the image."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *rest)


class PitchRow(Row):
    """The melody: the learner's over the model's."""

    name = "Pitch"
    stretch_factor = 4

    def __init__(self) -> None:
        super().__init__("semitones")
        self._mine = pg.PlotCurveItem()
        self._model = pg.PlotCurveItem()
        self._middle = pg.InfiniteLine(0.0, angle=0)
        self.model: Curve | None = None
        self._data: SoundData | None = None
        self._tokens = LIGHT
        self._pens: dict[str, QPen] = {}
        self._legend = Legend(self.view)
        self.axis.setTickSpacing(5.0, 5.0)
        for item in (self._middle, self._model, self._mine):
            self.view.addItem(item)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        super().set_tokens(tokens)
        self._middle.setPen(pg.mkPen(tokens.line, style=Qt.PenStyle.DotLine))
        self._pens = {
            "mine": pg.mkPen(tokens.accent, width=2),
            "model": pg.mkPen(tokens.text, width=1.5, style=Qt.PenStyle.DashLine),
            "band": pg.mkPen(tokens.accent),
        }
        self._model.setPen(pg.mkPen(tokens.text, width=1.5))
        self._tokens = tokens
        self._explain()

    def _explain(self) -> None:
        names = ("mine", "model") if self.model is not None else ("mine",)
        self._legend.set_entries([(name, self._pens[name]) for name in names], self._tokens)

    def set_data(self, data: SoundData) -> None:
        """Let both melodies fill the height."""
        self._data = data
        self._fit()

    def set_model(self, model: Curve | None) -> None:
        """Take the model's melody at the times of the learner's; None if there is none."""
        self.model = model
        self._explain()
        self._fit()

    def _fit(self) -> None:
        curves = (self._data.pitch if self._data else None, self.model)
        spreads = [
            spread for curve in curves if curve is not None and (spread := curve.spread(*_PITCH_RANGE))
        ]
        low = min([-_LEAST_PITCH, *(below - _PITCH_MARGIN for below, _ in spreads)])
        high = max([_LEAST_PITCH, *(above + _PITCH_MARGIN for _, above in spreads)])
        self.view.setYRange(low, high, padding=0)

    def draw(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw both melodies."""
        span, pixel = (stretch.start, stretch.end), stretch.length / columns
        is_dense = data.pitch.is_dense(*span, columns)
        self._mine.setPen(self._pens["band" if is_dense else "mine"])
        if is_dense:
            self._bars(self._mine, data.pitch.bars(*span, columns))
        else:
            self._line(self._mine, data.pitch.between(*span))
        if self.model is None:
            self._segments(self._model, np.zeros(0), np.zeros(0, np.float32))
        elif is_dense:
            self._steps(self.model.bars(*span, columns // _STEP), pixel)
        else:
            self._dashes(self.model.sampled(*span, _DOT * pixel))

    def _steps(self, bars: Bars, pixel: float) -> None:
        """Draw the model as level dashes, each in the middle of where it moves in a while."""
        there = np.isfinite(bars.low)
        begins = bars.times[there]
        ends = begins + 0.5 * _STEP * pixel
        middles = np.repeat((bars.low[there] + bars.high[there]) / 2.0, 2)
        self._segments(self._model, np.stack((begins, ends), axis=1).ravel(), middles)

    def _dashes(self, dots: Curve) -> None:
        """Draw the model as a dashed line, which Qt would take far longer to dash; dashes do not creep."""
        numbers = np.arange(len(dots.times)) + round(dots.times[0] / (dots.times[1] - dots.times[0]))
        there = np.isfinite(dots.values)
        joins = (numbers % _DASH[1] < _DASH[0]) & there & np.append(there[1:], False)
        self._model.setSegmentedLineMode("auto")
        values = np.where(there, dots.values, np.float32(0.0))
        self._model.setData(dots.times, values, connect=joins.astype(np.int32), antialias=True)
        self.points += len(values)


class LoudnessRow(Row):
    """How loud it is."""

    name = "Loudness"
    stretch_factor = 2

    def __init__(self) -> None:
        super().__init__("dB")
        self._fill, self._curve = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._bottom = -_LOUDNESS_RANGE
        self.axis.setTickSpacing(20.0, 20.0)
        self.view.addItem(self._fill)
        self.view.addItem(self._curve)

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        super().set_tokens(tokens)
        self._curve.setPen(pg.mkPen(tokens.accent))
        self._fill.setPen(pg.mkPen(_between(tokens.surface, tokens.accent, _FAINT)))

    def set_data(self, data: SoundData) -> None:
        """Let the loudest sound fill the height."""
        loudest = float(data.loudness.values.max()) + 3.0
        self._bottom = loudest - _LOUDNESS_RANGE
        self.view.setYRange(self._bottom, loudest, padding=0)

    def draw(self, data: SoundData, stretch: Stretch, columns: int) -> None:
        """Draw the hill of loudness."""
        span = stretch.start, stretch.end
        if data.loudness.is_dense(*span, columns):
            bars = data.loudness.bars(*span, columns).joined()
            self._bars(self._curve, bars)
            self._hill(bars.times, bars.low)
        else:
            curve = data.loudness.between(*span)
            self._line(self._curve, curve)
            times = np.linspace(*span, columns)
            self._hill(times, np.interp(times, curve.times, curve.values).astype(np.float32))

    def _hill(self, times: Times, tops: Floats) -> None:
        bottom = np.full_like(tops, self._bottom)
        self._bars(self._fill, Bars(times, bottom, np.maximum(tops, bottom)))


def _between(one: str, other: str, share: float) -> QColor:
    """Return a colour on the way from one to another."""
    a, b = QColor(one), QColor(other)
    ends = ((a.red(), b.red()), (a.green(), b.green()), (a.blue(), b.blue()))
    return QColor(*(round(first + share * (last - first)) for first, last in ends))


class TimeAxis(pg.AxisItem):  # type: ignore[misc]  # pyqtgraph ships no types
    """The time below all rows, in seconds, from a minute on in minutes and seconds."""

    def __init__(self) -> None:
        super().__init__("bottom", maxTickLength=4)
        self.setHeight(22)
        self.setStyle(tickFont=small_font())

    def set_tokens(self, tokens: Tokens) -> None:
        """Take the colours of a theme."""
        self.setPen(pg.mkPen(tokens.line))
        self.setTickPen(pg.mkPen(tokens.line))
        self.setTextPen(pg.mkPen(tokens.quiet))

    def tickSpacing(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, float]]:
        """Return how far apart times are written, in seconds."""
        wanted = (maxVal - minVal) * _TIME_WIDTH / max(size, 1.0)
        fine = 10.0 ** np.floor(np.log10(wanted))
        steps = (fine, 2.0 * fine, 5.0 * fine, 10.0 * fine) if wanted < 10.0 else _LONG_STEPS
        return [(next((step for step in steps if step >= wanted * (1.0 - 1e-9)), steps[-1]), 0.0)]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Write times."""
        places = max(0, int(np.ceil(-np.log10(spacing) - 1e-9))) if spacing > 0 else 0
        return [clock(value, places) for value in values]


def clock(seconds: float, places: int) -> str:
    """Write a time with so many decimal places: "1.5 s", "2:05"."""
    if seconds < 60.0:
        return f"{seconds:.{places}f} s"
    minutes, rest = divmod(round(seconds, places), 60.0)
    return f"{minutes:.0f}:{rest:0{places + 3 if places else 2}.{places}f}"
