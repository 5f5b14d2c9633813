"""The command ``transcribe``: speech to text, from recordings or live from the microphone."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.live import Live
from rich.text import Text

from app.command import write
from assessment.audio import Recording
from assessment.errors import ElocuteError
from assessment.live_transcription import LiveText, LiveTranscriber
from assessment.transcript import Transcript, joined
from assessment.transcription import Transcriber

FORMATS = ("text", "json")
# Words of the confirmed text that are shown live: more would not fit on a small screen.
SHOWN_WORDS = 80

Show = Callable[[LiveText], None]


def add_transcribe(parser: argparse.ArgumentParser) -> None:
    """Give the subcommand's parser its options.

    Parameters
    ----------
    parser : argparse.ArgumentParser
        Gets `transcribe` as its default ``command``.
    """
    parser.add_argument(
        "audio", type=Path, nargs="*", metavar="AUDIO", help="recordings: WAV, FLAC, OGG, Opus, MP3, AIFF"
    )
    parser.add_argument("--live", action="store_true", help="listen to the microphone until Ctrl-C")
    parser.add_argument("--format", choices=FORMATS, default="text", help="default: %(default)s")
    parser.add_argument("--output", type=Path, help="file to write instead of the screen")
    parser.add_argument(
        "--model", type=Path, metavar="FOLDER", help="folder of a Whisper model; default: the installed one"
    )
    parser.add_argument(
        "--download", action="store_true", help="allow a model to be downloaded (145 MB) if there is none"
    )
    parser.add_argument("--threads", type=_threads, metavar="N", help="threads; default: up to four")
    parser.set_defaults(command=transcribe)


def transcribe(options: argparse.Namespace) -> None:
    """Run the subcommand.

    Raises
    ------
    ElocuteError
        If there is nothing to transcribe, no recogniser, or recordings that could not be transcribed.
    """
    if options.live == bool(options.audio):
        raise ElocuteError("Name the recordings that are to be transcribed, or give --live and none.")
    transcriber = Transcriber.load(options.model, allow_download=options.download, threads=options.threads)
    if options.live:
        _transcribe_live(transcriber, options)
    else:
        _transcribe_files(transcriber, options)


def transcript_text(transcript: Transcript) -> str:
    """Lay a transcript out: the text, a line for each word with its times, and what people should know."""
    lines = [transcript.text, ""] if transcript.text else []
    lines += [f"{word.start:8.2f} {word.end:8.2f}  {word.text}" for word in transcript.words]
    notes = [f"Note: {notice.message}" for notice in transcript.notices]
    return "\n".join(lines + ([""] if lines and notes else []) + notes) + "\n"


def _transcribe_files(transcriber: Transcriber, options: argparse.Namespace) -> None:
    parts: list[str] = []
    failed: list[ElocuteError] = []
    is_single = len(options.audio) == 1
    shown_at_once = options.format == "text" and options.output is None
    for path in options.audio:
        try:
            transcript = transcriber.transcribe(Recording.open(path))
        except ElocuteError as problem:
            failed.append(problem)
            if not is_single:
                print(f"elocute: {problem}", file=sys.stderr)
            continue
        parts.append(_part(path, transcript, options.format, is_single))
        if shown_at_once:
            print(parts.pop(), flush=True, end="" if is_single else "\n")
    if failed and is_single:
        raise failed[0]
    if parts:
        write(_whole(parts, options.format, is_single), options.output)
    if failed:
        raise ElocuteError(f"{len(failed)} of {len(options.audio)} recordings could not be transcribed.")


def _part(path: Path, transcript: Transcript, form: str, is_single: bool) -> str:
    if form == "json":
        heading = {} if is_single else {"file": str(path)}
        return json.dumps({**heading, **transcript.to_dict()}, indent=2, ensure_ascii=False, allow_nan=False)
    return transcript_text(transcript) if is_single else f"{path}\n\n{transcript_text(transcript)}"


def _whole(parts: Sequence[str], form: str, is_single: bool) -> str:
    if form == "json" and not is_single:
        return "[\n" + ",\n".join(parts) + "\n]"
    return "\n".join(parts)


def _transcribe_live(transcriber: Transcriber, options: argparse.Namespace) -> None:
    live = LiveTranscriber(transcriber)
    if sys.stdout.isatty():
        with Live(console=Console(), transient=True, auto_refresh=False) as screen:
            _listen(live, lambda text: screen.update(_on_screen(text), refresh=True))
    else:
        _listen(live, lambda text: None)
    transcript = live.finish()
    written = transcript.to_json() if options.format == "json" else transcript_text(transcript)
    write(written, options.output)


def _listen(live: LiveTranscriber, show: Show) -> None:
    """Feed what the microphone hears until Ctrl-C."""
    # Imported here because it loads the sound system.
    from app.audio.capture import Microphone

    try:
        with Microphone() as microphone:
            is_listening = False
            for block in microphone.blocks():
                if not is_listening:
                    print("Listening: speak, and press Ctrl-C to end.", file=sys.stderr)
                    is_listening = True
                if (text := live.feed(block)) is not None:
                    show(text)
    except KeyboardInterrupt:
        return


def _on_screen(text: LiveText) -> Text:
    line = Text(joined(text.confirmed[-SHOWN_WORDS:]))
    if text.confirmed and text.partial:
        line.append(" ")
    return line.append(joined(text.partial), style="dim")


def _threads(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of threads: give 1 or more")
    return number
