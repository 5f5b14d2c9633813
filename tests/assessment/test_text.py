"""A reference text: its words, their spans, its sentences and paragraphs, its pauses, what it refuses."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assessment.errors import TextError
from assessment.text import MAX_WORDS, ReferenceText

PIECES = """
    a A I Mr. Dr. St. 1 12 1999 2024 3:30 7 p.m. $5 £2m 1/2 0/0 ½ % & @ # + = -5 – — 's ' n 'n' USA U.S. e.g.
    x ² ³ é ß 你 п ə ˈ 😀 :D <3 xD http:// www. .com a@b.c 5km m² II IV I. A. a) 1) • * ( ) [ ] " . , ; : ! ?
    … 99:99 13/13/13 2024-13-40 1st 0th 00 007 007s '00 555-1234 +44 ^2 √ ~ < > / // w/ w/o °C ° 1,234 1,23 .5
    1.2.3 Jan. Sat. May 5 goin' rock'n'roll students' HELLO McX $1-2 K/k
""".split()
CONTROLS = [" ", "\n", "\r\n", "\t", "\u200b", "\u00ad", "\u0301", "\ue000", "\u00a0"]

pieces = st.sampled_from([*PIECES, *CONTROLS])
texts = st.one_of(
    st.text(),
    st.text(alphabet=st.characters(codec="ascii")),
    st.lists(pieces, max_size=12).map("".join),
    st.lists(pieces, max_size=12).map(" ".join),
)


def breaks(written: str) -> str:
    """Return what is spoken, with a comma at each minor break and a bar at each major one."""
    marks = {"": "", "minor": ",", "major": " |"}
    return " ".join(word.spoken + marks[word.break_after] for word in ReferenceText.parse(written).words)


def sentences(written: str) -> list[str]:
    """Return the sentences of a text as they are displayed."""
    return [written[start:end] for start, end in ReferenceText.parse(written).sentences]


def test_words_point_to_the_characters_they_are_read_from() -> None:
    text = ReferenceText.parse("Mark is 25, isn’t he?")
    assert [(word.spoken, text.display(word)) for word in text.words] == [
        ("mark", "Mark"),
        ("is", "is"),
        ("twenty", "25"),
        ("five", "25"),
        ("isn't", "isn’t"),
        ("he", "he"),
    ]


def test_the_text_is_kept_as_it_was_given() -> None:
    written = "  Ｆｕｌｌ\r\n cafe\u0301 \u200bso\u00adft "
    text = ReferenceText.parse(written)
    assert text.text == written
    assert [text.display(word) for word in text.words] == ["Ｆｕｌｌ", "cafe\u0301", "so\u00adft"]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Yes, I do.", "yes, i do |"),
        ("Run - now — or, well: stay; (please) go", "run, now, or, well, stay, please, go |"),
        ("Stop! Why? Because.", "stop | why | because |"),
        ("Well... maybe… no", "well | maybe | no |"),
        ("well-known and/or", "well known and or |"),
        ('He said "hello" to me', "he said hello to me |"),
        ("It cost 25, not 30.", "it cost twenty five, not thirty |"),
        ("We met Mr. Lee at 5 p.m. today.", "we met mister lee at five p m today |"),
        ("• One apple\n• Two pears", "one apple | two pears |"),
        ("1. Listen\n2. Read aloud", "one, listen | two, read aloud |"),
        ("a) red\nb) blue", "a, red | b, blue |"),
        ("My Day\nI get up.", "my day, i get up |"),
        ("I saw the old\nelephant.", "i saw the old elephant |"),
        ("I saw Mr.\nLee.", "i saw mister lee |"),
        ("One line\n\nAnother", "one line | another |"),
    ],
)
def test_punctuation_calls_for_breaks(written: str, expected: str) -> None:
    assert breaks(written) == expected


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("Mr. Lee left. She stayed.", ["Mr. Lee left.", "She stayed."]),
        ("The U.S. Army won. It paid 3.50 for it.", ["The U.S. Army won.", "It paid 3.50 for it."]),
        ("J. K. Rowling wrote it. So did E. Nesbit.", ["J. K. Rowling wrote it.", "So did E. Nesbit."]),
        ("I live in the U.S. It is big.", ["I live in the U.S.", "It is big."]),
        ("We had cats, dogs, etc. Mark left.", ["We had cats, dogs, etc.", "Mark left."]),
        ("Come at 5 p.m. Mark will wait.", ["Come at 5 p.m.", "Mark will wait."]),
        ("Come at 5 p.m. Monday or so.", ["Come at 5 p.m. Monday or so."]),
        ("Take vitamin C. Dogs do not.", ["Take vitamin C.", "Dogs do not."]),
        ('"Stop!" he said. "Go!"', ['"Stop!" he said.', '"Go!"']),
        ("He left... and came back. Then?", ["He left... and came back.", "Then?"]),
        ("i like dogs. they are nice.", ["i like dogs.", "they are nice."]),
        ("She lives on Main St. The house is old.", ["She lives on Main St.", "The house is old."]),
        ("Ask Mr. So about it.", ["Ask Mr. So about it."]),
        ("  One.\n\nTwo  ", ["One.", "Two"]),
    ],
)
def test_sentences_end_where_they_should(written: str, expected: list[str]) -> None:
    assert sentences(written) == expected


def test_paragraphs_are_counted() -> None:
    words = ReferenceText.parse("Title\n\nOne line that\nwraps here.\nNew one.\n- item\n- item").words
    assert [(word.spoken, word.paragraph) for word in words] == [
        ("title", 0),
        *((word, 1) for word in ("one", "line", "that", "wraps", "here")),
        *((word, 2) for word in ("new", "one")),
        ("item", 3),
        ("item", 4),
    ]


def test_words_that_cannot_be_read_as_english_are_skipped_and_flagged() -> None:
    text = ReferenceText.parse("Hello 你好 world, привет :D and /ˈæpəl/.")
    assert [word.spoken for word in text.words] == ["hello", "world", "and"]
    assert [text.text[start:end] for start, end in text.skipped] == ["你好", "привет", ":D", "ˈæpəl"]


def test_a_word_beside_another_script_is_still_read() -> None:
    text = ReferenceText.parse("我用iPhone手机")
    assert [text.display(word) for word in text.words] == ["i", "Phone"]
    assert len(text.skipped) == 2


def test_letters_that_go_on_for_ever_are_skipped() -> None:
    text = ReferenceText.parse("so " + "o" * 200)
    assert [word.spoken for word in text.words] == ["so"]
    assert text.skipped == ((3, 203),)


@pytest.mark.parametrize("written", ["", " \n\t ", "\u200b\ufeff", "\ud800"])
def test_an_empty_text_is_refused(written: str) -> None:
    with pytest.raises(TextError, match="text is empty"):
        ReferenceText.parse(written)


@pytest.mark.parametrize("written", ["😀", "... --- !!!", "²", "@@@"])
def test_a_text_of_symbols_is_refused(written: str) -> None:
    with pytest.raises(TextError, match=f"“{re.escape(written)}” has no word"):
        ReferenceText.parse(written)


@pytest.mark.parametrize(
    ("written", "script"),
    [
        ("你好，世界。", "Chinese characters"),
        ("Привет, мир!", "the Cyrillic alphabet"),
        ("こんにちは世界", "Japanese characters"),
        ("/ˈɛ/", "phonetic symbols"),
    ],
)
def test_a_text_in_another_script_is_refused_with_its_name(written: str, script: str) -> None:
    with pytest.raises(TextError, match=f"written in {script}; Elocute reads English"):
        ReferenceText.parse(written)


def test_a_long_quotation_in_a_message_is_cut() -> None:
    with pytest.raises(TextError, match=r"“!{40}…”"):
        ReferenceText.parse("!" * 1000)


def test_the_number_of_words_is_limited() -> None:
    assert len(ReferenceText.parse("word " * MAX_WORDS).words) == MAX_WORDS
    with pytest.raises(TextError, match="more than 20,000 words: split it"):
        ReferenceText.parse("word " * (MAX_WORDS + 1))


@given(texts)
@example("0:²0")
@example("\ud800\ue0001")
def test_any_text_is_read_or_refused(written: str) -> None:
    try:
        text = ReferenceText.parse(written)
    except TextError:
        return
    spans = [(word.start, word.end) for word in text.words]
    assert all(0 <= start < end <= len(written) for start, end in spans)
    assert spans == sorted(spans)
    assert [end for _, end in spans] == sorted(end for _, end in spans)
    assert all(re.fullmatch("[a-z']*[a-z][a-z']*", word.spoken) for word in text.words)
    assert all(len(word.spoken) == 1 for word in text.words if word.is_letter)


@given(texts)
def test_no_letter_or_digit_is_passed_over(written: str) -> None:
    try:
        text = ReferenceText.parse(written)
    except TextError:
        return
    covered = {
        index
        for start, end in [*((word.start, word.end) for word in text.words), *text.skipped]
        for index in range(start, end)
    }
    left = "".join(character for index, character in enumerate(written) if index not in covered)
    assert not re.search("[A-Za-z0-9]", left)


@given(texts)
def test_sentences_and_paragraphs_are_numbered_without_gaps(written: str) -> None:
    try:
        text = ReferenceText.parse(written)
    except TextError:
        return
    assert list(dict.fromkeys(word.sentence for word in text.words)) == list(range(len(text.sentences)))
    paragraphs = list(dict.fromkeys(word.paragraph for word in text.words))
    assert paragraphs == list(range(len(paragraphs)))
    assert text.words[-1].break_after == "major"


@pytest.mark.parametrize(
    "unit",
    [
        "Aged 25, he jumped $3.50 over Mr. Smith's lazy dog on May 5. ",
        *(
            "a.",
            "a@",
            "1,",
            "1-",
            "1/",
            "-",
            ".",
            "\n ",
            "AB ",
            "'",
            "http://",
            "a-",
            "你a",
            "\u0301",
            "x1",
            " ",
        ),
    ],
)
@pytest.mark.timeout(20)
def test_long_texts_of_any_shape_are_read_to_the_end(unit: str) -> None:
    """A pattern that backtracks would take hours here, and run into the time limit."""
    written = unit * (8_000 // len(unit))
    with suppress(TextError):  # some of them hold nothing to read
        words = ReferenceText.parse(written).words
        assert words[-1].end > len(written) - 2 * len(unit) - 2
