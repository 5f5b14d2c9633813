"""Long work tells how far it is, and stops soon after it was asked to."""

from __future__ import annotations

import threading

import pytest

from assessment.control import Control
from assessment.errors import Cancelled


def test_parts_report_their_share_of_the_whole() -> None:
    told: list[float] = []
    control = Control(told.append)
    half = control.part(0.5, 1.0)
    half.part(0.0, 0.5).report(1.0)
    half.report(0.0)
    control.report(1.0)
    assert told == [0.75, 0.5, 1.0]


def test_cancelled_work_stops_at_its_next_report_whatever_part_it_is() -> None:
    control = Control()
    part = control.part(0.2, 0.4)
    part.report(0.1)
    control.cancel()
    with pytest.raises(Cancelled):
        part.report(0.2)
    with pytest.raises(Cancelled):
        part.check()


def test_items_come_until_the_work_is_cancelled() -> None:
    control = Control()
    seen: list[int] = []

    def work() -> None:
        for item in control.watched(range(5)):
            seen.append(item)
            if item == 2:
                control.cancel()

    with pytest.raises(Cancelled):
        work()
    assert seen == [0, 1, 2]


def test_work_that_cannot_report_is_interrupted_from_another_thread() -> None:
    control, interrupted = Control(), threading.Event()
    threading.Timer(0.05, control.cancel).start()

    def work() -> None:
        with control.stopping(interrupted.set):
            assert interrupted.wait(timeout=20.0)
            raise RuntimeError("terminated")

    with pytest.raises(Cancelled):
        work()


def test_work_that_was_cancelled_before_it_began_does_not_begin() -> None:
    control = Control()
    control.cancel()
    with pytest.raises(Cancelled), control.stopping(lambda: None):
        pytest.fail("it began")


def test_errors_of_work_that_was_not_cancelled_stay_what_they_are() -> None:
    with pytest.raises(RuntimeError, match="broken"), Control().stopping(lambda: None):
        raise RuntimeError("broken")
