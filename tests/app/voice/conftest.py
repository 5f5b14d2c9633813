"""What tests of the voices share: the engine, and how well it understands a voice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from app.voice.speech import Spoken
from assessment import Assessor, Recording, ReferenceText
from assessment.lexicon import Pronunciation
from assessment.results import Assessment

Judge = Callable[[Spoken, ReferenceText], Assessment]


@pytest.fixture(scope="session")
def assessor() -> Assessor:
    return Assessor.load(threads=2)


@pytest.fixture(scope="session")
def judged(assessor: Assessor) -> Judge:
    """Assesses what a voice said."""

    def judge(spoken: Spoken, reference: ReferenceText) -> Assessment:
        return assessor.assess(Recording.from_samples(spoken.samples, spoken.rate), reference)

    return judge


@pytest.fixture(scope="session")
def first_pronunciations(assessor: Assessor) -> Callable[[ReferenceText], list[Pronunciation]]:
    """The first pronunciation of each word of a text."""
    return lambda reference: [each[0] for each in assessor.pronunciations(reference)]
