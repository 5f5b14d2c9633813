"""From the stages' results for one recording to the `Assessment` that everything downstream reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assessment.confidence import confidence
from assessment.control import Control
from assessment.feedback import BREAK_CONFIDENCE, problems, verdict
from assessment.fluency import measure_fluency, silent_pauses, word_breaks
from assessment.gop import PhoneFeatures
from assessment.heard import heard_word
from assessment.phones import ipa, syllabify
from assessment.pitch import PitchTrack
from assessment.prosody import measure_prosody
from assessment.quality import quality_notices
from assessment.reading import Extra, Reading
from assessment.results import (
    Assessment,
    Candidate,
    ErrorType,
    LexicalStress,
    ModelInfo,
    Notice,
    Passage,
    Phone,
    Scores,
    Syllable,
    TextMatch,
    Verdict,
    Word,
    WordBreak,
)
from assessment.scoring import PartScores, RawScores, Thresholds, leads, lowered, overall
from assessment.text_match import POOR_MATCH
from assessment.variants import contexts, is_native_variant

# Words below this accuracy count as mispronounced.
MISPRONOUNCED = 60.0

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Findings:
    """What the stages after the alignment found out about a reading.

    Attributes
    ----------
    features : PhoneFeatures
        Of the phones that were read.
    raw : RawScores
        As the scoring model predicts them for all words of the text.
    heard : list of tuple of Candidate
        What was heard in place of each phone that was read.
    stress : list of LexicalStress or None
        Of each word of the text.
    track : PitchTrack
        The pitch.
    intensity : ndarray of float32, shape (frames,)
        As from `assessment.pitch.intensity_db`.
    match : TextMatch
        How far it is a reading of the text.
    """

    features: PhoneFeatures
    raw: RawScores
    heard: list[tuple[Candidate, ...]]
    stress: list[LexicalStress | None]
    track: PitchTrack
    intensity: Floats
    match: TextMatch


def assembled(
    reading: Reading,
    found: Findings,
    thresholds: Thresholds,
    model: ModelInfo,
    *,
    mode: str = "reading",
    control: Control | None = None,
) -> Assessment:
    """Put everything together.

    Parameters
    ----------
    reading : Reading
        The recording, the text and what was read of it.
    found : Findings
        What the other stages made of them.
    thresholds : Thresholds
        When a phone is called wrong.
    model : ModelInfo
        The model that scored.
    mode : {"reading", "speaking"}
        "speaking" where the text is what was recognised: then nothing is missing from it.
    control : Control, optional
        Can stop the work.

    Raises
    ------
    Cancelled
        If `control` was cancelled.
    """
    control = control or Control()
    of_text = _words(reading, found, _phones(reading, found, thresholds, control), control)
    words = _merged(_with_breaks(of_text, reading), reading)
    control.check()
    scores = _scores(found.raw.parts, words, mode)
    draft = Assessment(
        text=reading.text.text,
        duration=reading.recording.duration,
        scores=scores,
        words=words,
        pauses=silent_pauses(words),
        quality=reading.recording.quality,
        model=model,
        fluency=measure_fluency(words, reading.evidence.log_posteriors, control),
        prosody=measure_prosody(words, found.track, found.intensity),
        confidence=confidence(reading.recording.quality, scores, found.features, words),
        notices=_notices(reading, found.match),
        text_match=found.match,
        sentences=tuple(_passages(reading, found.raw.parts, words, mode, "sentence")),
        paragraphs=tuple(_passages(reading, found.raw.parts, words, mode, "paragraph")),
        mode=mode,
    )
    control.check()
    return replace(draft, problems=problems(draft))


def _score(value: float) -> float:
    return round(float(value), 1)


def _phones(reading: Reading, found: Findings, thresholds: Thresholds, control: Control) -> list[Phone]:
    aligned, times = reading.phones, reading.times
    placed = [(phone.word, phone.symbol, *time) for phone, time in zip(aligned, times, strict=True)]
    around = contexts(placed, [word.spoken for word in reading.text.words])
    variants = [
        is_native_variant(phone.symbol, heard[0].phone, near)
        for phone, heard, near in zip(aligned, found.heard, around, strict=True)
    ]
    lpp = found.features.lpp
    ahead = leads(aligned, found.heard)
    scores = lowered(_of_read(reading, found.raw.phones), ahead)
    return [
        Phone(
            symbol=phone.symbol,
            start=times[row][0],
            end=times[row][1],
            score=_score(scores[row]),
            gop=round(float(lpp[row]), 3),
            verdict=verdict(
                _score(scores[row]), thresholds, lead=float(ahead[row]), is_variant=variants[row]
            ),
            candidates=found.heard[row],
        )
        for row, phone in enumerate(control.watched(aligned))
    ]


def _of_read(reading: Reading, scores: Floats) -> Floats:
    """Return the scores of the phones that were read out of those of all words of the text."""
    read = {phone.word for phone in reading.phones}
    chosen: Floats = scores[[phone.word in read for phone in reading.scored_phones]]
    return chosen


def _words(reading: Reading, found: Findings, phones: Sequence[Phone], control: Control) -> tuple[Word, ...]:
    """Return the words of the text."""
    words = []
    time = phones[0].start if phones else 0.0
    places = zip(reading.text.words, reading.word_phones, strict=True)
    for number, (reference, place) in enumerate(control.watched(places)):
        members = phones[place]
        word = Word(
            text=reading.text.display(reference),
            spoken=reference.spoken,
            char_start=reference.start,
            char_end=reference.end,
            start=members[0].start if members else time,
            end=members[-1].end if members else time,
            accuracy=0.0,
            error=ErrorType.OMISSION,
            syllables=(),
            total=0.0,
        )
        if members:
            word = _judged(word, members, found.raw.words[number], found.stress[number])
            if any(phone.verdict is not Verdict.RIGHT for phone in members):
                word = replace(word, heard=_heard(reading, found, place, members))
        time = word.end
        words.append(word)
    return tuple(words)


def _merged(words: Sequence[Word], reading: Reading) -> tuple[Word, ...]:
    """Put what was said beside the text between the words of the text."""
    beside: dict[int, list[Word]] = {}
    for extra in reading.extras:
        beside.setdefault(extra.before, []).append(_extra(extra, words, reading))
    return tuple(
        each
        for number in range(len(words) + 1)
        for each in (*beside.get(number, ()), *words[number : number + 1])
    )


def _extra(extra: Extra, words: Sequence[Word], reading: Reading) -> Word:
    place = words[extra.before].char_start if extra.before < len(words) else len(reading.text.text)
    span = (place, place)
    text = extra.name or f"/{''.join(map(ipa, extra.phones))}/"
    if extra.word is not None:
        said = words[extra.word]
        text = said.text
        if extra.error is ErrorType.REPETITION:
            span = (said.char_start, said.char_end)
    return Word(
        text=text,
        spoken=extra.name,
        char_start=span[0],
        char_end=span[1],
        start=reading.seconds(extra.first),
        end=reading.seconds(extra.last),
        accuracy=0.0,
        error=extra.error,
        syllables=(),
        heard=extra.phones,
    )


def _judged(word: Word, phones: Sequence[Phone], raw: Floats, lexical: LexicalStress | None) -> Word:
    accuracy, stress, total = (_score(score) for score in raw)
    return replace(
        word,
        accuracy=accuracy,
        error=ErrorType.MISPRONUNCIATION if accuracy < MISPRONOUNCED else ErrorType.NONE,
        syllables=_syllables(phones),
        stress=stress,
        total=total,
        lexical_stress=lexical,
    )


def _heard(reading: Reading, found: Findings, place: slice, phones: Sequence[Phone]) -> tuple[str, ...]:
    return heard_word(
        reading.evidence.log_posteriors,
        reading.phones[place],
        [phone.verdict for phone in phones],
        found.heard[place],
    )


def _syllables(phones: Sequence[Phone]) -> tuple[Syllable, ...]:
    syllables = []
    first = 0
    for symbols in syllabify([phone.symbol for phone in phones]):
        members = tuple(phones[first : first + len(symbols)])
        mean = sum(phone.score for phone in members) / len(members)
        syllables.append(Syllable(members, _score(mean)))
        first += len(symbols)
    return tuple(syllables)


def _with_breaks(words: tuple[Word, ...], reading: Reading) -> tuple[Word, ...]:
    """Add the breaks, which name the error of a word that has no worse one."""
    breaks = word_breaks(_said_to(words, reading), reading.text)
    return tuple(
        replace(word, break_before=found, error=_break_error(word.error, found))
        for word, found in zip(words, breaks, strict=True)
    )


def _said_to(words: Sequence[Word], reading: Reading) -> list[Word]:
    """Return the words, those after which something else was said ending with that: it is no silence."""
    lasting = list(words)
    for extra in reading.extras:
        before = [number for number in range(extra.before) if words[number].syllables]
        if before:
            end = max(lasting[before[-1]].end, reading.seconds(extra.last))
            lasting[before[-1]] = replace(lasting[before[-1]], end=end)
    return lasting


def _break_error(error: ErrorType, found: WordBreak | None) -> ErrorType:
    if error is not ErrorType.NONE or found is None:
        return error
    if found.unexpected >= BREAK_CONFIDENCE:
        return ErrorType.UNEXPECTED_BREAK
    return ErrorType.MISSING_BREAK if found.missing >= BREAK_CONFIDENCE else error


def _scores(parts: Sequence[PartScores], words: Sequence[Word], mode: str) -> Scores:
    """Combine the scores of parts of the text; `words` holds all words, extra ones too."""
    of_text = [word for word in words if not word.is_extra]
    spoken = np.array([bool(word.syllables) for word in of_text])
    first = parts[0].words[0]
    read = [spoken[part.words[0] - first : part.words[1] - first].mean() for part in parts]
    marks = np.array([part.utterance for part in parts])
    phones = np.array([part.phones for part in parts], float)
    # How fluent a part was, and in which melody, only those tell that were read.
    heard = phones * np.array(read)
    weights = (phones, heard, heard, phones)
    accuracy, fluency, prosody, total = (
        _score(np.average(column, weights=weight)) if any(read) else 0.0
        for column, weight in zip(marks.T, weights, strict=True)
    )
    completeness = _score(100.0 * spoken.mean()) if mode == "reading" else None
    return Scores(
        overall=_score(overall(accuracy, fluency, completeness, prosody)),
        accuracy=accuracy,
        fluency=fluency,
        completeness=completeness,
        prosody=prosody,
        total=total,
    )


def _passages(
    reading: Reading, parts: Sequence[PartScores], words: Sequence[Word], mode: str, kind: str
) -> Iterator[Passage]:
    """Yield the sentences or paragraphs of the text."""
    of_text = [number for number, word in enumerate(words) if not word.is_extra]
    references = reading.text.words
    first = 0
    for _, group in groupby(references, key=lambda word: getattr(word, kind)):
        last = first + len(list(group))
        # What was said beside the text belongs to the passage of the next word.
        begin = of_text[first - 1] + 1 if first else 0
        end = of_text[last - 1] + 1 if last < len(references) else len(words)
        own = words[begin:end]
        inside = [part for part in parts if first <= part.words[0] < last]
        said = [word for word in own if word.syllables or word.is_extra]
        yield Passage(
            char_start=references[first].start,
            char_end=references[last - 1].end,
            first_word=begin,
            last_word=end,
            start=said[0].start if said else own[0].start,
            end=said[-1].end if said else own[0].start,
            scores=_scores(inside, own, mode),
        )
        first = last


def _notices(reading: Reading, match: TextMatch) -> tuple[Notice, ...]:
    recording = reading.recording
    notices = [*recording.notices, *quality_notices(recording.quality)]
    if reading.text.skipped:
        start, end = reading.text.skipped[0]
        left_out = reading.text.text[start:end]
        notices.append(Notice("skipped-text", f"“{left_out}” cannot be read as English and was not scored."))
    if match.reason:
        code = "text-mismatch" if match.value < POOR_MATCH else match.reason
        notices.append(Notice(code, match.message))
    return tuple(notices)
