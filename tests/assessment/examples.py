"""Example assessments: a few that read like real ones, and a strategy for arbitrary valid ones."""

from __future__ import annotations

from dataclasses import replace
from itertools import accumulate, pairwise

from hypothesis import strategies as st

from assessment.results import (
    NO_PHONE,
    Assessment,
    Candidate,
    Confidence,
    ErrorType,
    Fluency,
    LexicalStress,
    ModelInfo,
    Notice,
    Pause,
    Phone,
    Problem,
    Prosody,
    RecordingQuality,
    Scores,
    Syllable,
    Verdict,
    Word,
    WordBreak,
)

VOWELS = ["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"]
CONSONANTS = ["B", "CH", "DH", "F", "G", "HH", "K", "L", "M", "NG", "R", "S", "T", "W", "Y", "ZH"]
PHONE_SECONDS = 0.08
QUALITY = RecordingQuality(
    level_dbfs=-21.4, peak_dbfs=-3.2, clipped=0.0, snr_db=31.5, speech_seconds=1.84, bandwidth_hz=8000.0
)
FLUENT = Fluency(
    speech_rate=5.4,
    articulation_rate=5.4,
    phonation_time_ratio=1.0,
    silent_pauses=0,
    mean_pause=0.0,
    mean_length_of_run=10.0,
    filled_pauses=0,
    hesitations=0,
    repetitions=0,
)
LIVELY = Prosody(
    pitch_median=182.0,
    pitch_range=9.5,
    pitch_deviation=2.6,
    pitch_slope=-1.4,
    final_slope=-8.2,
    loudness_range=9.1,
    vowel_duration=0.08,
    vowel_variability=58.0,
    monotone=0.02,
)
MODEL = ModelInfo(name="en-US", version="1.0.0", sha256="5f" * 32)


def a_phone(symbol: str, verdict: Verdict, *heard: str) -> Phone:
    """Return a phone of which these were heard, the likeliest first."""
    candidates = tuple(Candidate(phone, 0.6 / 2**rank) for rank, phone in enumerate(heard))
    return Phone(symbol, 0.0, 0.1, 50.0, -1.0, verdict, candidates)


FLAWS = (
    Problem(
        kind="phone",
        message="The “s” /s/ in “see” sounded like /ʃ/.",
        tip="Bring the tip of your tongue close to the ridge behind your upper teeth and spread your lips.",
        words=(4,),
        expected="S",
        heard="SH",
        cost=2.4,
        confidence=0.56,
        pair=("see", "she"),
    ),
    Problem("omission", "You left out “is”.", "Read every word.", (1,), "", "", 5.1, 0.56),
    Problem(
        kind="unexpected-break",
        message="You paused for 0.6 seconds before “to”, where the sentence runs on.",
        tip="Look ahead to the end of the phrase before you begin it.",
        words=(3,),
        expected="",
        heard="",
        cost=3.5,
        confidence=0.58,
    ),
)


def phone(symbol: str, start: float, score: float = 93.0, heard: str | None = None) -> Phone:
    """Return a phone of `PHONE_SECONDS` that sounded like `heard`, or as expected."""
    expected = symbol.rstrip("012")
    candidates = (Candidate(heard or expected, 0.71), Candidate("T" if heard is None else expected, 0.2))
    verdict = Verdict.RIGHT if heard is None else Verdict.WRONG
    gop = -0.35 if heard is None else -2.6
    return Phone(symbol, start, start + PHONE_SECONDS, score, gop, verdict, candidates)


def word(spoken: str, phones: str, start: float, *, text: str | None = None, at: int = 0) -> Word:
    """Return a well-read word; `phones` has spaces between phones and bars between syllables."""
    groups = [group.split() for group in phones.split("|")]
    syllables = []
    for index, group in enumerate(groups):
        first = start + PHONE_SECONDS * sum(map(len, groups[:index]))
        members = tuple(phone(symbol, first + PHONE_SECONDS * number) for number, symbol in enumerate(group))
        syllables.append(Syllable(members, 92.5))
    text = spoken if text is None else text
    return Word(
        text=text,
        spoken=spoken,
        char_start=at,
        char_end=at + len(text),
        start=start,
        end=syllables[-1].end,
        accuracy=92.5,
        error=ErrorType.NONE,
        syllables=tuple(syllables),
        stress=100.0,
        total=93.0,
        lexical_stress=_lexical_stress(tuple(syllables)),
        break_before=WordBreak(0.0, 0.0, 0.0) if at else None,
    )


def _lexical_stress(syllables: tuple[Syllable, ...]) -> LexicalStress | None:
    """Return main stress heard where it is expected; None for one syllable."""
    stressed = [any(each.symbol.endswith("1") for each in part.phones) for part in syllables]
    if len(syllables) < 2 or True not in stressed:
        return None
    place = stressed.index(True)
    return LexicalStress(place, place, 0.94, correct=True)


def mispronounced(good: Word, index: int, heard: str) -> Word:
    """Return a word of one syllable whose phone number `index` sounded like the phone `heard`."""
    phones = list(good.phones)
    phones[index] = phone(phones[index].symbol, phones[index].start, 18.0, heard)
    syllable = Syllable(tuple(phones), 47.0)
    likeliest = [each.candidates[0].phone for each in phones]
    return replace(
        good,
        accuracy=47.0,
        error=ErrorType.MISPRONUNCIATION,
        syllables=(syllable,),
        total=46.0,
        heard=tuple(each for each in likeliest if each != NO_PHONE),
    )


def restressed(good: Word, heard: int) -> Word:
    """Return a word whose main stress was heard on another syllable."""
    assert good.lexical_stress is not None
    return replace(good, lexical_stress=LexicalStress(good.lexical_stress.expected, heard, 0.03, False))


def omitted(good: Word) -> Word:
    """Return a word that was left out; its times are where it should have been."""
    gone = replace(good, accuracy=0.0, error=ErrorType.OMISSION, syllables=(), stress=None, total=None)
    return replace(gone, lexical_stress=None, break_before=None, heard=())


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
        fluency=FLUENT,
        prosody=LIVELY,
        confidence=Confidence(0.97),
    )


def flawed_reading() -> Assessment:
    """Return the same text without "is", after a pause "to", with "she" for "see" and "the" twice."""
    good = good_reading()
    mark, is_, going, _, _, _, _ = good.words
    words = (
        mark,
        omitted(is_),
        going,
        replace(
            word("to", "T AH0", 1.7, at=14),
            error=ErrorType.UNEXPECTED_BREAK,
            break_before=WordBreak(0.6, 0.93, 0.0),
        ),
        mispronounced(word("see", "S IY1", 1.86, at=17), 0, "SH"),
        replace(word("the", "DH AH0", 2.02, at=21), error=ErrorType.REPETITION),
        word("the", "DH AH0", 2.18, at=21),
        restressed(word("elephant", "EH1 L | AH0 | F AH0 N T", 2.34, at=25), 2),
    )
    return replace(
        good,
        duration=3.2,
        scores=Scores(68.0, 79.5, 61.0, 85.7, 70.2),
        words=words,
        pauses=(Pause(1.1, 1.7, after_word=2),),
        fluency=replace(
            FLUENT, speech_rate=3.9, phonation_time_ratio=0.77, silent_pauses=1, mean_pause=0.6, repetitions=1
        ),
        problems=FLAWS,
        confidence=Confidence(0.62, ("there is much noise behind the voice",)),
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


PhoneFacts = tuple[str, float, float, float, Verdict, tuple[Candidate, ...]]
SyllableFacts = tuple[float, list[PhoneFacts]]
Heard = tuple[LexicalStress | None, WordBreak | None, tuple[str, ...]]
WordFacts = tuple[
    str, str, ErrorType, list[SyllableFacts], tuple[float, float | None, float | None], Heard, float
]


def _syllable(start: float, facts: SyllableFacts) -> Syllable:
    """Lay out phones one after another from `start`."""
    score, parts = facts
    ends = list(accumulate((step for _, step, *_ in parts), initial=start))
    phones = (
        Phone(symbol, *span, *rest) for span, (symbol, _, *rest) in zip(pairwise(ends), parts, strict=True)
    )
    return Syllable(tuple(phones), score)


def _word(start: float, at: int, facts: WordFacts) -> Word:
    """Lay out a word from `start` seconds and from the character `at` of the text."""
    text, spoken, error, parts, (accuracy, stress, total), heard, _ = facts
    syllables: list[Syllable] = []
    for part in [] if error is ErrorType.OMISSION else parts:
        syllables.append(_syllable(syllables[-1].end if syllables else start, part))
    end = syllables[-1].end if syllables else start + PHONE_SECONDS
    return Word(
        text, spoken, at, at + len(text), start, end, accuracy, error, tuple(syllables), stress, total, *heard
    )


def _assessment(
    parts: list[WordFacts],
    tail: float,
    scores: Scores,
    quality: RecordingQuality,
    model: ModelInfo,
    fluency: Fluency,
    prosody: Prosody,
    confidence: Confidence,
    problems: list[Problem],
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
    return Assessment(
        text=" ".join(word.text for word in words),
        duration=now + tail,
        scores=scores,
        words=tuple(words),
        pauses=tuple(pauses),
        quality=quality,
        model=model,
        fluency=fluency,
        prosody=prosody,
        confidence=confidence,
        problems=tuple(problems),
        notices=tuple(notices),
    )


def _candidates(phones: list[str], probability: float) -> tuple[Candidate, ...]:
    """Halve the probability from each phone to the next: together they stay below 1."""
    return tuple(Candidate(phone, probability / 2 ** (rank + 1)) for rank, phone in enumerate(phones))


_scores = st.floats(0, 100)
_optional_scores = st.none() | _scores
_shares = st.floats(0, 1)
_counts = st.integers(0, 9)
_short_texts = st.text(max_size=6)
_names = st.text(min_size=1, max_size=6)
_levels = st.floats(-90, 0)
_plain_phones = st.sampled_from(VOWELS + CONSONANTS)
_heard_phones = _plain_phones | st.just(NO_PHONE)
_phones: st.SearchStrategy[PhoneFacts] = st.tuples(
    st.sampled_from(CONSONANTS + [vowel + stress for vowel in VOWELS for stress in "012"]),
    st.floats(0.01, 0.6),
    _scores,
    st.floats(-30, 0),
    st.sampled_from(Verdict),
    st.builds(_candidates, st.lists(_heard_phones, max_size=6, unique=True), _shares),
)
_syllables = st.tuples(_scores, st.lists(_phones, min_size=1, max_size=3))
_heard: st.SearchStrategy[Heard] = st.tuples(
    st.none() | st.builds(LexicalStress, st.integers(0, 1), st.integers(0, 1), _shares, st.booleans()),
    st.none() | st.builds(WordBreak, st.floats(0, 2), _shares, _shares),
    st.lists(_plain_phones, max_size=5).map(tuple),
)
_words: st.SearchStrategy[WordFacts] = st.tuples(
    _names,
    _names,
    st.sampled_from(ErrorType),
    st.lists(_syllables, min_size=1, max_size=2),
    st.tuples(_scores, _optional_scores, _optional_scores),
    _heard,
    st.just(0.0) | st.floats(0.02, 2),
)
_fluency = st.builds(
    Fluency,
    speech_rate=st.floats(0, 9),
    articulation_rate=st.floats(0, 9),
    phonation_time_ratio=_shares,
    silent_pauses=_counts,
    mean_pause=st.floats(0, 3),
    mean_length_of_run=st.floats(0, 40),
    filled_pauses=_counts,
    hesitations=_counts,
    repetitions=_counts,
)
_prosody = st.builds(
    Prosody,
    pitch_median=st.none() | st.floats(60, 500),
    pitch_range=st.none() | st.floats(0, 30),
    pitch_deviation=st.none() | st.floats(0, 9),
    pitch_slope=st.none() | st.floats(-20, 20),
    final_slope=st.none() | st.floats(-50, 50),
    loudness_range=st.floats(0, 40),
    vowel_duration=st.floats(0, 1),
    vowel_variability=st.none() | st.floats(0, 200),
    monotone=_shares,
)
_problems = st.builds(
    Problem,
    kind=_names,
    message=_short_texts,
    tip=_short_texts,
    words=st.just(()),
    expected=_heard_phones | st.just(""),
    heard=_heard_phones | st.just(""),
    cost=_scores,
    confidence=_shares,
    pair=st.lists(_names, max_size=2).map(tuple),
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
            clipped=_shares,
            snr_db=st.none() | st.floats(-10, 80),
            speech_seconds=st.floats(0, 60),
            bandwidth_hz=st.floats(0, 8000),
        ),
        st.builds(ModelInfo, _short_texts, _short_texts, _short_texts),
        _fluency,
        _prosody,
        st.builds(Confidence, _shares, st.lists(_short_texts, max_size=2).map(tuple)),
        st.lists(_problems, max_size=3),
        st.lists(st.builds(Notice, _short_texts, _short_texts), max_size=2),
    )
