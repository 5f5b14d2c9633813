"""Example assessments: a few that read like real ones, and a strategy for arbitrary valid ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

from hypothesis import strategies as st

from assessment.results import (
    Assessment,
    Candidate,
    ErrorType,
    ModelInfo,
    Notice,
    Pause,
    Phone,
    RecordingQuality,
    Scores,
    Syllable,
    Word,
)

VOWELS = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
CONSONANTS = ["B", "CH", "DH", "F", "G", "HH", "K", "L", "M", "NG", "R", "S", "T", "W", "Y", "ZH"]
PHONE_SECONDS = 0.08
QUALITY = RecordingQuality(
    level_dbfs=-21.4, peak_dbfs=-3.2, clipped=0.0, snr_db=31.5, speech_seconds=1.84, bandwidth_hz=8000.0
)
MODEL = ModelInfo(name="en-US", version="1.0.0", sha256="5f" * 32)


def phone(symbol: str, start: float, score: float = 93.0, heard: str | None = None) -> Phone:
    """Return a phone of `PHONE_SECONDS` that sounded like `heard`, or as expected."""
    expected = symbol.rstrip("012")
    candidates = (Candidate(heard or expected, 0.71), Candidate("T" if heard is None else expected, 0.2))
    return Phone(symbol, start, start + PHONE_SECONDS, score, -0.35 if heard is None else -2.6, candidates)


def word(spoken: str, phones: str, start: float, *, text: str | None = None, at: int = 0) -> Word:
    """Return a well-read word; `phones` has spaces between phones and bars between syllables."""
    groups = [group.split() for group in phones.split("|")]
    syllables = []
    for index, group in enumerate(groups):
        first = start + PHONE_SECONDS * sum(map(len, groups[:index]))
        members = tuple(phone(symbol, first + PHONE_SECONDS * number) for number, symbol in enumerate(group))
        syllables.append(Syllable(members, 92.5))
    text = spoken if text is None else text
    end = syllables[-1].end
    return Word(
        text, spoken, at, at + len(text), start, end, 92.5, ErrorType.NONE, tuple(syllables), 100.0, 93.0
    )


def mispronounced(good: Word, index: int, heard: str) -> Word:
    """Return a word of one syllable whose phone number `index` sounded like the phone `heard`."""
    phones = list(good.phones)
    phones[index] = phone(phones[index].symbol, phones[index].start, 18.0, heard)
    syllable = Syllable(tuple(phones), 47.0)
    return replace(good, accuracy=47.0, error=ErrorType.MISPRONUNCIATION, syllables=(syllable,), total=46.0)


def omitted(good: Word) -> Word:
    """Return a word that was left out; its times are where it should have been."""
    return replace(good, accuracy=0.0, error=ErrorType.OMISSION, syllables=(), stress=None, total=None)


def good_reading() -> Assessment:
    """Return a fluent reading of "Mark is going to see the elephant."."""
    words = (
        word("mark", "M AA1 R K", 0.3, text="Mark", at=0),
        word("is", "IH1 Z", 0.62, at=5),
        word("going", "G OW1 | IH0 NG", 0.78, at=8),
        word("to", "T AH0", 1.1, at=14),
        word("see", "S IY1", 1.26, at=17),
        word("the", "DH AH0", 1.42, at=21),
        word("elephant", "EH1 L | AH0 | F AH0 N T", 1.58, at=25),
    )
    return Assessment(
        text="Mark is going to see the elephant.",
        duration=2.5,
        scores=Scores(91.2, 92.5, 90.0, 100.0, 88.4),
        words=words,
        pauses=(),
        quality=QUALITY,
        model=MODEL,
    )


def flawed_reading() -> Assessment:
    """Return the same text without "is", after a pause "to", with "she" for "see" and "the" twice."""
    good = good_reading()
    mark, is_, going, _, _, _, _ = good.words
    words = (
        mark,
        omitted(is_),
        going,
        replace(word("to", "T AH0", 1.7, at=14), error=ErrorType.UNEXPECTED_BREAK),
        mispronounced(word("see", "S IY1", 1.86, at=17), 0, "SH"),
        replace(word("the", "DH AH0", 2.02, at=21), error=ErrorType.REPETITION),
        word("the", "DH AH0", 2.18, at=21),
        word("elephant", "EH1 L | AH0 | F AH0 N T", 2.34, at=25),
    )
    return replace(
        good,
        duration=3.2,
        scores=Scores(68.0, 79.5, 61.0, 85.7, 70.2),
        words=words,
        pauses=(Pause(1.1, 1.7, after_word=2),),
        notices=(Notice("noisy", "There is noise in the recording: record again in a quieter place."),),
    )


def number_reading() -> Assessment:
    """Return a reading of "It cost $25.", where one display form is read as three words."""
    words = (
        word("it", "IH1 T", 0.2, text="It", at=0),
        word("cost", "K AA1 S T", 0.36, at=3),
        word("twenty", "T W EH1 N | T IY0", 0.68, text="$25", at=8),
        word("five", "F AY1 V", 1.16, text="$25", at=8),
        word("dollars", "D AA1 | L ER0 Z", 1.4, text="$25", at=8),
    )
    return replace(good_reading(), text="It cost $25.", words=words, duration=2.0)


def readings() -> list[Assessment]:
    """Return all the examples."""
    return [good_reading(), flawed_reading(), number_reading()]


PhoneFacts = tuple[str, float, float, float, tuple[Candidate, ...]]
SyllableFacts = tuple[float, list[PhoneFacts]]
WordFacts = tuple[str, str, ErrorType, list[SyllableFacts], tuple[float, float | None, float | None], float]


def _syllable(start: float, facts: SyllableFacts) -> Syllable:
    """Lay out phones one after another from `start`."""
    score, parts = facts
    ends = list(accumulate((step for _, step, *_ in parts), initial=start))
    phones = (
        Phone(symbol, *span, phone_score, gop, heard)
        for span, (symbol, _, phone_score, gop, heard) in zip(pairwise(ends), parts, strict=True)
    )
    return Syllable(tuple(phones), score)


def _word(start: float, at: int, facts: WordFacts) -> Word:
    """Lay out a word from `start` seconds and from the character `at` of the text."""
    text, spoken, error, parts, (accuracy, stress, total), _ = facts
    syllables: list[Syllable] = []
    for part in [] if error is ErrorType.OMISSION else parts:
        syllables.append(_syllable(syllables[-1].end if syllables else start, part))
    end = syllables[-1].end if syllables else start + PHONE_SECONDS
    return Word(
        text, spoken, at, at + len(text), start, end, accuracy, error, tuple(syllables), stress, total
    )


def _assessment(
    parts: list[WordFacts],
    tail: float,
    scores: Scores,
    quality: RecordingQuality,
    model: ModelInfo,
    notices: list[Notice],
) -> Assessment:
    """Lay out words with pauses between them, the last followed by `tail` seconds."""
    words: list[Word] = []
    pauses: list[Pause] = []
    now, at = 0.0, 0
    for index, part in enumerate(parts):
        silence = part[-1]
        if index and silence:
            pauses.append(Pause(now, now + silence, index - 1))
        words.append(_word(now + silence, at, part))
        now, at = words[-1].end, words[-1].char_end + 1
    text = " ".join(word.text for word in words)
    return Assessment(text, now + tail, scores, tuple(words), tuple(pauses), quality, model, tuple(notices))


def _candidates(phones: list[str], probability: float) -> tuple[Candidate, ...]:
    """Halve the probability from each phone to the next: together they stay below 1."""
    return tuple(Candidate(phone, probability / 2 ** (rank + 1)) for rank, phone in enumerate(phones))


_scores = st.floats(0, 100)
_optional_scores = st.none() | _scores
_short_texts = st.text(max_size=6)
_names = st.text(min_size=1, max_size=6)
_levels = st.floats(-90, 0)
_phones: st.SearchStrategy[PhoneFacts] = st.tuples(
    st.sampled_from(CONSONANTS + [vowel + stress for vowel in VOWELS for stress in "012"]),
    st.floats(0.01, 0.6),
    _scores,
    st.floats(-30, 0),
    st.builds(
        _candidates, st.lists(st.sampled_from(VOWELS + CONSONANTS), max_size=6, unique=True), st.floats(0, 1)
    ),
)
_syllables = st.tuples(_scores, st.lists(_phones, min_size=1, max_size=3))
_words: st.SearchStrategy[WordFacts] = st.tuples(
    _names,
    _names,
    st.sampled_from(ErrorType),
    st.lists(_syllables, min_size=1, max_size=2),
    st.tuples(_scores, _optional_scores, _optional_scores),
    st.just(0.0) | st.floats(0.02, 2),
)


def assessments() -> st.SearchStrategy[Assessment]:
    """Return a strategy for assessments that keep every promise of `assessment.results`."""
    return st.builds(
        _assessment,
        st.lists(_words, min_size=1, max_size=4),
        st.floats(0.1, 5),
        st.builds(Scores, _scores, _scores, _optional_scores, _optional_scores, _optional_scores),
        st.builds(
            RecordingQuality,
            level_dbfs=_levels,
            peak_dbfs=_levels,
            clipped=st.floats(0, 1),
            snr_db=st.none() | st.floats(-10, 80),
            speech_seconds=st.floats(0, 60),
            bandwidth_hz=st.floats(0, 8000),
        ),
        st.builds(ModelInfo, _short_texts, _short_texts, _short_texts),
        st.lists(st.builds(Notice, _short_texts, _short_texts), max_size=2),
    )
