"""How many words speech to text gets wrong, and how long it takes on one core: LibriSpeech, over speakers.

Errors are substitutions, deletions and insertions, over the words that were read. Numbers are compared as
they are spoken, and spellings that differ between countries or centuries as one.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assessment import Recording
from assessment.errors import TextError
from assessment.text import ReferenceText
from assessment.training.corpora import Utterance
from assessment.transcription import Transcriber, Transcript
from tests.benchmarks.common import NATIVES, Figures, corpus, options, plain, progress, run
from tests.benchmarks.natives import drawn
from tests.benchmarks.stopwatch import Stopwatch

LIMIT = 50
# How many of the worst are shown.
SHOWN = 5

_OUR = (
    "ard arm behavi cand clam col endeav fav ferv flav harb hon hum lab neighb od parl rig rum savi sav "
    "splend succ tum val vap vig"
).split()
_ISE = "apolog author bapt civil colon critic emphas organ real recogn symbol sympath util".split()
_DOUBLED = "cancel counsel fuel jewel label level marvel model quarrel rival signal travel worship".split()
# What is written in two ways: pattern and replacement, for whole words.
SPELLINGS = (
    (rf"({'|'.join(_OUR)})our(\w*)", r"\1or\2"),
    (rf"({'|'.join(_ISE)})is(e|es|ed|er|ers|ing|ation|ations)", r"\1iz\2"),
    (rf"({'|'.join(_DOUBLED)})[lp](ed|er|ers|ing|ous|ously)", r"\1\2"),
    (r"(cent|lit|lust|met|scept|somb|spect|theat)re(s?)", r"\1er\2"),
    (r"(def|off|pret|lic)ence(s?)", r"\1ense\2"),
    (r"grey(\w*)", r"gray\1"),
    (r"plough(\w*)", r"plow\1"),
    (r"mould(\w*)", r"mold\1"),
    (r"moustache(s?)", r"mustache\1"),
    (r"waggon(s?)", r"wagon\1"),
    (r"(to|back|for|up|down|after)wards", r"\1ward"),
)
_SPELLINGS = [(re.compile(pattern), new) for pattern, new in SPELLINGS]
# Two words of older texts that are one today.
_JOINED = re.compile(r"\b(?:(any|every|some) (one|thing|body)|(to) (day|night|morrow)|(for) (ever))\b")


@dataclass(frozen=True)
class Heard:
    """A recording, what was made of it, and how many words of it are wrong."""

    utterance: Utterance
    text: str
    errors: int
    words: int


def main(arguments: Sequence[str] | None = None) -> int:
    parser = options("transcription", __doc__, corpora=True)
    parser.add_argument("--limit", type=int, default=LIMIT, help="recordings (default: %(default)s)")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    load, work = Stopwatch(), Stopwatch()
    transcriber = load.time(lambda: Transcriber.load(given.model, threads=1))
    utterances = drawn(corpus(given.corpora, NATIVES), frozenset(), given.limit)
    results, seconds = [], 0.0
    for utterance in progress(utterances, NATIVES):
        transcript = work.time(lambda path=utterance.audio: transcribed(transcriber, path))
        errors, words = compared(utterance.text, transcript.text)
        results.append(Heard(utterance, transcript.text, errors, words))
        seconds += transcript.duration
    return {
        "engine": transcriber.engine.name,
        "recordings": len(results),
        "speakers": len({each.utterance.speaker for each in results}),
        "audio_seconds": round(seconds, 1),
        "words": sum(each.words for each in results),
        "word_error_rate": sum(each.errors for each in results) / sum(each.words for each in results),
        "load_seconds": load.wall,
        "relative": work.wall / seconds,
        "processor_relative": work.processor / seconds,
        "worst": [shown(each) for each in sorted(results, key=lambda each: -each.errors)[:SHOWN]],
    }


def transcribed(transcriber: Transcriber, path: Path) -> Transcript:
    return transcriber.transcribe(Recording.open(path))


def compared(read: str, heard: str) -> tuple[int, int]:
    """Return how many words are wrong, and how many were read."""
    reference = normal_words(read)
    return word_errors(reference, normal_words(heard)), len(reference)


def normal_words(text: str) -> list[str]:
    """Return the words of a text as they are spoken, in one spelling."""
    try:
        words = [word.spoken for word in ReferenceText.parse(plain(text)).words]
    except TextError:
        return []
    joined = _JOINED.sub(lambda pair: "".join(filter(None, pair.groups())), " ".join(map(spelling, words)))
    return joined.split()


def spelling(word: str) -> str:
    """Return a word as it is spelled in America today."""
    for pattern, new in _SPELLINGS:
        if found := pattern.fullmatch(word):
            return found.expand(new)
    return word


def word_errors(reference: Sequence[str], heard: Sequence[str]) -> int:
    """Return the least number of substitutions, deletions and insertions (Levenshtein 1966)."""
    costs = list(range(len(heard) + 1))
    for row, expected in enumerate(reference, 1):
        diagonal, costs[0] = costs[0], row
        for column, word in enumerate(heard, 1):
            cheapest = min(costs[column] + 1, costs[column - 1] + 1, diagonal + (word != expected))
            diagonal, costs[column] = costs[column], cheapest
    return costs[-1]


def shown(each: Heard) -> Figures:
    read = plain(each.utterance.text)
    return {"id": each.utterance.id, "errors": each.errors, "read": read, "heard": each.text}


def describe(figures: Figures) -> Iterator[str]:
    yield (
        f"{figures['engine']}: word error rate {figures['word_error_rate']:.1%} on {figures['words']} words "
        f"of {figures['recordings']} recordings by {figures['speakers']} speakers"
    )
    yield (
        f"{figures['relative']:.3f} s a second of audio on one core (processor time "
        f"{figures['processor_relative']:.3f}), loaded in {figures['load_seconds']:.1f} s"
    )
    for each in figures["worst"]:
        yield f"  {each['id']}: {each['errors']} wrong: {each['read']} -> {each['heard']}"


if __name__ == "__main__":
    sys.exit(main())
