"""Reports as HTML: one self-contained page for browsers, or a plainer one for the PDF."""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from importlib import metadata
from pathlib import Path
from typing import Any, Literal

from jinja2 import ChoiceLoader, FileSystemLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import SandboxedEnvironment
from markupsafe import Markup

from app.reports import drawn
from app.reports.data import ClassReport, LearnerReport, Look
from app.reports.errors import ReportError
from app.reports.logo import logo_uri
from app.reports.marked_text import MarkedText
from app.reports.shapes import DARK
from app.reports.sounds import Sound
from app.reports.translations import Words, words
from app.reports.work_on import advice, hard_sound
from assessment.errors import ElocuteError
from assessment.resources import resource

Medium = Literal["screen", "print"]
Report = LearnerReport | ClassReport
TEMPLATES = {LearnerReport: "learner.html.j2", ClassReport: "class.html.j2"}
_SUFFIX = ".j2"
_MEND = "Mend it, or delete it to use the usual one."


def render(report: Report, look: Look, *, medium: Medium = "screen") -> str:
    """Return a report as HTML.

    Parameters
    ----------
    report : LearnerReport or ClassReport
        What to tell.
    look : Look
        Language, school, templates, and whether words can be heard.
    medium : {"screen", "print"}
        For a browser, or for `app.reports.pdf`, which understands less and draws the head itself.

    Raises
    ------
    ReportError
        If a template, the logo or the language cannot be used.
    """
    said = words(look.language, look.templates)
    environment = _environment(look.templates)
    values = _values(report, look, said, medium)
    return _rendered(environment, TEMPLATES[type(report)], values)


def title(report: Report, said: Words) -> str:
    """Return what a report is called."""
    if isinstance(report, ClassReport):
        return said("class_report", name=report.school_class.name)
    return said("learner_report", name=report.learner.name or said("nameless"))


# --- what templates get -----------------------------------------------------------------------


def _values(report: Report, look: Look, said: Words, medium: Medium) -> dict[str, Any]:
    """Return what templates can tell; the head of ``page.html.j2`` describes it."""
    is_heard = look.with_audio and medium == "screen"
    return {
        "report": report,
        "look": look,
        "t": said,
        "medium": medium,
        "version": metadata.version("elocute"),
        # Qt's rich text does not learn it from a style sheet.
        "wide": Markup(' width="100%"') if medium == "print" else "",
        "logo": logo_uri(look.logo) if look.logo is not None and medium == "screen" else "",
        "title": title(report, said),
        "band": lambda aspect, score: drawn.banded(aspect, score, said),
        "dark_colours": DARK,
        "text_of": lambda reading: MarkedText(reading, with_audio=is_heard),
        **_of(report, said, is_heard),
    }


def _of(report: Report, said: Words, is_heard: bool) -> dict[str, Any]:
    if isinstance(report, ClassReport):
        return _of_class(report, said)
    return _of_learner(report, said, is_heard)


def _of_learner(report: LearnerReport, said: Words, is_heard: bool) -> dict[str, Any]:
    def voice_of(digest: str | None) -> str:
        return Sound(report.voices.get(digest or "") if is_heard else None).whole()

    return {
        "advice": advice(report.readings, said),
        "sounds": [hard_sound(each) for each in report.phones],
        "voice_of": voice_of,
        **drawn.of_learner(report, said),
    }


def _of_class(report: ClassReport, said: Words) -> dict[str, Any]:
    learners, adjustment = report.overview.learners, report.school_class.adjustment
    mean = report.overview.scores.overall
    return {
        "handed_in_by": sum(each.handed_in > 0 for each in learners),
        "adjusted": None if adjustment is None or mean is None else adjustment.of(mean),
        **drawn.of_class(report, said),
    }


# --- templates --------------------------------------------------------------------------------


def _environment(templates: Path | None) -> SandboxedEnvironment:
    if templates is not None and not templates.is_dir():
        raise ReportError(
            f'The folder of templates "{templates}" is not there. Choose another one, or none for the usual '
            "templates."
        )
    own = [FileSystemLoader(templates)] if templates is not None else []
    loader = ChoiceLoader([*own, FileSystemLoader(resource("templates", "report"))])
    return SandboxedEnvironment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _rendered(environment: SandboxedEnvironment, name: str, values: Mapping[str, Any]) -> str:
    try:
        return environment.get_template(name).render(values)
    except TemplateSyntaxError as problem:
        raise ReportError(
            f'The template "{problem.filename or problem.name or name}" has a mistake in line '
            f"{problem.lineno}: {problem.message}. {_MEND}"
        ) from problem
    except TemplateNotFound as problem:
        raise ReportError(
            f'There is no template "{problem.name}" as {_place(problem, name)} asks for. {_MEND}'
        ) from problem
    except ElocuteError:
        raise
    except Exception as problem:  # what a template of a school does may fail in any way
        why = str(problem).rstrip(".") or type(problem).__name__
        place = _place(problem, name)
        raise ReportError(f"{place[0].upper()}{place[1:]} cannot be used: {why}. {_MEND}") from problem


def _place(problem: Exception, name: str) -> str:
    """Return which line of which template raised something."""
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [frame for frame in frames if frame.filename.endswith(_SUFFIX)]
    if not lines:
        return f'the template "{name}"'
    return f'line {lines[-1].lineno} of the template "{lines[-1].filename}"'
