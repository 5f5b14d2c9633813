"""How well the match of a recording and its text tells true readings from others, and names what is amiss.

True readings are set against another text of similar length, the same words in another order, and a text of
which only the first half was read. Beside them stand recordings that are no reading: silence, noises, music,
humming, and readings with a second reader in the background.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assessment import Assessor, Recording
from assessment.audio import SAMPLE_RATE
from assessment.errors import AlignmentError, RecordingError
from tests.benchmarks import readings
from tests.benchmarks.bad_audio import chords, melody
from tests.benchmarks.common import SEED, Figures, options, progress, run, sample
from tests.benchmarks.readings import READERS, Reading
from tests.benchmarks.robustness import NOISES, pink, white
from tests.benchmarks.wrong_text import area_under_curve, similar_length

READINGS = 100
RECORDED_NOISES = 60
# Made recordings of each kind.
MADE = 6
# A second reader is this much softer than the first.
BELOW_DB = 10.0
FAINT, LOUD = 0.0003, 0.1
TRUE, ANOTHER, SHUFFLED, HALF = "true", "another text", "shuffled", "half a reading"
SECOND, RECORDED = "second reader", "recorded noise"
# What each kind should be called; none of these where more than one name is right.
NAMES = {
    TRUE: ("",),
    ANOTHER: ("another-text",),
    SHUFFLED: ("order",),
    HALF: ("incomplete",),
    SECOND: ("second-voice",),
    "silence": ("silence",),
    "faint noise": ("silence", "noise"),
    "white noise": ("noise",),
    "pink noise": ("noise",),
    "music": ("noise",),
    "humming": ("noise",),
    RECORDED: ("noise", "silence"),
}
WRONG_TEXTS = (ANOTHER, SHUFFLED, HALF)
NO_SPEECH = tuple(kind for kind in NAMES if kind not in (TRUE, SECOND, *WRONG_TEXTS))
REFUSED = "refused"
# How many of the worst are named.
NAMED = 5

Samples = NDArray[np.float64]


@dataclass(frozen=True)
class Answer:
    """What the engine says of a recording and a text; a refusal has value 0."""

    kind: str
    reader: str
    id: str
    text: str
    value: float
    reason: str

    @property
    def is_named(self) -> bool:
        """Whether the reason is right; a recording that is no speech may be refused."""
        return self.reason in NAMES[self.kind] or (self.reason == REFUSED and self.kind in NO_SPEECH)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = readings.options(options("text_match", __doc__, corpora=True), READINGS)
    parser.add_argument(
        "--noises", type=int, default=RECORDED_NOISES, help="recorded noises (default: %(default)s)"
    )
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    eligible = readings.eligible(given)
    drawn = {reader: readings.drawn(own, given.readings) for reader, own in eligible.items()}
    answers = [
        answer
        for reader, own in drawn.items()
        for answer in of_readings(assessor, own, [each.words for each in eligible[reader]], reader)
    ]
    texts = [" ".join(reading.words) for own in drawn.values() for reading in own]
    answers += no_speech(assessor, texts, recorded_noises(Path(given.corpora), given.noises))
    return {"speakers": given.speakers, **figures(answers)}


# --- readings -----------------------------------------------------------------------------------


def of_readings(
    assessor: Assessor, chosen: Sequence[Reading], texts: Sequence[tuple[str, ...]], reader: str
) -> Iterator[Answer]:
    """Assess readings with their texts, with wrong ones, and with the next reader in the background."""
    for place, reading in enumerate(progress(chosen, reader)):
        recording = Recording.open(reading.utterance.audio)
        yield answer(assessor, TRUE, reading, recording, " ".join(reading.words))
        for kind, text in wrong_texts(reading.words, texts, random.Random(f"{SEED} {reading.utterance.id}")):
            yield answer(assessor, kind, reading, recording, text)
        other = chosen[(place + 1) % len(chosen)]
        if other.utterance.speaker != reading.utterance.speaker:
            both = with_background(recording, Recording.open(other.utterance.audio))
            yield answer(assessor, SECOND, reading, both, " ".join(reading.words))


def wrong_texts(
    said: tuple[str, ...], texts: Sequence[tuple[str, ...]], draw: random.Random
) -> Iterator[tuple[str, str]]:
    """Make the texts of which what was said is no reading, by kind."""
    everything = sorted({" ".join(text) for text in texts})
    yield ANOTHER, similar_length(" ".join(said), everything, draw)
    yield SHUFFLED, " ".join(shuffled(said, draw))
    yield HALF, " ".join([*said, *further(said, everything, draw)])


def shuffled(words: tuple[str, ...], draw: random.Random) -> list[str]:
    """Return words in another order, if there is another one."""
    mixed = list(words)
    while mixed == list(words) and len(set(words)) > 1:
        draw.shuffle(mixed)
    return mixed


def further(said: tuple[str, ...], texts: Sequence[str], draw: random.Random) -> list[str]:
    """Return as many words of other texts as were said."""
    others = draw.sample(texts, len(texts))
    words = chain.from_iterable(text.split() for text in others if text != " ".join(said))
    return [word for word, _ in zip(words, said, strict=False)]


def with_background(recording: Recording, other: Recording) -> Recording:
    """Add another recording, softer by the level of the speech in both, over again if it is shorter."""
    wanted_db = recording.quality.level_dbfs - BELOW_DB - other.quality.level_dbfs
    background = np.resize(other.samples, len(recording.samples)) * 10.0 ** (wanted_db / 20.0)
    both = recording.samples + background
    return Recording.from_samples(both / max(1.0, np.abs(both).max()), SAMPLE_RATE, recording.source)


def answer(assessor: Assessor, kind: str, reading: Reading, recording: Recording, text: str) -> Answer:
    value, reason = match(assessor, recording, text)
    return Answer(kind, reading.reader, reading.utterance.id, text, value, reason)


def match(assessor: Assessor, recording: Recording, text: str) -> tuple[float, str]:
    try:
        found = assessor.assess(recording, text).text_match
    except (AlignmentError, RecordingError):
        return 0.0, REFUSED
    return found.value, found.reason


# --- no speech ----------------------------------------------------------------------------------


def no_speech(assessor: Assessor, texts: Sequence[str], noises: Sequence[Path]) -> Iterator[Answer]:
    """Assess recordings that hold no speech with texts of readings in turn."""
    draw = np.random.default_rng(SEED)
    made = [
        (kind, f"{kind} {number}", make(draw, 4 + number))
        for kind, make in MAKERS.items()
        for number in range(MADE)
    ]
    items = [*made, *((RECORDED, path.stem, path) for path in noises)]
    for place, (kind, name, source) in enumerate(progress(items, "no speech")):
        text = texts[place * 7 % len(texts)]
        is_file = isinstance(source, Path)
        try:
            recording = (
                Recording.open(source) if is_file else Recording.from_samples(source, SAMPLE_RATE, name)
            )
        except RecordingError:
            yield Answer(kind, "", name, text, 0.0, REFUSED)
            continue
        yield Answer(kind, "", name, text, *match(assessor, recording, text))


def recorded_noises(corpora: Path, count: int) -> list[Path]:
    """Draw recordings of noise, if there are any."""
    folder = corpora / NOISES / "audio"
    return sample(sorted(folder.iterdir()), count) if folder.is_dir() else []


def humming(draw: np.random.Generator, count: int) -> Samples:
    """Make a nasal hum: a voice of gliding pitch through a closed mouth, in breaths of two seconds."""
    time = np.arange(count) / SAMPLE_RATE
    lowest, highest = (1.0, 1.6) * draw.uniform(90.0, 220.0, 2)[:1]
    glide = 0.5 - 0.5 * np.cos(2.0 * np.pi * draw.uniform(0.15, 0.5) * time)
    pitch = lowest + (highest - lowest) * glide + 2.0 * np.sin(2.0 * np.pi * 5.0 * time)
    phase = 2.0 * np.pi * np.cumsum(pitch) / SAMPLE_RATE
    # A murmur: strong near 250 Hz, weak resonances near 1000 and 2200 Hz (Fant 1960).
    sound = sum(nasal_gain(order * pitch) * np.sin(order * phase) for order in range(1, 26))
    breaths = np.minimum(1.0, 8.0 * np.abs(np.sin(np.pi * time / 2.0)))
    return np.asarray(LOUD * breaths * sound)


def nasal_gain(hertz: Samples) -> Samples:
    resonances = ((250.0, 100.0, 1.0), (1000.0, 200.0, 0.06), (2200.0, 300.0, 0.03))
    return np.asarray(sum(gain / (1.0 + ((hertz - place) / width) ** 2) for place, width, gain in resonances))


def music(draw: np.random.Generator, count: int) -> Samples:
    """Mix chords and a melody, from a place at random on."""
    parts = draw.uniform(0.2, 1.0, 2)
    played = parts[0] * chords(2 * count) + parts[1] * melody(2 * count)
    first = int(draw.integers(count))
    return np.asarray(0.6 * played[first : first + count])


def of_seconds(
    make: Callable[[np.random.Generator, int], Samples],
) -> Callable[[np.random.Generator, int], Samples]:
    return lambda draw, seconds: make(draw, seconds * SAMPLE_RATE)


# Each makes so many seconds.
MAKERS = {
    "silence": of_seconds(lambda draw, count: np.zeros(count)),
    "faint noise": of_seconds(lambda draw, count: FAINT * white(count, draw)),
    "white noise": of_seconds(lambda draw, count: LOUD * white(count, draw)),
    "pink noise": of_seconds(lambda draw, count: LOUD * unit(pink(count, draw))),
    "music": of_seconds(music),
    "humming": of_seconds(humming),
}


def unit(samples: Samples) -> Samples:
    return np.asarray(samples / np.std(samples))


# --- figures ------------------------------------------------------------------------------------


def figures(answers: Sequence[Answer]) -> Figures:
    kinds = [kind for kind in NAMES if any(each.kind == kind for each in answers)]
    return {
        "auc": {kind: aucs(answers, kind) for kind in WRONG_TEXTS},
        "kinds": {kind: kind_figures([each for each in answers if each.kind == kind]) for kind in kinds},
        "best_wrong": [named(each) for each in ranked(answers, WRONG_TEXTS)[::-1][:NAMED]],
        "best_without_speech": [named(each) for each in ranked(answers, NO_SPEECH)[::-1][:NAMED]],
        "worst_true": [named(each) for each in ranked(answers, (TRUE,))[:NAMED]],
    }


def aucs(answers: Sequence[Answer], kind: str) -> Figures:
    """Return the area under the ROC curve of true readings against a kind, of all readers and of each."""

    def area(chosen: Sequence[Answer]) -> float:
        sides = [[each.value for each in chosen if each.kind == side] for side in (TRUE, kind)]
        return round(area_under_curve(*sides), 4)

    return {
        "all": area(answers),
        **{reader: area([each for each in answers if each.reader == reader]) for reader in READERS},
    }


def kind_figures(answers: Sequence[Answer]) -> Figures:
    values = [each.value for each in answers]
    return {
        "recordings": len(answers),
        "named": round(sum(each.is_named for each in answers) / len(answers), 4),
        "values": {f"p{place}": round(float(np.percentile(values, place)), 3) for place in (5, 50, 95)},
        "reasons": dict(Counter(each.reason for each in answers).most_common()),
        "readers": {
            reader: dict(Counter(each.reason for each in answers if each.reader == reader).most_common())
            for reader in READERS
        },
    }


def ranked(answers: Sequence[Answer], kinds: Sequence[str]) -> list[Answer]:
    """Return the answers of some kinds, the lowest first."""
    return sorted((each for each in answers if each.kind in kinds), key=lambda each: each.value)


def named(answer: Answer) -> Figures:
    return {
        "kind": answer.kind,
        "id": answer.id,
        "value": round(answer.value, 3),
        "reason": answer.reason,
        "text": answer.text,
    }


def describe(figures: Figures) -> Iterator[str]:
    yield f"True readings of {figures['speakers']} speakers against wrong texts: area under the ROC curve"
    yield "                     all   native  learner"
    for kind, row in figures["auc"].items():
        yield f"{kind:15}  {row['all']:7.4f}  {row['native']:7.4f}  {row['learner']:7.4f}"
    yield "kind             recordings   5 %   50 %   95 %   named   reasons"
    for kind, row in figures["kinds"].items():
        places = "  ".join(f"{value:5.2f}" for value in row["values"].values())
        reasons = ", ".join(f"{reason or 'good'} {count}" for reason, count in row["reasons"].items())
        yield f"{kind:15}  {row['recordings']:10}  {places}  {row['named']:6.1%}   {reasons}"
    for title, key in [
        ("Best wrong texts:", "best_wrong"),
        ("Best without speech:", "best_without_speech"),
        ("Worst true readings:", "worst_true"),
    ]:
        yield title
        for row in figures[key]:
            reason = row["reason"] or "good"
            yield f"  {row['value']:.2f} {reason}: {row['kind']}, {row['id']} ({row['text']})"


if __name__ == "__main__":
    sys.exit(main())
