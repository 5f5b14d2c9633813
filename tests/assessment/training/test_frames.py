"""Alignments on disk survive interruptions, and name the phone of each frame."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.errors import CorpusError
from assessment.phones import PHONE_INDEX, PHONES, SILENCE
from assessment.training.frames import IGNORED, FrameAlignment, read_alignments, write_alignments

CAT = FrameAlignment("u1", "mini", ("K", "AE", "T"), (0, 0, 0), (2, 4, 9), (4, 8, 11))
SAT = FrameAlignment("u2", "mini", ("S", "AE", "T"), (0, 0, 0), (0, 5, 9), (5, 9, 12))
NUMBER = [*PHONES, SILENCE]


def names(targets: np.ndarray) -> str:
    return " ".join("-" if target == IGNORED else NUMBER[target] for target in targets)


# --- targets ------------------------------------------------------------------------------------


def test_each_frame_gets_its_phone_and_what_lies_between_is_silence() -> None:
    assert names(CAT.targets(13)) == "SIL SIL K K AE AE AE AE SIL T T SIL SIL"


def test_ignored_phones_teach_nothing() -> None:
    assert names(CAT.targets(13, ignore=[1])) == "SIL SIL K K - - - - SIL T T SIL SIL"


def test_a_recording_that_was_sped_up_has_its_phones_earlier() -> None:
    assert names(CAT.targets(7, speed=2.0)) == "SIL K AE AE T T SIL"


def test_phones_beyond_the_last_frame_are_cut_off() -> None:
    assert names(CAT.targets(5)) == "SIL SIL K K AE"


@given(st.floats(0.8, 1.25), st.integers(1, 20))
def test_every_frame_has_a_target(speed: float, frames: int) -> None:
    targets = CAT.targets(frames, speed)
    assert len(targets) == frames
    assert set(targets.tolist()) <= {PHONE_INDEX[phone] for phone in ("K", "AE", "T", SILENCE)}


def test_phones_are_grouped_into_words() -> None:
    two = FrameAlignment("u", "mini", ("K", "AE", "T", "S"), (0, 0, 1, 1), (0, 1, 2, 3), (1, 2, 3, 4))
    assert two.pronunciations() == [("K", "AE"), ("T", "S")]


# --- on disk ------------------------------------------------------------------------------------


def test_written_alignments_are_read_by_corpus_and_id(tmp_path: Path) -> None:
    path = tmp_path / "new folder" / "alignments.jsonl"
    write_alignments(path, [CAT])
    write_alignments(path, [SAT])
    assert read_alignments(path) == {("mini", "u1"): CAT, ("mini", "u2"): SAT}


def test_each_alignment_is_on_disk_as_soon_as_it_comes(tmp_path: Path) -> None:
    path = tmp_path / "alignments.jsonl"

    def interrupted():  # type: ignore[no-untyped-def]
        yield CAT
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_alignments(path, interrupted())
    assert list(read_alignments(path).values()) == [CAT]


@pytest.mark.parametrize("left", [1, 30, 1_000])
def test_an_interrupted_line_costs_only_its_own_alignment(tmp_path: Path, left: int) -> None:
    path = tmp_path / "alignments.jsonl"
    write_alignments(path, [CAT, SAT])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + second.rstrip()[: min(left, len(second) - 5)])
    assert list(read_alignments(path).values()) == [CAT]
    write_alignments(path, [SAT])
    assert list(read_alignments(path).values()) == [CAT, SAT]


def test_alignments_that_were_not_made_yet_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"bootstrap\.jsonl: run the step"):
        read_alignments(tmp_path / "bootstrap.jsonl")


alignments = st.lists(
    st.builds(
        FrameAlignment,
        st.text(max_size=8),
        st.text(max_size=8),
        *(
            st.lists(values, max_size=4).map(tuple)
            for values in (st.sampled_from(PHONES), *[st.integers(0)] * 3)
        ),
    ),
    unique_by=lambda item: (item.corpus, item.id),
    max_size=5,
)


@given(alignments)
def test_any_alignments_are_read_back_as_they_were(
    tmp_path_factory: pytest.TempPathFactory, given_alignments: list[FrameAlignment]
) -> None:
    path = tmp_path_factory.mktemp("alignments") / "some.jsonl"
    path.touch()
    write_alignments(path, given_alignments)
    assert list(read_alignments(path).values()) == given_alignments
