"""Numbers, years, ordinals, fractions, ranges and telephone numbers as they are read aloud."""

from __future__ import annotations

import pytest

from assessment.text import ReferenceText
from assessment.text_numbers import cardinal, digit_by_digit, number_words, ordinal, two_digits, year


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("0", "zero"),
        ("7", "seven"),
        ("25", "twenty five"),
        ("123", "one hundred twenty three"),
        ("1,234,567", "one million two hundred thirty four thousand five hundred sixty seven"),
        ("1,00,000", "one hundred thousand"),
        ("12000", "twelve thousand"),
        ("3.14", "three point one four"),
        ("100,000.50", "one hundred thousand point five zero"),
        ("15.5", "fifteen point five"),
        ("b.000", "b point zero zero zero"),
        (".75", "point seven five"),
        ("-5", "minus five"),
        ("−7", "minus seven"),
        ("It fell to -12 today.", "it fell to minus twelve today"),
        ("007", "zero zero seven"),
        (
            "12345678901234567",
            "one two three four five six seven eight nine zero one two three four five six seven",
        ),
        ("3.5.1", "three point five point one"),
        ("1999", "nineteen ninety nine"),
        ("2005", "two thousand five"),
        ("2024", "twenty twenty four"),
        ("1905", "nineteen oh five"),
        ("1900", "nineteen hundred"),
        ("in 1066", "in ten sixty six"),
        ("1066 ships", "one thousand sixty six ships"),
        ("2024 students", "two thousand twenty four students"),
        ("In 2024 students protested.", "in twenty twenty four students protested"),
        ("2010s", "twenty tens"),
        ("the 1990s", "the nineteen nineties"),
        ("the 1800s", "the eighteen hundreds"),
        ("the 2000s", "the two thousands"),
        ("'90s", "nineties"),
        ("the ’60s", "the sixties"),
        ("the 80's", "the eighties"),
        ("class of '05", "class of oh five"),
        ("1st", "first"),
        ("22nd", "twenty second"),
        ("21st", "twenty first"),
        ("101st", "one hundred first"),
        ("1,000th", "one thousandth"),
        ("the 19ᵗʰ", "the nineteenth"),
        ("1/2", "one half"),
        ("3/4", "three quarters"),
        ("2/3", "two thirds"),
        ("7/8", "seven eighths"),
        ("1/20", "one twentieth"),
        ("3/100", "three one hundredths"),
        ("5/17", "five seventeenths"),
        ("3/50", "three over fifty"),
        ("½", "one half"),
        ("3½", "three and a half"),
        ("1 ¾", "one and three quarters"),
        ("2 1/2", "two and a half"),
        ("24/7", "twenty four seven"),
        ("9/11", "nine eleven"),
        ("5-10", "five to ten"),
        ("5 – 10", "five to ten"),
        ("1990–1995", "nineteen ninety to nineteen ninety five"),
        ("10 - 4 = 6", "ten minus four equals six"),
        ("from -5 to -10", "from minus five to minus ten"),
        ("2:1", "two to one"),
        ("555-1234", "five five five one two three four"),
        ("(555) 123-4567", "five five five one two three four five six seven"),
        ("555.123.4567", "five five five one two three four five six seven"),
        ("1-800-555-0199", "one eight zero zero five five five zero one nine nine"),
        ("1-800-FLOWERS", "one eight zero zero flowers"),
        ("+44 20 7946 0958", "plus four four two zero seven nine four six zero nine five eight"),
        ("100-1000", "one hundred to one thousand"),
        ("978-3-16-148410-0", "nine seven eight three one six one four eight four one zero zero"),
        ("10²", "ten squared"),
        ("5³", "five cubed"),
        ("10⁶", "ten to the sixth"),
        ("2^10", "two to the tenth"),
        ("10¹²", "ten to the twelfth"),
        ("5-year-old", "five year old"),
        ("２５", "twenty five"),
    ],
)
def test_reads_a_number(written: str, spoken: str) -> None:
    assert " ".join(word.spoken for word in ReferenceText.parse(written).words) == spoken


def test_a_raised_number_after_a_word_is_a_footnote_mark_and_is_not_read() -> None:
    words = ReferenceText.parse("The elephant² slept.³ Then it woke.").words
    assert [word.spoken for word in words] == ["the", "elephant", "slept", "then", "it", "woke"]


def test_words_of_numbers_leave_out_and() -> None:
    assert cardinal(1_101) == ("one", "thousand", "one", "hundred", "one")
    assert ordinal(1_101) == ("one", "thousand", "one", "hundred", "first")
    assert year(2_001) == ("two", "thousand", "one")


def test_digits_of_a_group_keep_their_zeros() -> None:
    assert digit_by_digit("0-10") == ("zero", "one", "zero")
    assert number_words("05") == ("zero", "five")
    assert two_digits("05") == ("oh", "five")
    assert two_digits("00") == ("oh", "oh")
    assert two_digits("50") == ("fifty",)
