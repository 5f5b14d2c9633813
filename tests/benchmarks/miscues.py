"""How well words left out, added, replaced or said again are found, and how often where there are none.

Each reading is assessed as it is, and then with a text to which a word was added, from which one was
removed, and in which one was replaced. In others a word or a phrase is said twice: their audio is cut at the
engine's own boundaries. True times of words are those of the assessment of the untouched reading.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby

from assessment import Assessment, Assessor, ErrorType, Recording, Word
from assessment.audio import SAMPLE_RATE
from assessment.errors import AlignmentError, RecordingError
from tests.benchmarks import readings
from tests.benchmarks.common import SEED, Figures, options, progress, run
from tests.benchmarks.miscue_cases import (
    REPEATS,
    TEXT_KINDS,
    RepeatCase,
    Span,
    TextCase,
    Vocabulary,
    repeat_case,
    text_cases,
)
from tests.benchmarks.readings import READERS, Reading

READINGS = 150
REPEATED = 100
# A stretch is found where this share of it, or of what was found if that is shorter, is overlapped.
OVERLAP = 0.3
UNTOUCHED = "untouched"


@dataclass(frozen=True)
class Counts:
    """What was found rightly, what was claimed wrongly, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    def figures(self) -> Figures:
        """Return precision, recall and F1; None where there is nothing to find or nothing was found."""
        wanted = self.right + self.missed
        return {
            **asdict(self),
            "precision": share(self.right, self.right + self.wrong),
            "recall": share(self.right, wanted),
            "f1": share(2 * self.right, 2 * self.right + self.wrong + self.missed) if wanted else None,
        }


@dataclass(frozen=True)
class Outcome:
    """What the engine made of a case.

    Attributes
    ----------
    kind, reader, id : str
        Of the case, of the reader and of the recording.
    text : str
        As it was assessed.
    changed : str
        The words that the case is about.
    words : int
        Of the text.
    omissions, insertions : Counts
        Words called left out, and words called said in addition.
    repetitions : int
        Words called said again.
    is_found : bool
        Whether words said twice are called so.
    is_insertion : bool
        Whether what was said twice, or is not in the text, is called said in addition.
    is_named : bool
        Whether a word that is not in the text is named as it was said.
    is_refused : bool
        Whether the engine refused the recording.
    claimed : tuple of str
        What it called left out (−), said in addition (+) and said again (↺).
    """

    kind: str
    reader: str
    id: str
    text: str
    changed: str
    words: int
    omissions: Counts = Counts()
    insertions: Counts = Counts()
    repetitions: int = 0
    is_found: bool = False
    is_insertion: bool = False
    is_named: bool = False
    is_refused: bool = False
    claimed: tuple[str, ...] = ()

    @property
    def is_right(self) -> bool:
        """Whether everything was found and nothing else claimed."""
        counts = self.omissions + self.insertions
        if self.kind in REPEATS:
            return self.is_found
        return not (self.is_refused or counts.wrong or counts.missed or self.repetitions)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = readings.options(options("miscues", __doc__, corpora=True), READINGS)
    parser.add_argument(
        "--repeated",
        type=int,
        default=REPEATED,
        help="doubled words, and as many restarted phrases, half of them learners' (default: %(default)s)",
    )
    parser.add_argument("--cases", action="store_true", help="also tell of every case that went wrong")
    return run(parser, measure, describe, arguments)


def measure(given: argparse.Namespace) -> Figures:
    assessor = Assessor.load(given.model)
    outcomes: list[Outcome] = []
    for reader, eligible in readings.eligible(given).items():
        vocabulary = Vocabulary([reading.words for reading in eligible], assessor.lexicon)
        chosen = readings.drawn(eligible, given.readings)
        planned = repeats(len(chosen), given.repeated // 2)
        for reading, kinds in progress(list(zip(chosen, planned, strict=True)), reader):
            outcomes += of_reading(assessor, reading, vocabulary, kinds)
    return {"speakers": given.speakers, **figures(outcomes), **(failures(outcomes) if given.cases else {})}


def repeats(count: int, wanted: int) -> list[list[str]]:
    """Deal so many cases of each kind of `REPEATS` to readings in turn, the second kind after the first."""
    planned: list[list[str]] = [[] for _ in range(count)]
    for number, kind in enumerate(REPEATS):
        for place in range(min(wanted, count)):
            planned[(number * wanted + place) % count].append(kind)
    return planned


# --- cases --------------------------------------------------------------------------------------


def of_reading(
    assessor: Assessor, reading: Reading, vocabulary: Vocabulary, kinds: Iterable[str]
) -> Iterator[Outcome]:
    """Assess a reading as it is, and all cases that are made of it."""
    recording = Recording.open(reading.utterance.audio)
    untouched = assessed(assessor, recording, reading.words)
    yield judged(UNTOUCHED, reading, reading.words, untouched)
    if untouched is None:
        return
    draw = random.Random(f"{SEED} {reading.utterance.id}")
    spans = word_spans(untouched)
    for case in text_cases(reading, vocabulary, draw):
        yield text_outcome(case, assessed(assessor, recording, case.words), spans)
    read = [None if is_omitted(word) else (word.start, word.end) for word in of_text(untouched)]
    for kind in kinds:
        twice = repeat_case(kind, reading, recording.samples, read, draw)
        if twice is not None:
            changed = Recording.from_samples(twice.samples, SAMPLE_RATE, recording.source)
            yield repeat_outcome(twice, assessed(assessor, changed, reading.words))


def assessed(assessor: Assessor, recording: Recording, words: Sequence[str]) -> Assessment | None:
    """Assess a recording with a text of words; None where it is refused."""
    try:
        result = assessor.assess(recording, " ".join(words))
    except (AlignmentError, RecordingError):
        return None
    assert len(of_text(result)) == len(words)
    return result


def text_outcome(case: TextCase, result: Assessment | None, spans: Sequence[Span]) -> Outcome:
    """Compare what was found with what is different in a text."""
    there = None if case.unwritten is None else spans[case.unwritten]
    written = "" if case.unspoken is None else case.words[case.unspoken]
    said = "" if case.unwritten is None else case.reading.words[case.unwritten]
    changed = f"“{written}” for “{said}”"
    return judged(case.kind, case.reading, case.words, result, case.unspoken, there, changed, said)


def judged(
    kind: str,
    reading: Reading,
    words: Sequence[str],
    result: Assessment | None,
    unspoken: int | None = None,
    there: Span | None = None,
    changed: str = "",
    said: str = "",
) -> Outcome:
    """Count what was found of a word that was not spoken and of the one that was said there."""
    found = () if result is None else result.words
    hits = [] if there is None else overlapping(found, there)
    return Outcome(
        kind,
        reading.reader,
        reading.utterance.id,
        " ".join(words),
        changed,
        len(words),
        omissions=omission_counts(found, unspoken),
        insertions=insertion_counts(found, hits, is_wanted=there is not None),
        repetitions=sum(word.error is ErrorType.REPETITION for word in found),
        is_insertion=any(word.error is ErrorType.INSERTION for word in hits),
        is_named=any(word.text.casefold() == said for word in hits),
        is_refused=result is None,
        claimed=claims(found),
    )


def repeat_outcome(case: RepeatCase, result: Assessment | None) -> Outcome:
    """See whether words that were said twice are called so."""
    words = () if result is None else result.words
    errors = {word.error for span in case.spans for word in words if overlaps(word, span)}
    return Outcome(
        case.kind,
        case.reading.reader,
        case.reading.utterance.id,
        " ".join(case.reading.words),
        " ".join(case.words),
        len(case.reading.words),
        is_found=ErrorType.REPETITION in errors,
        is_insertion=ErrorType.INSERTION in errors,
        is_refused=result is None,
        claimed=claims(words),
    )


# --- what an assessment claims --------------------------------------------------------------------


def of_text(result: Assessment) -> list[Word]:
    """Return the words of the text, without those said beside it."""
    return [word for word in result.words if not word.is_extra]


def is_omitted(word: Word) -> bool:
    return word.error is ErrorType.OMISSION


def word_spans(result: Assessment) -> list[Span]:
    """Return when each word of the text was said; of one that was not found, the gap that it would be in."""
    words = of_text(result)
    return [span_of(words, place, result.duration) for place in range(len(words))]


def span_of(words: Sequence[Word], place: int, duration: float) -> Span:
    word = words[place]
    if not is_omitted(word):
        return word.start, word.end
    before = (each.end for each in reversed(words[:place]) if not is_omitted(each))
    after = (each.start for each in words[place + 1 :] if not is_omitted(each))
    return next(before, 0.0), next(after, duration)


def omission_counts(words: Sequence[Word], unspoken: int | None) -> Counts:
    """Count words called left out, of which one may be."""
    written = [word for word in words if not word.is_extra]
    omitted = {place for place, word in enumerate(written) if is_omitted(word)}
    right = int(unspoken in omitted)
    return Counts(right, len(omitted) - right, int(unspoken is not None) - right)


def insertion_counts(words: Sequence[Word], hits: Sequence[Word], *, is_wanted: bool) -> Counts:
    """Count words called said in addition; those that overlap the one that was are right, as one."""
    inserted = [word for word in words if word.error is ErrorType.INSERTION]
    wrong = sum(all(word is not hit for hit in hits) for word in inserted)
    return Counts(int(bool(hits)), wrong, int(is_wanted and not hits))


def overlapping(words: Sequence[Word], span: Span) -> list[Word]:
    """Return the words beside the text that overlap a span, by themselves or as a part of a run that does."""
    found: list[Word] = []
    for is_extra, group in groupby(words, key=lambda word: word.is_extra):
        run_words = list(group) if is_extra else []
        whole = run_words and overlap_share((run_words[0].start, run_words[-1].end), span) > OVERLAP
        found += [
            word
            for word in run_words
            if overlaps(word, span) or (whole and overlap_share((word.start, word.end), span) > 0)
        ]
    return found


def overlaps(word: Word, span: Span) -> bool:
    return overlap_share((word.start, word.end), span) > OVERLAP


def overlap_share(one: Span, two: Span) -> float:
    """Return which share of the shorter span lies in both."""
    both = min(one[1], two[1]) - max(one[0], two[0])
    shorter = min(one[1] - one[0], two[1] - two[0])
    return both / shorter if both > 0 else 0.0


def claims(words: Sequence[Word]) -> tuple[str, ...]:
    signs = {ErrorType.OMISSION: "−", ErrorType.INSERTION: "+", ErrorType.REPETITION: "↺"}
    return tuple(f"{signs[word.error]}{word.text}" for word in words if word.error in signs)


# --- figures ------------------------------------------------------------------------------------


def figures(outcomes: Sequence[Outcome]) -> Figures:
    changed = [each for each in outcomes if each.kind in TEXT_KINDS]
    untouched = [each for each in outcomes if each.kind == UNTOUCHED]
    said = [each for each in changed if each.insertions.right]
    return {
        "readings": len(untouched),
        "refused": sum(each.is_refused for each in outcomes),
        "total": text_figures(changed),
        "kinds": {kind: text_figures(each for each in changed if each.kind == kind) for kind in TEXT_KINDS},
        "readers": {
            reader: text_figures(each for each in changed if each.reader == reader) for reader in READERS
        },
        "named": share(sum(each.is_named for each in said), len(said)),
        "called_repetition": share(sum(not each.is_insertion for each in said), len(said)),
        "untouched": {
            "total": false_alarms(untouched),
            **{
                reader: false_alarms([each for each in untouched if each.reader == reader])
                for reader in READERS
            },
        },
        "repeats": {
            kind: repeat_figures([each for each in outcomes if each.kind == kind]) for kind in REPEATS
        },
    }


def text_figures(outcomes: Iterable[Outcome]) -> Figures:
    listed = list(outcomes)
    return {
        "cases": len(listed),
        "omissions": sum((each.omissions for each in listed), Counts()).figures(),
        "insertions": sum((each.insertions for each in listed), Counts()).figures(),
    }


def false_alarms(outcomes: Sequence[Outcome]) -> Figures:
    """Return how many words of untouched readings are called left out, said in addition, or said again."""
    words = sum(each.words for each in outcomes)
    return {
        "words": words,
        "omitted": share(sum(each.omissions.wrong for each in outcomes), words),
        "inserted": share(sum(each.insertions.wrong for each in outcomes), words),
        "repeated": share(sum(each.repetitions for each in outcomes), words),
    }


def repeat_figures(outcomes: Sequence[Outcome]) -> Figures:
    by_reader = {reader: [each for each in outcomes if each.reader == reader] for reader in READERS}
    return {
        "cases": len(outcomes),
        "found": share(sum(each.is_found for each in outcomes), len(outcomes)),
        "only_inserted": share(
            sum(each.is_insertion and not each.is_found for each in outcomes), len(outcomes)
        ),
        **{reader: share(sum(each.is_found for each in own), len(own)) for reader, own in by_reader.items()},
    }


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def failures(outcomes: Sequence[Outcome]) -> Figures:
    return {"failures": [asdict(each) for each in outcomes if not each.is_right]}


def describe(figures: Figures) -> Iterator[str]:
    half, refused = figures["speakers"], figures["refused"]
    yield f"{figures['readings']} readings of {half} speakers; {refused} cases refused"
    yield "                         omissions                insertions"
    yield "                 cases   precision  recall    F1   precision  recall    F1"
    rows = {"all three kinds": figures["total"], **figures["kinds"], **figures["readers"]}
    for name, row in rows.items():
        parts = "   ".join(
            f"{shown(row[what]['precision']):>9}  {shown(row[what]['recall'])}  {shown(row[what]['f1'])}"
            for what in ("omissions", "insertions")
        )
        yield f"{name:15}  {row['cases']:5}   {parts}"
    yield (
        f"Of the insertions found, named as they were said: {shown(figures['named'])}, "
        f"taken for words said again: {shown(figures['called_repetition'])}"
    )
    yield "Untouched readings, share of words called   omitted  inserted  repeated   (words)"
    for name, row in figures["untouched"].items():
        parts = "  ".join(f"{shown(row[what], 4):>8}" for what in ("omitted", "inserted", "repeated"))
        yield f"  {name:40} {parts}   ({row['words']})"
    yield "Said twice   cases   found   native  learner   only as insertion"
    for kind, row in figures["repeats"].items():
        parts = "  ".join(shown(row[what]) for what in ("found", "native", "learner"))
        yield f"{kind:11}  {row['cases']:5}  {parts}   {shown(row['only_inserted'])}"
    for row in figures.get("failures", ()):
        what = ", ".join(filter(None, (row["kind"], row["changed"])))
        said = "refused" if row["is_refused"] else " ".join(row["claimed"]) or "nothing found"
        yield f"  {row['reader']} {row['id']}, {what}: “{row['text']}”: {said}"


def shown(value: float | None, places: int = 3) -> str:
    return f"{'–':>6}" if value is None else f"{value:6.{places}f}"


if __name__ == "__main__":
    sys.exit(main())
