"""Articulation tips: which one is chosen, how one is composed, and what all of them must be."""

from __future__ import annotations

import itertools
import re
import shutil
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import ElocuteError
from assessment.lexicon import Lexicon
from assessment.phones import FEATURES, PHONES, base, is_phone
from assessment.resources import resource
from assessment.results import NO_PHONE, ErrorType
from assessment.tips import POSITIONS, Tip, Tips, TipsError, phone_tip, topic_tip

FOLDER = resource("tips", "en-US")
CONFUSION_FILES = ("consonants.toml", "vowels.toml", "left_out.toml", "added.toml")
TOPICS = (
    *("stress-wrong-syllable", "stress-flat", "unexpected-break", "missing-break", "monotone", "too-fast"),
    *("too-slow", "many-pauses", "filled-pauses", "omission", "insertion", "repetition", "quiet-ending"),
    *("word", "text"),
)
LONGEST = 320
BODY = re.compile(r"\b(tongues?|lips?|jaw|teeth|gums|mouth|nose|throat|voice|air|breath|breathe|hum)\b")
JARGON = re.compile(
    r"alveol|fricativ|plosiv|affricat|approximant|\bnasal|\blateral|obstruent|sonorant|\bvoiced|unvoiced"
    r"|voiceless|voicing|devoic|velum|\bvelar|palat|uvula|glott|laryn|pharyn|labial|labio|dental|retroflex"
    r"|rhotic|diphthong|monophthong|schwa|phone\b|phonem|phonetic|aspirat|articulat|epenthe|\bcoda\b|onset"
    r"|syllabic|cluster|unrounded|arpabet|\bipa\b|[/\[\]{}]",
    re.IGNORECASE,
)

phones = st.sampled_from((*PHONES, "AH0", "AE1", "ER0"))
heard_phones = st.sampled_from((*PHONES, NO_PHONE))
positions = st.sampled_from((*POSITIONS, None))

Written = tuple[str, str, str | None, dict[str, Any]]


def written() -> Iterator[Written]:
    """Yield expected phone, heard phone, position and entry of each tip in the files of confusions."""
    for name in CONFUSION_FILES:
        for expected, confusions in toml(name).items():
            for heard, entry in confusions.items():
                places = {
                    position: entry[position] for position in entry if isinstance(entry[position], dict)
                }
                if len(places) < len(entry):
                    yield expected, heard, None, entry
                for position, part in places.items():
                    yield expected, heard, position, part


def toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


def every_confusion() -> Iterator[tuple[str, str]]:
    for expected, heard in itertools.product((*PHONES, NO_PHONE), repeat=2):
        if expected != heard:
            yield expected, heard


WRITTEN = list(written())
KEYS = [(expected, heard, position) for expected, heard, position, _ in WRITTEN]


@pytest.fixture(scope="module")
def lexicon() -> Lexicon:
    return Lexicon.load()


# --- which tip is chosen ------------------------------------------------------------------------


def test_tip_written_for_a_confusion_is_the_one_that_is_given() -> None:
    for expected, heard, position, entry in WRITTEN:
        tip = phone_tip(expected, heard, position)
        assert tip.instruction == " ".join(entry["tip"].split())
        assert tip.pair == tuple(entry.get("pair", [entry.get("example")]))


def test_tip_for_one_position_is_not_given_at_another() -> None:
    final = phone_tip("Z", "S", "final")
    assert final.pair == ("prize", "price")
    assert phone_tip("Z", "S", "initial") == phone_tip("Z", "S", "medial") == phone_tip("Z", "S") != final


def test_tip_for_one_position_only_leaves_the_others_to_the_features() -> None:
    assert phone_tip("T", "-", "final").pair == ("seat", "see")
    assert phone_tip("T", "-", "initial").instruction.endswith(phone_tip("T").instruction)
    assert phone_tip("T", "-").instruction.endswith(phone_tip("T").instruction)


@pytest.mark.parametrize("phone", [*PHONES, "AH0"])
def test_phone_alone_or_heard_as_itself_gets_its_general_tip(phone: str) -> None:
    entry = toml("phones.toml")[phone]
    general = Tip(" ".join(entry["tip"].split()), (entry["example"],))
    assert phone_tip(phone) == phone_tip(phone, base(phone)) == phone_tip(phone, phone, "final") == general


@given(phones, heard_phones, positions)
def test_stress_of_the_heard_phone_changes_nothing(expected: str, heard: str, position: str | None) -> None:
    stressed = f"{heard}1" if is_phone(f"{heard}1") else heard
    assert phone_tip(expected, stressed, position) == phone_tip(expected, heard, position)


def test_stress_of_the_expected_phone_matters_only_for_the_weak_vowel() -> None:
    assert phone_tip("AE1", "EH") == phone_tip("AE0", "EH") == phone_tip("AE", "EH")
    assert phone_tip("AH1", "OW") == phone_tip("AH", "OW")
    assert "weak" in phone_tip("AH0", "OW").instruction
    assert "weak" not in phone_tip("AH", "OW").instruction


def test_weak_vowel_without_a_tip_of_its_own_gets_that_of_its_phone() -> None:
    assert phone_tip("AH0", "-", "final") == phone_tip("AH", "-", "final")


@pytest.mark.parametrize("bad", ["", "XX", "th", "SIL", "T0", "AH3", "AA1 B"])
def test_what_is_no_phone_is_refused_by_name(bad: str) -> None:
    with pytest.raises(ValueError, match=re.escape(repr(bad))):
        phone_tip(bad)
    with pytest.raises(ValueError, match=re.escape(repr(bad))):
        phone_tip("T", bad)


@pytest.mark.parametrize("heard", [None, NO_PHONE])
def test_no_phone_in_place_of_no_phone_is_refused(heard: str | None) -> None:
    with pytest.raises(ValueError, match="'-'"):
        phone_tip(NO_PHONE, heard)


def test_unknown_position_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'middle'"):
        phone_tip("T", "D", "middle")


def test_unknown_topic_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="'posture'"):
        topic_tip("posture")


# --- tips that nobody wrote ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("expected", "heard", "difference"),
    [
        ("M", "P", ["voice is on", "through your nose"]),
        ("P", "M", ["voice is off", "the air stops"]),
        ("B", "D", ["both lips"]),
        ("N", "B", ["front of your tongue", "through your nose"]),
        ("S", "F", ["front of your tongue"]),
        ("K", "P", ["back of your tongue"]),
        ("TH", "HH", ["between your teeth"]),
        ("L", "NG", ["front of your tongue", "sides of your tongue"]),
        ("CH", "F", ["behind the ridge", "stops and then rushes"]),
        ("Z", "B", ["rushes on"]),
        ("W", "N", ["round lips", "without a stop"]),
        ("AE", "UW", ["lips are loose", "tongue and jaw are lower", "farther forward"]),
        ("UW", "AE", ["lips are round", "tongue is higher", "farther back"]),
        ("UH", "ER", ["lies flat with no r", "lips are round"]),
        ("OY", "UH", ["slides up at the end"]),
        ("AW", "IY", ["slide into a circle"]),
        ("IY", "OY", ["holds still"]),
        ("T", "AA", ["for a consonant"]),
        ("AA", "T", ["for a vowel"]),
    ],
)
def test_composed_tip_names_what_differs_then_tells_how_the_phone_is_made(
    expected: str, heard: str, difference: list[str]
) -> None:
    instruction = phone_tip(expected, heard).instruction
    assert instruction.endswith(phone_tip(expected).instruction)
    assert toml("phones.toml")[heard]["example"] in instruction
    lead = instruction.removesuffix(phone_tip(expected).instruction)
    assert [words for words in difference if words not in lead] == []


def composed() -> Iterator[tuple[str, str]]:
    keys = {(expected, heard) for expected, heard, _ in KEYS}
    return (pair for pair in every_confusion() if NO_PHONE not in pair and pair not in keys)


def test_composed_tip_speaks_of_the_voice_just_when_voicing_differs() -> None:
    for expected, heard in composed():
        wanted, got = FEATURES[expected], FEATURES[heard]
        lead = phone_tip(expected, heard).instruction.removesuffix(phone_tip(expected).instruction)
        differs = wanted.kind == got.kind and wanted.voiced != got.voiced
        assert ("your voice is" in lead) == differs, (expected, heard)


def test_composed_tip_for_an_added_phone_names_it_and_what_to_keep_still() -> None:
    instruction = phone_tip("-", "V").instruction
    assert "the v of “van”" in instruction
    assert "lip" in instruction
    assert "mouth" in phone_tip("-", "AW").instruction


def test_composed_tip_for_a_phone_left_out_says_where_it_belongs() -> None:
    texts = [phone_tip("UW", "-", position).instruction for position in (*POSITIONS, None)]
    assert ["beginning" in texts[0], "inside" in texts[1], "end" in texts[2]] == [True, True, True]
    assert len(set(texts)) == 4


# --- what all tips must be ----------------------------------------------------------------------


def all_tips() -> Iterator[tuple[object, Tip]]:
    for expected, heard in every_confusion():
        for position in (*POSITIONS, None):
            yield (expected, heard, position), phone_tip(expected, heard, position)
    for expected, heard in itertools.product(["AH0"], (*PHONES, NO_PHONE)):
        yield (expected, heard), phone_tip(expected, heard)
    for phone in PHONES:
        yield phone, phone_tip(phone)


def test_every_tip_names_something_of_the_mouth_or_the_voice() -> None:
    assert [key for key, tip in all_tips() if not BODY.search(tip.instruction.lower())] == []


def test_no_tip_is_too_long() -> None:
    topics = ((topic, topic_tip(topic)) for topic in TOPICS)
    tips = itertools.chain(all_tips(), topics)
    assert [(key, len(tip.instruction)) for key, tip in tips if len(tip.instruction) > LONGEST] == []


def test_general_tips_are_one_to_three_short_sentences() -> None:
    for phone in PHONES:
        sentences = re.split(r"(?<=\.)\s", phone_tip(phone).instruction)
        assert len(sentences) <= 3, phone
        assert max(len(sentence.split()) for sentence in sentences) <= 24, phone


def test_no_tip_uses_a_word_of_phonetics() -> None:
    texts = {tip.instruction for _, tip in all_tips()} | {topic_tip(topic).instruction for topic in TOPICS}
    assert [(text, found[0]) for text in texts if (found := JARGON.search(text))] == []


def test_every_tip_is_whole_sentences_on_one_line() -> None:
    for key, tip in all_tips():
        assert re.fullmatch(r"[A-Z“][^\n]*[.”]", tip.instruction), key
        assert "  " not in tip.instruction, key


def test_no_two_confusions_have_the_same_tip() -> None:
    seen: dict[str, object] = {}
    for expected, heard in every_confusion():
        instruction = phone_tip(expected, heard).instruction
        assert instruction not in seen, (expected, heard, seen.get(instruction))
        seen[instruction] = (expected, heard)
    texts = [" ".join(entry["tip"].split()) for *_, entry in WRITTEN]
    assert len(set(texts)) == len(texts)


def test_there_are_tips_for_the_frequent_confusions() -> None:
    frequent = """
        TH:S TH:F TH:T DH:D DH:Z DH:V V:W V:B V:F W:V R:L R:W L:R L:N L:W N:L N:NG NG:N M:N Z:S S:SH S:TH S:Z
        SH:S SH:CH ZH:SH ZH:JH ZH:Z ZH:R CH:SH CH:S CH:T JH:CH JH:ZH JH:Z JH:Y B:P B:V P:B P:F D:T T:D G:K
        K:G HH:- HH:F Y:JH IH:IY IY:IH EH:AE AE:EH AH:AA AA:AH AE:AA AE:AH UH:UW UW:UH AO:OW OW:AO EY:EH
        AY:AE AY:AA AW:AA AW:AO OY:AO OY:AY ER:AO ER:AA ER:AH ER:EH AH:OW AH:IH AH0:AA AH0:OW AH0:IY AH0:AE
        -:AH -:IH -:G.medial -:AH.final -:AH.medial -:IH.initial -:EH.initial R:-.final L:-.final
        T:-.final D:-.final K:-.final G:-.final P:-.final B:-.final S:-.final Z:-.final N:-.final M:-.final
        NG:-.final M:N.final L:W.final Z:S.final
    """
    keys = {f"{expected}:{heard}{f'.{position}' if position else ''}" for expected, heard, position in KEYS}
    assert set(frequent.split()) - keys == set()
    assert len(KEYS) >= 110


def test_keys_of_the_files_are_phones_and_stand_in_the_right_file() -> None:
    belongs: dict[str, Callable[[str, str], bool]] = {
        "consonants.toml": lambda e, h: FEATURES[base(e)].kind == "consonant" and h in PHONES,
        "vowels.toml": lambda e, h: FEATURES[base(e)].kind == "vowel" and h in PHONES,
        "left_out.toml": lambda e, h: is_phone(e) and h == NO_PHONE,
        "added.toml": lambda e, h: e == NO_PHONE and h in PHONES,
    }
    for name, is_right in belongs.items():
        for expected, confusions in toml(name).items():
            assert [(name, expected, heard) for heard in confusions if not is_right(expected, heard)] == []
    assert {position for _, _, position in KEYS} == {None, *POSITIONS}
    assert set(toml("phones.toml")) == {*PHONES, "AH0"}


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_has_a_tip(topic: str) -> None:
    assert len(topic_tip(topic).instruction.split()) >= 15


def test_every_error_of_a_word_is_a_topic_unless_it_is_one_of_phones() -> None:
    for error in set(ErrorType) - {ErrorType.NONE, ErrorType.MISPRONUNCIATION}:
        assert topic_tip(error).instruction


# --- words to practise --------------------------------------------------------------------------


def is_contrast(
    first: tuple[str, ...], second: tuple[str, ...], expected: str, heard: str, place: int
) -> bool:
    """Tell whether two words differ just in that one has the expected phone here and the other the heard."""
    wanted = () if expected == NO_PHONE else (expected,)
    got = () if heard == NO_PHONE else (heard,)
    here, there = first[place : place + len(wanted)], second[place : place + len(got)]
    return (
        first[:place] == second[:place]
        and first[place + len(wanted) :] == second[place + len(got) :]
        and tuple(phone if phone == expected else base(phone) for phone in here) == wanted
        and tuple(map(base, there)) == got
    )


def place_name(place: int, length: int) -> str:
    return "initial" if place == 0 else "final" if place == length - 1 else "medial"


PAIRS = [entry for entry in WRITTEN if "pair" in entry[3]]
EXAMPLES = [entry for entry in WRITTEN if "pair" not in entry[3]]


@pytest.mark.parametrize(
    ("expected", "heard", "position", "entry"), PAIRS, ids=["-".join(entry[3]["pair"]) for entry in PAIRS]
)
def test_pairs_differ_in_just_the_two_phones(
    expected: str, heard: str, position: str | None, entry: dict[str, Any], lexicon: Lexicon
) -> None:
    assert [lexicon.source(word) for word in entry["pair"]] == ["dictionary", "dictionary"]
    first, second = (lexicon.pronunciations(word)[0] for word in entry["pair"])
    length = max(len(first), len(second))
    places = [place for place in range(length) if is_contrast(first, second, expected, heard, place)]
    assert places, (first, second)
    assert position is None or position in {place_name(place, length) for place in places}


@pytest.mark.parametrize(
    ("expected", "heard", "position", "entry"), EXAMPLES, ids=[entry[3]["example"] for entry in EXAMPLES]
)
def test_example_has_the_expected_phone_where_it_belongs(
    expected: str, heard: str, position: str | None, entry: dict[str, Any], lexicon: Lexicon
) -> None:
    assert lexicon.source(entry["example"]) == "dictionary"
    word = lexicon.pronunciations(entry["example"])[0]
    if expected == NO_PHONE:
        assert heard not in map(base, word)
    else:
        places = [
            place_name(place, len(word))
            for place, phone in enumerate(word)
            if expected in (phone, base(phone))
        ]
        assert places
        assert position is None or position in places


def test_example_of_a_phone_has_it_as_it_is_spelled(lexicon: Lexicon) -> None:
    for phone, entry in toml("phones.toml").items():
        word = lexicon.pronunciations(entry["example"])[0]
        assert phone in word or phone in map(base, word), phone
        assert entry["spelled"] in entry["example"], phone


# --- the files ----------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(FOLDER, tmp_path / "tips"))


def uses(name: str) -> Callable[[Tips], Tip]:
    """Return something that needs a file."""
    return {
        "phones.toml": lambda tips: tips.phone("TH"),
        "consonants.toml": lambda tips: tips.phone("TH", "S"),
        "vowels.toml": lambda tips: tips.phone("IH", "IY"),
        "left_out.toml": lambda tips: tips.phone("T", "-", "final"),
        "added.toml": lambda tips: tips.phone("-", "AH"),
        "features.toml": lambda tips: tips.phone("B", "K"),
        "topics.toml": lambda tips: tips.topic("monotone"),
    }[name]


FILES = ("phones.toml", *CONFUSION_FILES, "features.toml", "topics.toml")
DAMAGE = {
    "empty key": b"= 1",
    "no UTF-8": b"\xff\xfe",
    "a value for a table": b"TH = 1\nIH = 1\nT = 1\n- = 1\nplace = 1\nmonotone = 1\n",
    "no text": b"[TH]\nS.tip = 1\n[IH]\nIY.tip = 1\n[T]\n-.tip = 1\n[-]\nAH.tip = 1\n[monotone]\ntip = 1\n",
}


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("damage", DAMAGE)
def test_damaged_file_is_reported_by_its_name(folder: Path, name: str, damage: str) -> None:
    (folder / name).write_bytes(DAMAGE[damage])
    with pytest.raises(TipsError, match=rf"{re.escape(name)}.*Install Elocute again"):
        uses(name)(Tips(folder))


@pytest.mark.parametrize("name", FILES)
def test_missing_file_is_reported_by_its_name(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(ElocuteError, match=re.escape(name)):
        uses(name)(Tips(folder))


def test_missing_phone_and_missing_phrase_are_reported(folder: Path) -> None:
    text = (folder / "phones.toml").read_text(encoding="utf-8")
    (folder / "phones.toml").write_text(text[: text.index("[Z]")], encoding="utf-8")
    with pytest.raises(TipsError, match="lacks Z, ZH"):
        Tips(folder).phone("T")
    text = (FOLDER / "features.toml").read_text(encoding="utf-8")
    (folder / "features.toml").write_text(text.replace("bilabial", "bilabials"), encoding="utf-8")
    shutil.copy(FOLDER / "phones.toml", folder)
    with pytest.raises(TipsError, match=r'"bilabial" of \[place\]'):
        Tips(folder).phone("B", "K")


def test_file_is_read_once_and_only_when_it_is_needed(folder: Path) -> None:
    (folder / "vowels.toml").write_bytes(b"= 1")
    tips = Tips(folder)
    before = tips.phone("TH", "S")
    for path in folder.iterdir():
        path.unlink()
    assert tips.phone("TH", "S") == before
