"""Abbreviations, addresses and symbols as they are read aloud."""

from __future__ import annotations

import pytest

from assessment.text import ReferenceText


def say(written: str) -> str:
    """Return what is spoken, names of letters in capitals."""
    words = ReferenceText.parse(written).words
    return " ".join(word.spoken.upper() if word.is_letter else word.spoken for word in words)


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Mr. and Mrs. Jones", "mister and missus jones"),
        ("Mr Jones", "mister jones"),
        ("MR. JONES", "mister jones"),
        ("Ms. Lee", "ms lee"),
        ("Dr. Lee", "doctor lee"),
        ("Prof. Xi", "professor xi"),
        ("Lt. Col. Smith", "lieutenant colonel smith"),
        ("Martin Luther King Jr. spoke.", "martin luther king junior spoke"),
        ("St. Louis", "saint louis"),
        ("St Mary's Church", "saint mary's church"),
        ("10 Main St. in town", "ten main street in town"),
        ("on 5th St. near Oak Ave. now", "on fifth street near oak avenue now"),
        ("42 Oak Dr. is mine", "forty two oak drive is mine"),
        ("Mt. Everest", "mount everest"),
        ("e.g. cats", "for example cats"),
        ("i.e., dogs", "that is dogs"),
        ("cats, etc.", "cats et cetera"),
        ("cats vs. dogs", "cats versus dogs"),
        ("No. 5", "number five"),
        ("No. It is.", "no it is"),
        ("p. 12 and pp. 5-9", "page twelve and pages five to nine"),
        ("fig. 3", "figure three"),
        ("I ate a fig.", "i ate a fig"),
        ("Acme Inc. and Sons Ltd.", "acme incorporated and sons limited"),
        ("approx. 5", "approximately five"),
        ("Jan. 5", "january fifth"),
        ("Her name is Jan. She left.", "her name is jan she left"),
        ("on Tues. and Thurs.", "on tuesday and thursday"),
        ("in the Sun. It is hot.", "in the sun it is hot"),
        ("OK, let's go.", "okay let's go"),
        ("the U.S. Army", "the U S army"),
        ("the U.S.A.", "the U S A"),
        ("the U.S.'s flag", "the U s's flag"),
        ("Sat 5 rows back", "sat five rows back"),
        ("a Ph.D. student", "a P H D student"),
        ("J. K. Rowling", "J K rowling"),
        ("J.R.R. Tolkien", "J R R tolkien"),
        ("a.k.a. Bob", "A K A bob"),
        ("44 B.C.", "forty four B C"),
        ("coffee w/ milk", "coffee with milk"),
        ("coffee w/o milk", "coffee without milk"),
        ("rock 'n' roll", "rock and roll"),
        ("rock’n’roll", "rock and roll"),
        ("'cause I said so", "'cause i said so"),
        ("'Tis late, get 'em.", "'tis late get 'em"),
        ("and/or", "and or"),
        ("salt & pepper", "salt and pepper"),
        ("AT&T", "at and T"),
        ("Q&A", "Q and A"),
        ("2 + 2 = 4", "two plus two equals four"),
        ("3 × 4", "three times four"),
        ("3 * 4", "three times four"),
        ("a 3x4 grid", "a three by four grid"),
        ("10 ÷ 2", "ten divided by two"),
        ("5 > 3", "five is greater than three"),
        ("x < y", "X is less than Y"),
        ("~5", "about five"),
        ("±2", "plus or minus two"),
        ("√16", "the square root of sixteen"),
        ("x²", "X squared"),
        ("#1 fan", "number one fan"),
        ("#Elephants", "hashtag elephants"),
        ("C# and C++", "C sharp and C plus plus"),
        ("a B+ grade", "a B plus grade"),
        ("60 words/minute", "sixty words per minute"),
        ("**bold** and _this_ ~~gone~~", "bold and this gone"),
        ("<b>bold</b>", "B bold B"),
        ("Dear ____, hello", "dear hello"),
        ("# Heading", "heading"),
        ("π and Δ", "pi and delta"),
        ("me@example.com", "me at example dot com"),
        ("john.smith99@my-mail.org", "john dot smith ninety nine at my dash mail dot org"),
        (
            "https://www.example.com/path?x=1",
            "W W W dot example dot com slash path question mark X equals one",
        ),
        ("Visit bbc.co.uk.", "visit B B C dot co dot U K"),
        ("the file report.pdf", "the file report dot P D F"),
        ("I love it 😀 very much ❤️!", "i love it very much"),
        ("Press 1️⃣ now", "press one now"),
        ("Acme™ © 2024", "acme twenty twenty four"),
        ("• apples • pears", "apples pears"),
    ],
)
def test_reads_abbreviations_and_symbols(written: str, spoken: str) -> None:
    assert say(written) == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        (
            "Dr. Martin Luther King Jr. was born on January 15, 1929, in Atlanta.",
            "doctor martin luther king junior was born on january fifteenth nineteen twenty nine in atlanta",
        ),
        (
            "In 2023, the company earned $4.5 billion, up 12% from 2022.",
            "in twenty twenty three the company earned four point five billion dollars up twelve percent "
            "from twenty twenty two",
        ),
        (
            "It's 5 o'clock; let's meet at 6:15 p.m. on Tues., Feb. 3rd.",
            "it's five o'clock let's meet at six fifteen P M on tuesday february third",
        ),
        (
            "Flight BA2490 leaves Gate B12 at 09:05.",
            "flight B A twenty four ninety leaves gate B twelve at nine oh five",
        ),
        (
            "Ages 5–12: $10; adults: $20. Call 1-800-555-0199!",
            "ages five to twelve ten dollars adults twenty dollars call one eight zero zero five five "
            "five zero one nine nine",
        ),
        (
            "The café's naïve maître d' served crème brûlée to Zoë and Søren.",
            "the cafe's naive maitre D served creme brulee to zoe and soren",
        ),
        (
            "He weighs 180 lbs and is 6 ft. tall. He ran 26.2 miles in 3:45:30.",
            "he weighs one hundred eighty pounds and is six feet tall he ran twenty six point two miles in "
            "three forty five thirty",
        ),
        (
            "He lives at 221B Baker St., London; she, at 1600 Pennsylvania Ave. NW.",
            "he lives at two hundred twenty one B baker street london she at sixteen hundred pennsylvania "
            "avenue N W",
        ),
    ],
)
def test_reads_whole_sentences(written: str, spoken: str) -> None:
    assert say(written) == spoken


def test_an_abbreviation_is_displayed_with_its_full_stop() -> None:
    text = ReferenceText.parse("Mr. Lee left the U.S. today.")
    assert [text.display(word) for word in text.words] == ["Mr.", "Lee", "left", "the", "U.", "S.", "today"]


def test_the_parts_of_an_address_have_spans_of_their_own_and_the_protocol_belongs_to_the_first() -> None:
    text = ReferenceText.parse("See https://bbc.com/news.")
    displayed = [text.display(word) for word in text.words]
    assert displayed == ["See", "https://b", "b", "c", ".", "com", "/", "news"]
