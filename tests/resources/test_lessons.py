"""The lessons that ship: enough of each kind, read as they are written, about the sounds that they name."""

from __future__ import annotations

import re
from collections import Counter
from itertools import chain

import pytest

from app.library.lessons import FIRST, LANGUAGE, Item, Lesson
from app.library.packs import check_pack, read_pack
from app.library.shipped_lessons import shipped
from assessment.lexicon import Lexicon, Pronunciation
from assessment.phones import base, is_vowel, stress
from assessment.text import ReferenceText, ReferenceWord
from assessment.variants import FUNCTION_WORDS

LESSONS: dict[str, Lesson] = {name: read_pack(path).lesson for name, path in shipped().items()}
ITEMS = [
    pytest.param(name, item, id=f"{name}-{number}")
    for name, lesson in LESSONS.items()
    for number, item in enumerate(lesson.items, start=1)
]
TEXTS = [item.text for lesson in LESSONS.values() for item in lesson.items]
LEVELS = ("A1", "A2", "B1", "B2", "C1")
PAIR = re.compile(r"([\w']+), ([\w']+)\.")
# Pairs of words, one a sentence, and nothing else.
PAIRS = re.compile(rf"(?:{PAIR.pattern} ?){{3,}}")
# Contrasts that are difficult for many learners.
CONTRASTS = """IY-IH IH-EH EH-AE EY-EH AH-AA UW-UH ER-AH OW-AA L-R V-W B-V TH-S DH-Z TH-T DH-D TH-F S-SH SH-CH
    CH-JH JH-Y P-B T-D K-G S-Z F-V N-NG M-N P-T K-T P-K""".split()
LEXICON = Lexicon.load()


def pairs(item: Item) -> list[tuple[str, str]]:
    """The pairs of words that are to be told apart by the sounds of an item; none if it is a sentence."""
    return PAIR.findall(item.text.lower()) if item.focus and PAIRS.fullmatch(item.text) else []


MINIMAL = [pytest.param(item, id=item.text) for item in (each.values[1] for each in ITEMS) if pairs(item)]


def said(item: Item, word: ReferenceWord) -> Pronunciation:
    """The first way to say a word: the item's own, else that of the lexicon."""
    if own := item.pronunciations.get(word.spoken):
        return tuple(own[0].split())
    return LEXICON.pronunciations(word.spoken, is_letter=word.is_letter)[0]


def phones(item: Item) -> Counter[str]:
    """How often each phone is heard; vowels that are contrasted count where they are strong."""
    words = ReferenceText.parse(item.text).words
    is_contrast = len(item.focus) > 1
    return Counter(
        base(phone)
        for word in words
        for phone in said(item, word)
        if not (is_contrast and is_vowel(phone) and (not stress(phone) or word.spoken in FUNCTION_WORDS))
    )


def strong_syllables(word: str) -> set[int]:
    """Which syllables are the strongest, in some way to say a word."""
    ways = LEXICON.pronunciations(word.lower())
    syllables = ([stress(phone) for phone in way if is_vowel(phone)] for way in ways)
    return {place for each in syllables for place, strength in enumerate(each) if strength == 1}


def rows(name: str) -> list[list[str]]:
    """The items of a pack that are rows of at least three words."""
    found = (re.fullmatch(r"\w+(, \w+){2,}\.", item.text) for item in LESSONS[name].items)
    return [match[0].rstrip(".").split(", ") for match in found if match]


def test_there_are_enough_of_all_levels() -> None:
    assert len(LESSONS) >= 12
    assert len(TEXTS) >= 150
    assert {lesson.level for lesson in LESSONS.values()} == set(LEVELS)


@pytest.mark.parametrize(
    "name", ["word-stress", "sentence-stress", "weak-forms", "linking", "numbers-and-dates", FIRST]
)
def test_there_is_a_pack_of_each_kind(name: str) -> None:
    assert len(LESSONS[name].items) >= 10


@pytest.mark.parametrize("level", LEVELS)
def test_there_is_a_dialogue_of_each_level(level: str) -> None:
    (name,) = (each for each in LESSONS if each.startswith(f"dialogue-{level.lower()}-"))
    assert LESSONS[name].level == level
    assert len(LESSONS[name].items) >= 8


def test_there_are_three_stories_of_some_length() -> None:
    stories = [lesson for name, lesson in LESSONS.items() if name.startswith("story-")]
    assert len(stories) == 3
    assert all(8 <= len(story.items) <= 12 for story in stories)


@pytest.mark.parametrize("contrast", CONTRASTS)
def test_there_are_pairs_and_sentences_for_each_difficult_contrast(contrast: str) -> None:
    about = [
        item
        for item in chain.from_iterable(lesson.items for lesson in LESSONS.values())
        if set(item.focus) == set(contrast.split("-"))
    ]
    assert any(pairs(item) for item in about)
    assert any(not pairs(item) for item in about)


@pytest.mark.parametrize("name", LESSONS)
def test_a_pack_is_in_order_and_says_what_it_is_for(name: str) -> None:
    lesson = LESSONS[name]
    assert check_pack(shipped()[name]) == []
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert lesson.language == LANGUAGE
    assert lesson.licence == "GPL-3.0-or-later"
    assert lesson.description.endswith(".")
    assert not any(item.recording for item in lesson.items)


def test_no_title_and_no_text_is_there_twice() -> None:
    titles = [lesson.title for lesson in LESSONS.values()]
    plain = [" ".join(re.findall(r"[\w']+", text.lower())) for text in TEXTS]
    assert [each for each, times in Counter(titles + plain).items() if times > 1] == []


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_a_text_is_read_as_it_stands_from_words_that_are_known(name: str, item: Item) -> None:
    reference = ReferenceText.parse(item.text)
    assert reference.skipped == ()
    assert 1 <= len(reference.words) <= 60
    words = {word.spoken for word in reference.words if not word.is_letter} - set(item.pronunciations)
    assert [word for word in words if LEXICON.source(word) == "predicted"] == []
    assert not item.note or item.note.endswith(".")


@pytest.mark.parametrize(("name", "item"), ITEMS)
def test_the_sounds_that_a_text_is_about_are_heard_in_it(name: str, item: Item) -> None:
    counts = phones(item)
    least = 1 if name == FIRST else 2
    assert [phone for phone in item.focus if counts[phone] < least] == []


@pytest.mark.parametrize("item", MINIMAL)
def test_the_words_of_a_minimal_pair_differ_in_nothing_but_the_sounds_of_the_item(item: Item) -> None:
    for pair in pairs(item):
        one, other = (LEXICON.pronunciations(word) for word in pair)
        both = zip(map(base, one[0]), map(base, other[0]), strict=True)
        assert [(a, b) for a, b in both if a != b] == [item.focus], pair
        assert not set(one) & set(other), f"{pair} can be said alike"


@pytest.mark.parametrize("row", rows("word-stress"), ids=", ".join)
def test_the_words_of_a_row_are_strong_at_the_same_place(row: list[str]) -> None:
    assert len(set.union(*map(strong_syllables, row))) == 1


def test_the_stress_moves_in_a_family_of_words() -> None:
    assert len(rows("word-families")) >= 5
    for row in rows("word-families"):
        assert len(set.union(*map(strong_syllables, row))) > 1, row


def test_what_is_a_noun_and_a_verb_stands_in_one_sentence_and_can_be_said_both_ways() -> None:
    for item in LESSONS["nouns-and-verbs"].items:
        words = [word.spoken for word in ReferenceText.parse(item.text).words]
        both = {word for word in words if len(strong_syllables(word)) > 1}
        assert any(sum(each.startswith(word) for each in words) == 2 for word in both), item.text
