r"""Goodness-of-pronunciation features of each phone, over the whole phone set.

With log-posteriors :math:`\log P(q|x_t)` over frames :math:`t_1..t_2` of a phone with expected
symbol :math:`p`:

- log phone posterior, ``LPP(q) = mean_t log P(q|x_t)`` (Hu et al. 2015; the GOP of Witt and
  Young 2000 with posteriors of a network); `PhoneFeatures.lpp` is ``LPP(p)``.
- log posterior ratio, ``LPR(q) = LPP(q) - LPP(p)`` to every phone of the set (Hu et al. 2015).
- maxima over the frames, ``max_t log P(q|x_t)``: a phone that was said, however briefly.
- duration, and the silences before and after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assessment.acoustic import Evidence
from assessment.alignment import AlignedPhone
from assessment.phones import PHONE_INDEX, base

# Log-posteriors below this carry no further information about how wrong a phone is.
FLOOR = -12.0


@dataclass(frozen=True, eq=False)
class PhoneFeatures:
    """Features of the phones of an utterance, one row a phone.

    Attributes
    ----------
    expected : ndarray of int64, shape (phones,)
        Column of the expected phone in `PHONES`.
    mean : ndarray of float32, shape (phones, 40)
        LPP of every phone and silence, natural log, `FLOOR` to 0.
    maximum : ndarray of float32, shape (phones, 40)
        Largest log-posterior of each over the frames, `FLOOR` to 0.
    frames : ndarray of int64, shape (phones,)
        Duration in frames of 10 ms.
    gaps : ndarray of float32, shape (phones, 2)
        Silence before and after the phone in seconds.
    """

    expected: NDArray[np.int64]
    mean: NDArray[np.float32]
    maximum: NDArray[np.float32]
    frames: NDArray[np.int64]
    gaps: NDArray[np.float32]

    @property
    def lpp(self) -> NDArray[np.float32]:
        """LPP of the expected phone, shape (phones,)."""
        picked: NDArray[np.float32] = np.take_along_axis(self.mean, self.expected[:, None], axis=1)[:, 0]
        return picked

    @property
    def lpr(self) -> NDArray[np.float32]:
        """LPR of every phone and silence to the expected phone, shape (phones, 40)."""
        ratios: NDArray[np.float32] = self.mean - self.lpp[:, None]
        return ratios

    def of(self, rows: Sequence[bool]) -> PhoneFeatures:
        """Return the features of some of the phones.

        Parameters
        ----------
        rows : sequence of bool
            True for each phone that is wanted.
        """
        chosen = np.array(rows, bool)
        parts = (self.expected, self.mean, self.maximum, self.frames, self.gaps)
        return PhoneFeatures(*(part[chosen] for part in parts))


def phone_features(log_posteriors: NDArray[np.float32], phones: Sequence[AlignedPhone]) -> PhoneFeatures:
    """Compute the features of aligned phones.

    Parameters
    ----------
    log_posteriors : ndarray of float32, shape (frames, 40)
        Natural log, every 10 ms.
    phones : sequence of AlignedPhone
        In time order, each with at least one frame.
    """
    floored = np.maximum(log_posteriors, FLOOR)
    spans = [slice(phone.first, phone.last) for phone in phones]
    firsts = np.array([phone.first for phone in phones])
    lasts = np.array([phone.last for phone in phones])
    before = np.concatenate([[0], firsts[1:] - lasts[:-1]])
    after = np.concatenate([firsts[1:] - lasts[:-1], [0]])
    return PhoneFeatures(
        expected=np.array([PHONE_INDEX[base(phone.symbol)] for phone in phones], np.int64),
        mean=np.stack([floored[span].mean(axis=0) for span in spans]),
        maximum=np.stack([floored[span].max(axis=0) for span in spans]),
        frames=lasts - firsts,
        gaps=(np.stack([before, after], axis=1) / 100).astype(np.float32),
    )


def pooled_states(evidence: Evidence, phones: Sequence[AlignedPhone]) -> NDArray[np.float32]:
    """Average the encoder's states over each phone.

    Returns
    -------
    ndarray of float32, shape (phones, dimensions)
        One row a phone.
    """
    spans = [slice(phone.first // 2, max(phone.first // 2 + 1, (phone.last + 1) // 2)) for phone in phones]
    return np.stack([evidence.states[span].mean(axis=0) for span in spans])
