"""One reading of a text: what was recorded, how it was assessed, and which words belong together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from assessment.results import Assessment

if TYPE_CHECKING:
    from assessment.audio import Recording


@dataclass(frozen=True, eq=False)
class Attempt:
    """A reading with its result.

    Attributes
    ----------
    recording : Recording or None
        What was said; None if it is not kept any more.
    assessment : Assessment
        How it was read.
    id : str or None
        In the library; None if it could not be kept.
    """

    recording: Recording | None
    assessment: Assessment
    id: str | None = None

    def words_of_text(self, index: int) -> tuple[int, int]:
        """Return which words [first, last) of the text a word of the assessment stands for.

        Parameters
        ----------
        index : int
            In `Assessment.words`. For a word beside the text it is the one that follows.
        """
        words = self.assessment.words
        first = sum(1 for word in words[:index] if not word.is_extra)
        total = sum(1 for word in words if not word.is_extra)
        first = min(first, total - 1)
        return first, first + 1
