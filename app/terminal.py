"""What the command line shows: the assessment as a table, figures of an evaluation, progress."""

from __future__ import annotations

import sys
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.console import Console, Group, RenderableType
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assessment.bands import BANDS, Band, band
from assessment.phones import ipa
from assessment.results import (
    NO_PHONE,
    Assessment,
    ErrorType,
    Fluency,
    Pause,
    Phone,
    Problem,
    Prosody,
    Syllable,
    Verdict,
    Word,
)
from assessment.training.cross_validation import (
    REPORT_COLUMNS,
    Summary,
    ceiling_cell,
    detection_line,
    detection_lines,
    report_table,
)
from assessment.training.evaluation import UTTERANCE_ASPECTS, WORD_ASPECTS, Agreement, Comparison

WIDTH = 100
# Sign and colour of a band by its level; the signs tell what the colours tell.
LEVELS = ((" ", "green"), ("~", "yellow"), ("!", "red"), ("!!", "bold red"), ("!!", "bold red"))
# Sign and colour of a phone.
VERDICTS = {Verdict.RIGHT: ("", "green"), Verdict.NEARLY: ("~", "yellow"), Verdict.WRONG: ("!", "red")}
LEGEND = "~ nearly right, ! wrong, in brackets what was heard instead, – for nothing"
# A phone heard with a lower probability than this is put with a question mark.
_LIKELY = 0.5
# Overall scores from here on are praised if nothing stands out.
_GOOD = BANDS["overall"][1].lower
_BAR_CELLS = 10
# A voice that moves by fewer semitones a second at the end stays level.
_LEVEL_SLOPE = 2.0


def assessment_table(assessment: Assessment, *, plain: bool = False) -> str:
    """Lay an assessment out for a terminal.

    Parameters
    ----------
    assessment : Assessment
        The result.
    plain : bool
        Without colours, for a file. Colours are left out anyway where the screen has none.
    """
    parts: list[RenderableType] = [_scores(assessment), *_trust(assessment), Text(), _words(assessment)]
    if any(phone.verdict is not Verdict.RIGHT for word in assessment.words for phone in word.phones):
        parts.append(Text(f"   {LEGEND}", style="dim"))
    parts += [Text(), _measures(assessment), *_to_work_on(assessment)]
    if assessment.notices:
        parts.append(Text())
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


# --- scores and how far to trust them -----------------------------------------------------------


def _scores(assessment: Assessment) -> Table:
    table = Table.grid(padding=(0, 2))
    for aspect in ("overall", "accuracy", "fluency", "completeness", "prosody"):
        score: float | None = getattr(assessment.scores, aspect)
        if score is not None:
            found = band(aspect, score)
            bar = Text(_bar(score), style=_colour(found))
            table.add_row(aspect.capitalize(), Text(f"{score:5.0f}", style="bold"), bar, found.name)
    return table


def _bar(score: float) -> str:
    full = round(score / 100 * _BAR_CELLS)
    return "█" * full + "░" * (_BAR_CELLS - full)


def _colour(found: Band) -> str:
    return LEVELS[found.level][1]


def _trust(assessment: Assessment) -> list[Text]:
    """Say in words that the scores are uncertain, and why."""
    told = assessment.confidence.message
    return [Text(), Text(told, style="yellow")] if told else []


# --- words and phones ---------------------------------------------------------------------------


def _words(assessment: Assessment) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold", pad_edge=False)
    table.add_column("")
    table.add_column("Word", no_wrap=True)
    table.add_column("Score", justify="right")
    table.add_column("Time", justify="right")
    table.add_column("Phones by syllables, with their scores")
    pauses = {pause.after_word: pause for pause in assessment.pauses}
    for number, word in enumerate(assessment.words):
        table.add_row(*_word_row(word))
        if number in pauses:
            table.add_row("", Text(_pause(pauses[number]), style="blue"))
    return table


def _pause(pause: Pause) -> str:
    return f"‖ {pause.end - pause.start:.1f} s"


def _word_row(word: Word) -> tuple[RenderableType, ...]:
    is_plain = word.is_extra or word.text.casefold() == word.spoken
    shown = word.text if is_plain else f"{word.text} ({word.spoken})"
    if word.error is ErrorType.OMISSION:
        return Text("–", style="red"), Text(f"[{shown}]", style="dim"), "", "", Text("left out", style="red")
    if word.is_extra:
        what = "said again" if word.error is ErrorType.REPETITION else "not in the text"
        return Text("+", style="yellow"), Text(word.text), "", f"{word.start:.2f}", Text(what, style="yellow")
    sign, colour = LEVELS[band("word", word.accuracy).level]
    score = Text(f"{word.accuracy:.0f}", style=colour)
    return Text(sign, style=colour), Text(shown), score, f"{word.start:.2f}", _phones(word)


def _phones(word: Word) -> Text:
    """Show the phones of a word by syllables, then what is wrong with its stress."""
    place = word.lexical_stress
    expected = place.expected if place else -1
    parts = [_syllable(part, number == expected) for number, part in enumerate(word.syllables)]
    text = Text("  · ").join(parts)
    if place and not place.correct:
        text.append(f"  ! stress on syllable {place.heard + 1}", style="red")
    return text


def _syllable(syllable: Syllable, is_stressed: bool) -> Text:
    text = Text("ˈ" if is_stressed else "")
    return text.append_text(Text("  ").join([_phone(phone) for phone in syllable.phones]))


def _phone(phone: Phone) -> Text:
    sign, colour = VERDICTS[phone.verdict]
    text = Text.assemble((sign, colour), ipa(phone.symbol), (f" {phone.score:.0f}", colour))
    heard = phone.heard_instead
    if heard is not None:
        sure = phone.verdict is Verdict.WRONG and phone.candidates[0].probability >= _LIKELY
        name = "–" if heard == NO_PHONE else ipa(heard)
        text.append(f" [{name}{'' if sure else '?'}]", style=colour)
    return text


# --- measures -----------------------------------------------------------------------------------


def _measures(assessment: Assessment) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_row("Fluency", Text(", ".join(_fluency(assessment.fluency))))
    table.add_row("Prosody", Text(", ".join(_prosody(assessment.prosody))))
    return table


def _fluency(measures: Fluency) -> Iterator[str]:
    yield f"{measures.speech_rate:.1f} syllables a second"
    if measures.silent_pauses:
        yield f"{measures.articulation_rate:.1f} without pauses"
        yield f"{_count(measures.silent_pauses, 'pause')} of {measures.mean_pause:.1f} s"
        yield f"{measures.mean_length_of_run:.0f} syllables between pauses"
    else:
        yield "no pauses"
    for count, what in (
        (measures.filled_pauses, "filled pause"),
        (measures.hesitations, "hesitation"),
        (measures.repetitions, "repetition"),
    ):
        if count:
            yield _count(count, what)


def _count(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _prosody(measures: Prosody) -> Iterator[str]:
    if measures.pitch_median is None or measures.pitch_range is None:
        yield "too little voice to follow the pitch"
    else:
        yield f"pitch {measures.pitch_median:.0f} Hz, over {measures.pitch_range:.0f} semitones"
    if measures.final_slope is not None:
        if abs(measures.final_slope) < _LEVEL_SLOPE:
            yield "level at the end"
        else:
            yield "falling at the end" if measures.final_slope < 0 else "rising at the end"
    yield f"loudness over {measures.loudness_range:.0f} dB"
    yield f"vowels of {1000 * measures.vowel_duration:.0f} ms"


# --- what to work on ----------------------------------------------------------------------------


def _to_work_on(assessment: Assessment) -> list[RenderableType]:
    if assessment.problems:
        return [Text(), Text("What to work on", style="bold"), _problems(assessment.problems)]
    if assessment.scores.overall >= _GOOD:
        return [Text(), Text("Well read: nothing stands out to work on.", style="green")]
    return []


def _problems(problems: Sequence[Problem]) -> Table:
    table = Table.grid(padding=(0, 2))
    for number, problem in enumerate(problems, start=1):
        table.add_row(Text(str(number), style="bold"), Text(problem.message, style="bold"))
        table.add_row("", Text(problem.tip))
        if problem.pair:
            practise = Text("Practise: ", style="dim").append(" – ".join(problem.pair), style="not dim")
            table.add_row("", practise)
    return table


# --- evaluations --------------------------------------------------------------------------------


def evaluation_table(comparison: Comparison) -> str:
    """Lay out the agreement with experts' marks, beside that of one expert with the others."""
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 3, 0, 0))
    for name in ("Level", "Aspect", "Pearson", "Spearman", "MSE (0-2)", "Marks", "One expert"):
        table.add_column(name, justify="left" if name in ("Level", "Aspect") else "right")
    rows: list[tuple[str, str]] = [("phone", "accuracy")]
    rows += [("word", aspect) for aspect in WORD_ASPECTS]
    rows += [("utterance", aspect) for aspect in UTTERANCE_ASPECTS]
    for level, aspect in rows:
        expert = ceiling_cell(comparison.ceilings.get((level, aspect)))
        table.add_row(level, aspect, *_figures(comparison.agreement(level, aspect)), expert)
    found = comparison.detection()
    return render(Group(table, Text(), Text(detection_line(found))) if found else table)


def _figures(agreement: Agreement | None) -> Sequence[str]:
    if agreement is None:
        return ("-", "-", "-", "0")
    return f"{agreement.pcc:.3f}", f"{agreement.scc:.3f}", f"{agreement.mse:.4f}", str(agreement.count)


def cross_validation_table(summary: Summary) -> str:
    """Lay out the figures of a cross-validation."""
    counts = f"{summary.utterances} recordings, {summary.speakers} speakers"
    heading = Text(f"Cross-validation: {counts}, {summary.folds} folds, {summary.seeds} networks averaged")
    table = Table(box=None, header_style="bold", pad_edge=False, padding=(0, 2, 0, 0))
    for name in REPORT_COLUMNS:
        table.add_column(name, justify="left" if name in REPORT_COLUMNS[:2] else "right")
    for row in report_table(summary):
        table.add_row(*row)
    return render(Group(heading, Text(), table, Text(), *map(Text, detection_lines(summary))))


def follow(comparisons: Iterable[Comparison], total: int, doing: str) -> Comparison:
    """Show progress on the error stream until an evaluation is done; return the comparison."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        return deque(progress.track(comparisons, total=total, description=doing), maxlen=1).pop()
