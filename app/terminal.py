"""What the command line shows: the assessment as a table, figures of an evaluation, progress."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assessment.phones import base, ipa
from assessment.results import Assessment, ErrorType, Pause, Phone, Word
from assessment.training.evaluation import UTTERANCE_ASPECTS, WORD_ASPECTS, Agreement, Comparison

WIDTH = 100
# Lower bound of each band, its words for people, the mark of a word in it, and its colour.
BANDS = (
    (80.0, "clear", " ", "green"),
    (60.0, "clear, with an accent", "~", "yellow"),
    (40.0, "partly unclear", "!", "red"),
    (0.0, "hard to understand", "!!", "bold red"),
)
# Phones below these are called wrong (experts: less than half marks) and not quite right; for both
# the table says what was heard.
PHONE_WRONG = 50.0
PHONE_UNSURE = 80.0
ADVICE = 3
_TO_WORK_ON = (ErrorType.OMISSION, ErrorType.MISPRONUNCIATION)
_BAR_CELLS = 10


def band(score: float) -> tuple[str, str, str]:
    """Return the words, mark and colour of a score's band."""
    return next(entry[1:] for entry in BANDS if score >= entry[0])


def assessment_table(assessment: Assessment, *, plain: bool = False) -> str:
    """Lay an assessment out for a terminal.

    Parameters
    ----------
    assessment : Assessment
        The result.
    plain : bool
        Without colours, for a file. Colours are left out anyway where the screen has none.
    """
    parts: list[RenderableType] = [_scores(assessment), Text(), _words(assessment)]
    problems = _problems(assessment)
    if problems:
        parts += [Text(), *problems]
    parts += [Text(f"Note: {notice.message}", style="yellow") for notice in assessment.notices]
    return render(Group(*parts), plain=plain)


def render(content: RenderableType, *, plain: bool = False) -> str:
    """Turn rich's content into text for the screen, with colours if that has them."""
    screen = Console(file=sys.stdout)
    buffer = StringIO()
    console = Console(
        file=buffer,
        width=min(screen.width, WIDTH) if screen.is_terminal else WIDTH,
        force_terminal=screen.is_terminal and not plain,
        color_system="standard" if screen.color_system and not plain else None,
        highlight=False,
    )
    console.print(content)
    return "\n".join(line.rstrip() for line in buffer.getvalue().splitlines()) + "\n"


def _bar(score: float) -> str:
    full = round(score / 100 * _BAR_CELLS)
    return "█" * full + "░" * (_BAR_CELLS - full)


def _scores(assessment: Assessment) -> Table:
    scores = assessment.scores
    table = Table.grid(padding=(0, 2))
    named = [
        ("Overall", scores.overall),
        ("Accuracy", scores.accuracy),
        ("Fluency", scores.fluency),
        ("Completeness", scores.completeness),
        ("Prosody", scores.prosody),
    ]
    for name, score in named:
        if score is None:
            continue
        words, _, colour = band(score)
        described = "" if name == "Completeness" else words
        table.add_row(name, Text(f"{score:5.0f}", style="bold"), Text(_bar(score), style=colour), described)
    return table


def _words(assessment: Assessment) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("")
    table.add_column("Word", no_wrap=True)
    table.add_column("Score", justify="right")
    table.add_column("Time", justify="right")
    table.add_column(f"Phones: score of each, below {PHONE_UNSURE:.0f} with what was heard")
    pauses = {pause.after_word: pause for pause in assessment.pauses}
    for number, word in enumerate(assessment.words):
        table.add_row(*_word_row(word))
        if number in pauses:
            table.add_row("", Text(_pause(pauses[number]), style="blue"))
    return table


def _pause(pause: Pause) -> str:
    return f"‖ {pause.end - pause.start:.1f} s"


def _word_row(word: Word) -> tuple[RenderableType, ...]:
    shown = word.text if word.text.casefold() == word.spoken else f"{word.text} ({word.spoken})"
    if word.error is ErrorType.OMISSION:
        return Text("–", style="red"), Text(f"[{shown}]", style="dim"), "", "", Text("left out", style="red")
    _, mark, colour = band(word.accuracy)
    phones = Text("  ").join([_phone(phone) for phone in word.phones])
    score = Text(f"{word.accuracy:.0f}", style=colour)
    return Text(mark, style=colour), Text(shown), score, f"{word.start:.2f}", phones


def _phone(phone: Phone) -> Text:
    _, _, colour = band(phone.score)
    text = Text(ipa(phone.symbol))
    text.append(f" {phone.score:.0f}", style=colour)
    heard = heard_instead(phone)
    if heard is not None:
        text.append(f" [{ipa(heard)}?]", style=colour)
    return text


def heard_instead(phone: Phone) -> str | None:
    """Return what was probably said in place of a phone that was not right, None for a right one."""
    if phone.score >= PHONE_UNSURE:
        return None
    expected = base(phone.symbol)
    return next((candidate.phone for candidate in phone.candidates if candidate.phone != expected), None)


def _problems(assessment: Assessment) -> list[Text]:
    """Say in sentences what went wrong, worst first, at most `ADVICE` of them."""
    found = [(word.accuracy, _advice(word)) for word in assessment.words if _is_problem(word)]
    worst = sorted(found, key=lambda problem: problem[0])[:ADVICE]
    lines = [Text(advice) for _, advice in worst]
    return [Text("What to work on", style="bold"), *lines] if lines else []


def _is_problem(word: Word) -> bool:
    misread = word.error in (ErrorType.OMISSION, ErrorType.MISPRONUNCIATION)
    return misread or any(phone.score < PHONE_UNSURE for phone in word.phones)


def _advice(word: Word) -> str:
    if word.error is ErrorType.OMISSION:
        return f"You left out “{word.text}”."
    worst = min(word.phones, key=lambda phone: phone.score)
    heard = heard_instead(worst)
    if heard is None:
        return f"“{word.text}” was hard to recognise: its {ipa(worst.symbol)} was the weakest sound."
    likeness = "like" if worst.score < PHONE_WRONG else "a little like"
    return f"In “{word.text}”, {ipa(worst.symbol)} sounded {likeness} {ipa(heard)}."


def evaluation_table(comparison: Comparison) -> str:
    """Lay out the agreement with experts' marks."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 3, 0, 0))
    for name in ("Level", "Aspect", "Pearson", "Spearman", "MSE (0-2)", "Marks"):
        table.add_column(name, justify="left" if name in ("Level", "Aspect") else "right")
    rows: list[tuple[str, str]] = [("phone", "accuracy")]
    rows += [("word", aspect) for aspect in WORD_ASPECTS]
    rows += [("utterance", aspect) for aspect in UTTERANCE_ASPECTS]
    for level, aspect in rows:
        table.add_row(level, aspect, *_figures(comparison.agreement(level, aspect)))
    return render(table)


def _figures(agreement: Agreement | None) -> Sequence[str]:
    if agreement is None:
        return ("-", "-", "-", "0")
    return f"{agreement.pcc:.3f}", f"{agreement.scc:.3f}", f"{agreement.mse:.4f}", str(agreement.count)


def follow(comparisons: Iterable[Comparison], total: int, doing: str) -> Comparison:
    """Show progress on the error stream until an evaluation is done; return the comparison."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        return deque(progress.track(comparisons, total=total, description=doing), maxlen=1).pop()
