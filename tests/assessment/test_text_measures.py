"""Money, measures, times and dates as they are read aloud."""

from __future__ import annotations

import pytest

from assessment.text import ReferenceText


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("$5", "five dollars"),
        ("$1", "one dollar"),
        ("$0", "zero dollars"),
        ("$3.50", "three dollars and fifty cents"),
        ("$0.99", "ninety nine cents"),
        ("$.50", "fifty cents"),
        ("£1.01", "one pound and one penny"),
        ("$5.00", "five dollars"),
        ("$5.5", "five point five dollars"),
        ("$1,200", "one thousand two hundred dollars"),
        ("-$5", "minus five dollars"),
        ("£2m", "two million pounds"),
        ("$2.5k", "two point five thousand dollars"),
        ("€3bn", "three billion euros"),
        ("$1.2 billion", "one point two billion dollars"),
        ("$100 MILLION", "one hundred million dollars"),
        ("€10", "ten euros"),
        ("10€", "ten euros"),
        ("50¢", "fifty cents"),
        ("¥500", "five hundred yen"),
        ("₹100", "one hundred rupees"),
        ("a $5 bill", "a five dollar bill"),
        ("two $20 bills", "two twenty dollar bills"),
        ("a $2 million house", "a two million dollar house"),
        ("$5-10", "five to ten dollars"),
        ("$5-10 million", "five to ten million dollars"),
        ("$5–$10", "five dollars to ten dollars"),
        ("$5/month", "five dollars per month"),
        ("$3.99/lb", "three dollars and ninety nine cents per pound"),
        ("US$50", "u s fifty dollars"),
        ("50%", "fifty percent"),
        ("98.6 %", "ninety eight point six percent"),
        ("5-10%", "five to ten percent"),
        ("5 km", "five kilometers"),
        ("1 km", "one kilometer"),
        ("a 5-km run", "a five kilometer run"),
        ("10kg", "ten kilograms"),
        ("2000 m", "two thousand meters"),
        ("70°F", "seventy degrees fahrenheit"),
        ("-20 °C", "minus twenty degrees celsius"),
        ("1°", "one degree"),
        ("45º", "forty five degrees"),
        ("60 mph", "sixty miles per hour"),
        ("5 km/h", "five kilometers per hour"),
        ("3 ft", "three feet"),
        ("6 ft. tall", "six feet tall"),
        ("It is 6 ft. The end.", "it is six feet the end"),
        ("5'10\"", "five foot ten"),
        ("6′2″", "six foot two"),
        ("5 m²", "five square meters"),
        ("3 µm", "three micrometers"),
        ("½ km", "one half kilometer"),
        ("1/2 mi", "one half mile"),
        ("2½ lbs. of rice", "two and a half pounds of rice"),
        ("1 1/2 km", "one and a half kilometers"),
        ("8 GB", "eight gigabytes"),
        ("3:30", "three thirty"),
        ("12:00", "twelve o'clock"),
        ("9:00", "nine o'clock"),
        ("14:45", "fourteen forty five"),
        ("17:00", "seventeen hundred"),
        ("0:30", "zero thirty"),
        ("09:05", "nine oh five"),
        ("3:45:30", "three forty five thirty"),
        ("7 p.m.", "seven p m"),
        ("7PM", "seven p m"),
        ("10:05am", "ten oh five a m"),
        ("3:00 pm", "three p m"),
        ("9am-5pm", "nine a m to five p m"),
        ("9:00–17:00", "nine o'clock to seventeen hundred"),
        ("25:99", "twenty five to ninety nine"),
        ("30:15", "thirty to fifteen"),
        ("May 45", "may forty five"),
        ("45 May", "forty five may"),
        ("March 3, 2024", "march third twenty twenty four"),
        ("May 5th", "may fifth"),
        ("Jan. 5", "january fifth"),
        ("Sept 11", "september eleventh"),
        ("July 3-5", "july third to fifth"),
        ("March 2024", "march twenty twenty four"),
        ("3 March 2024", "the third of march twenty twenty four"),
        ("the 4 July", "the fourth of july"),
        ("3/4/2024", "march fourth twenty twenty four"),
        ("12/31/99", "december thirty first nineteen ninety nine"),
        ("31/12/2024", "december thirty first twenty twenty four"),
        ("2024-03-04", "march fourth twenty twenty four"),
        ("on 7/4", "on july fourth"),
        ("12/25", "december twenty fifth"),
        ("Mon.–Fri.", "monday to friday"),
        ("May–June", "may to june"),
        ("You may 5 times try.", "you may five times try"),
    ],
)
def test_reads_a_measure(written: str, spoken: str) -> None:
    assert " ".join(word.spoken for word in ReferenceText.parse(written).words) == spoken


def test_the_unit_and_its_number_have_spans_of_their_own() -> None:
    text = ReferenceText.parse("It ran 25 km.")
    assert [text.display(word) for word in text.words] == ["It", "ran", "25", "25", "km"]


def test_the_words_of_an_amount_share_its_span() -> None:
    text = ReferenceText.parse("It cost $1.2 billion then.")
    amount = [word for word in text.words if text.display(word) == "$1.2 billion"]
    assert [word.spoken for word in amount] == ["one", "point", "two", "billion", "dollars"]
