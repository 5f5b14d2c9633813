"""The ``elocute`` command: opens the window, or does without one what the engine can."""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import sys
from collections.abc import Callable, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from app import terminal
from app.collect_command import add_collect
from app.command import add_text, reference_text, write
from app.lesson_command import add_lesson
from app.listen import add_listen
from app.report_command import add_report
from app.transcribe import add_transcribe
from assessment.errors import ElocuteError

if TYPE_CHECKING:
    from assessment.training.corpora import Utterance

FORMATS = ("table", "json", "azure", "csv", "textgrid")
BAD_INPUT = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : sequence of str or None
        Words after the command; None takes the process's.

    Returns
    -------
    int
        Exit code: 0 done, 2 bad input, 130 interrupted.
    """
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")  # phonetic symbols are in no code page of Windows
    options = _parser().parse_args(arguments)
    try:
        command: Callable[[argparse.Namespace], None] = options.command
        command(options)
        sys.stdout.flush()
    except ElocuteError as problem:
        print(f"elocute: {problem}", file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print("elocute: stopped.", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # What is still in the buffer would fail once more when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "elocute", description="Pronunciation assessment on your own computer: nothing leaves it."
    )
    parser.add_argument("--version", action="version", version=f"elocute {metadata.version('elocute')}")
    parser.set_defaults(command=_window)
    commands = parser.add_subparsers(metavar="COMMAND")
    _add_assess(commands.add_parser("assess", help="score how a text was read"))
    add_listen(commands.add_parser("listen", help="follow you while you read into the microphone"))
    add_transcribe(commands.add_parser("transcribe", help="write down what is said"))
    _add_align(commands.add_parser("align", help="find the words and phones of a text in a recording"))
    _add_evaluate(commands.add_parser("evaluate", help="compare scores with experts' marks of a corpus"))
    demo = commands.add_parser("demo", help="score the recordings that come with Elocute")
    demo.set_defaults(command=_demo)
    add_lesson(commands.add_parser("lesson", help="check a lesson pack that you write"))
    add_collect(commands.add_parser("collect", help="take in and assess recordings of a class"))
    add_report(commands.add_parser("report", help="write a report of a learner or a class"))
    _add_screenshots(commands.add_parser("screenshots", help="take pictures of every state of the window"))
    info = commands.add_parser("info", help="versions, model and sound devices")
    info.set_defaults(command=_info)
    return parser


def _add_input(parser: argparse.ArgumentParser, *, text_required: bool) -> None:
    parser.add_argument(
        "audio", type=Path, metavar="AUDIO", help="recording: WAV, FLAC, OGG, Opus, MP3, AIFF"
    )
    add_text(parser, required=text_required)
    parser.add_argument("--output", type=Path, help="file to write instead of the screen")


def _add_assess(parser: argparse.ArgumentParser) -> None:
    _add_input(parser, text_required=False)
    parser.add_argument(
        "--no-miscues",
        action="store_true",
        help="take it that the text was read word by word: none left out, added or said again",
    )
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: %(default)s")
    parser.set_defaults(command=_assess)


def _add_align(parser: argparse.ArgumentParser) -> None:
    _add_input(parser, text_required=True)
    parser.set_defaults(command=_align)


def _add_evaluate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("corpus", type=Path, metavar="CORPUS", help="folder laid out as speechocean762")
    parser.add_argument(
        "--split", choices=("train", "test"), help="half of the corpus; default: all there is"
    )
    parser.add_argument("--model", type=Path, help="model folder; default: the model that comes with Elocute")
    parser.add_argument(
        "--cross-validation",
        action="store_true",
        help="instead of assessing recordings, compare the scores that they got in the model's five-fold "
        "cross-validation, each from networks that had not seen its speaker",
    )
    parser.add_argument(
        "--predictions",
        type=Path,
        help="those scores, if not the ones that come with the model (implies the former)",
    )
    parser.add_argument("--limit", type=_positive, help="assess only this many recordings, spread evenly")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.set_defaults(command=_evaluate)


def _positive(text: str) -> int:
    number = int(text) if text.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a number of recordings: give 1 or more")
    return number


def _add_screenshots(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="DIR", help="where the pictures go")
    parser.set_defaults(command=_screenshots)


def _screenshots(options: argparse.Namespace) -> None:
    from app.windows.application import application

    application()
    from app.windows.screenshots import take_all

    write(f"{len(take_all(options.folder))} pictures in {options.folder}", None)


def _window(_options: argparse.Namespace) -> None:
    from app.windows.application import run

    run()


def _assess(options: argparse.Namespace) -> None:
    from assessment.audio import Recording
    from assessment.engine import Assessor
    from assessment.exchange import FORMATS as WRITERS

    text = reference_text(options)
    recording = Recording.open(options.audio)
    assessor = Assessor.load(user_lexicon=options.lexicon)
    result = assessor.assess(recording, text, enable_miscue=not options.no_miscues)
    if options.format == "table":
        write(terminal.assessment_table(result, plain=options.output is not None), options.output)
    else:
        write(WRITERS[options.format](result), options.output)


def _align(options: argparse.Namespace) -> None:
    from assessment.audio import Recording
    from assessment.engine import Assessor
    from assessment.exchange.textgrid import textgrid, write_textgrid

    text = reference_text(options)
    recording = Recording.open(options.audio)
    result = Assessor.load(user_lexicon=options.lexicon).assess(recording, text)
    if not any(word.phones for word in result.words):
        raise ElocuteError(f"{options.audio}: {result.text_match.message}")
    write(write_textgrid(textgrid(result, ("words", "phones"))), options.output)


def _evaluate(options: argparse.Namespace) -> None:
    from assessment.training.corpora import read_corpus

    is_cross_validation = options.cross_validation or options.predictions
    if is_cross_validation and options.limit is not None:
        raise ElocuteError(
            "--limit goes with assessing recordings, not with --cross-validation: leave out one."
        )
    utterances = read_corpus(options.corpus, options.split)
    if is_cross_validation:
        _cross_validation(utterances, options)
    else:
        _agreement(utterances, options)


def _cross_validation(utterances: list[Utterance], options: argparse.Namespace) -> None:
    from assessment.resources import resource
    from assessment.training.cross_validation import summarise
    from assessment.training.predictions import PREDICTIONS, load_predictions

    folder = options.model or resource("models", "en-US")
    summary = summarise(load_predictions(options.predictions or folder / PREDICTIONS), utterances)
    if options.json:
        write(json.dumps(summary.to_dict(), indent=2), None)
    else:
        write(terminal.cross_validation_table(summary), None)


def _agreement(utterances: list[Utterance], options: argparse.Namespace) -> None:
    from assessment.engine import Assessor
    from assessment.training.evaluation import evaluate

    if options.limit is not None:
        step = max(1, len(utterances) // options.limit)
        utterances = utterances[::step][: options.limit]
    comparisons = evaluate(Assessor.load(options.model), utterances)
    comparison = terminal.follow(comparisons, len(utterances), "assessing")
    for line in comparison.skipped:
        print(f"left out {line}", file=sys.stderr)
    if options.json:
        write(json.dumps(comparison.to_dict(), indent=2), None)
    else:
        write(terminal.evaluation_table(comparison), None)


def _demo(options: argparse.Namespace) -> None:
    import tomllib

    from assessment.audio import Recording
    from assessment.engine import Assessor
    from assessment.resources import resource

    folder = resource("demo")
    assessor = Assessor.load()
    for entry in tomllib.loads((folder / "demo.toml").read_text(encoding="utf-8"))["recordings"]:
        result = assessor.assess(Recording.open(folder / entry["file"]), entry["text"])
        write(f"{entry['title']}\n{entry['description']}\n", None)
        write(terminal.assessment_table(result) + "\n", None)
    write('Now yours:  elocute assess RECORDING --text "WHAT YOU READ"', None)


def _info(options: argparse.Namespace) -> None:
    from assessment.acoustic import Manifest
    from assessment.resources import resource

    model = Manifest.read(resource("models", "en-US")).info
    lines = [
        f"elocute      {metadata.version('elocute')}",
        f"python       {platform.python_version()} on {platform.system()} {platform.machine()}",
        f"onnxruntime  {metadata.version('onnxruntime')}",
        f"model        {model.name} {model.version} (sha256 {model.sha256[:16]})",
        *_devices(),
    ]
    write("\n".join(lines), None)


def _devices() -> list[str]:
    try:
        import sounddevice
    except OSError:
        return ["sound        PortAudio is missing: install it (Debian: apt install libportaudio2)"]
    devices = sounddevice.query_devices()
    if not devices:
        return ["sound        no devices found: recordings can still be assessed from files"]
    return [
        f"sound        {device['name']} "
        f"({device['max_input_channels']} in, {device['max_output_channels']} out)"
        for device in devices
    ]
