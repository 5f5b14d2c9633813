"""The command ``listen``: follows a reader in the terminal while they read, then shows the assessment."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import soundfile
from rich.console import Console, Group, RenderableType
from rich.live import Live
from rich.text import Text

from app import terminal
from app.audio.capture import Microphone
from app.command import add_text, reference_text, write
from assessment.audio import SAMPLE_RATE, Recording
from assessment.bands import band
from assessment.engine import Assessor
from assessment.errors import ElocuteError
from assessment.exchange import FORMATS as WRITERS
from assessment.streaming import FollowedWord, Follower, Position
from assessment.text import ReferenceText

# The meter shows this range of levels, in dBFS; beyond the second the voice is too loud.
_QUIETEST, _TOO_LOUD = -60.0, -6.0
_METER_CELLS = 24
# Words around the reader's place that are shown.
_SHOWN_BEFORE, _SHOWN_AFTER = 60, 80

Show = Callable[[Position], None]


def add_listen(parser: argparse.ArgumentParser) -> None:
    """Give the subcommand's parser its options."""
    add_text(parser, required=True)
    parser.add_argument("--device", help="microphone: its number or a part of its name (see elocute info)")
    parser.add_argument("--format", choices=("table", *WRITERS), default="table", help="default: %(default)s")
    parser.add_argument("--output", type=Path, help="file to write the assessment to instead of the screen")
    parser.add_argument("--save", type=Path, metavar="AUDIO", help="file to keep the recording in: FLAC, WAV")
    parser.set_defaults(command=listen)


def listen(options: argparse.Namespace) -> None:
    """Run the subcommand.

    Raises
    ------
    ElocuteError
        If there is no text or no microphone, or nothing was recorded.
    """
    text = ReferenceText.parse(reference_text(options) or "")
    # More threads would be no faster on short blocks, but busy.
    follower = Assessor.load(user_lexicon=options.lexicon, threads=1).follow(text)
    with _view(text) as show:
        _follow(follower, options.device, show)
    if options.save is not None:
        _save(follower.recording, options.save)
    result = follower.finish()
    if options.format == "table":
        write(terminal.assessment_table(result, plain=options.output is not None), options.output)
    else:
        write(WRITERS[options.format](result), options.output)


def _follow(follower: Follower, device: str | None, show: Show) -> None:
    """Feed what the microphone hears until the reading is over or Ctrl-C is pressed."""
    position = None
    try:
        with Microphone(device) as microphone:
            for block in microphone.blocks():
                if position is None:
                    print("Speak now. The end is recognised; Ctrl-C ends it at once.", file=sys.stderr)
                position = follower.feed(block)
                show(position)
                if position.end is not None:
                    break
            if microphone.dropouts:
                print("Some sound was lost: the computer was too busy. Read again.", file=sys.stderr)
    except KeyboardInterrupt:
        # A reading that was stopped is assessed as far as it came.
        if position is None or not position.words:
            raise


def _save(recording: Recording, path: Path) -> None:
    try:
        soundfile.write(path, recording.samples, SAMPLE_RATE)
    except (OSError, TypeError, ValueError, soundfile.LibsndfileError) as problem:
        raise ElocuteError(
            f"The recording cannot be kept in {path}: {problem}. Give a name that ends in .flac or .wav."
        ) from None
    print(f"Wrote {path}.", file=sys.stderr)


@contextmanager
def _view(text: ReferenceText) -> Iterator[Show]:
    """Show positions on a terminal as the text lighting up, elsewhere as a line for each word."""
    if not sys.stdout.isatty():
        lines = Lines(text)
        yield lines.show
        return
    with Live(console=Console(), auto_refresh=False) as screen:
        yield lambda position: screen.update(followed_text(text, position), refresh=True)


class Lines:
    """Prints a line for each word that was passed, and one for the end, for programs to read.

    Parameters
    ----------
    text : ReferenceText
        What is being read.
    """

    def __init__(self, text: ReferenceText) -> None:
        self._count = len(text.words)
        self._passed = 0

    def show(self, position: Position) -> None:
        """Print what is new."""
        for word in position.words[self._passed :]:
            score = f"{word.score:.0f}" if word.score is not None else "skipped"
            place = f"word {word.index + 1} of {self._count}"
            print(f"{position.seconds:.2f} {place} “{word.text}” {score}", flush=True)
        self._passed = max(self._passed, len(position.words))
        if position.end is not None:
            print(f"{position.seconds:.2f} end: {position.end}", flush=True)


def followed_text(text: ReferenceText, position: Position) -> RenderableType:
    """Return the level meter and the text, the words passed in the colours of their scores.

    Parameters
    ----------
    text : ReferenceText
        What is being read.
    position : Position
        How far the reader has come.
    """
    line = Text()
    passed = {word.index: word for word in position.words}
    current = position.current if position.current is not None else len(text.words)
    first, last = max(0, current - _SHOWN_BEFORE), current + _SHOWN_AFTER
    at = text.words[first].start if first < len(text.words) else 0
    for number, word in enumerate(text.words[first:last], start=first):
        if word.end <= at:
            continue
        line.append(text.text[at : word.start], style="dim")
        line.append(
            text.text[max(at, word.start) : word.end], style=_style(passed.get(number), number == current)
        )
        at = word.end
    line.append(text.text[at:] if last >= len(text.words) else " …", style="dim")
    return Group(_meter(position.level), Text(), line)


def _style(word: FollowedWord | None, is_current: bool) -> str:
    if is_current:
        return "bold underline"
    if word is None:
        return "dim"
    if word.score is None:
        return "red strike"
    return terminal.LEVELS[band("word", word.score).level][1]


def _meter(level: float) -> Text:
    share = min(max((level - _QUIETEST) / -_QUIETEST, 0.0), 1.0)
    cells = round(share * _METER_CELLS)
    colour = "red" if level > _TOO_LOUD else "green"
    advice = "  too loud" if level > _TOO_LOUD else ""
    return Text.assemble(("█" * cells, colour), ("░" * (_METER_CELLS - cells), "dim"), advice)
