"""The rules of the xAPI specification 1.0.3 (part two, "Experience API Data") for what Elocute writes."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import datetime
from typing import Any

STATEMENT = {
    "id", "actor", "verb", "object", "result", "context", "timestamp", "stored", "authority", "version",
    "attachments",
}  # fmt: skip
RESULT = {"score", "success", "completion", "response", "duration", "extensions"}
CONTEXT = {
    "registration", "instructor", "team", "contextActivities", "revision", "platform", "language",
    "statement", "extensions",
}  # fmt: skip
DEFINITION = {"name", "description", "type", "moreInfo", "extensions"}
# RFC 3987: a scheme, a colon, and no spaces or signs that IRIs may not hold.
IRI = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:[^\s<>\"{}|\\^`]+")
# RFC 5646, as far as it is used.
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
# ISO 8601, without weeks.
DURATION = re.compile(r"P(?=.)(\d+D)?(T(?=.)(\d+H)?(\d+M)?(\d+(\.\d+)?S)?)?")
VERSION = re.compile(r"1\.0\.\d+")


def problems(statement: dict[str, Any]) -> list[str]:
    """Return what is wrong with a statement; nothing if it follows the rules."""
    return list(_statement(statement))


def _statement(statement: dict[str, Any]) -> Iterator[str]:
    yield from _names("statement", statement, STATEMENT, {"actor", "verb", "object"})
    yield from _no_nulls("statement", statement)
    if "id" in statement and str(uuid.UUID(statement["id"])) != statement["id"].lower():
        yield "the id is no UUID"
    if not VERSION.fullmatch(statement.get("version", "1.0.0")):
        yield "the version is not 1.0.x"
    if "timestamp" in statement and datetime.fromisoformat(statement["timestamp"]).tzinfo is None:
        yield "the timestamp has no zone"
    yield from _agent("actor", statement["actor"])
    yield from _verb(statement["verb"])
    yield from _activity("object", statement["object"])
    yield from _result(statement.get("result", {}))
    yield from _context(statement.get("context", {}), statement["object"])


def _agent(where: str, agent: dict[str, Any]) -> Iterator[str]:
    identifiers = {"mbox", "mbox_sha1sum", "openid", "account"}
    yield from _names(where, agent, {"objectType", "name", *identifiers}, set())
    if agent.get("objectType", "Agent") != "Agent":
        yield f"{where} is no agent"
    if len(identifiers & set(agent)) != 1:
        yield f"{where} has not exactly one identifier"
    if "account" in agent:
        yield from _names(f"{where}.account", agent["account"], {"homePage", "name"}, {"homePage", "name"})
        if not IRI.fullmatch(agent["account"]["homePage"]) or not agent["account"]["name"]:
            yield f"{where}.account is none"


def _verb(verb: dict[str, Any]) -> Iterator[str]:
    yield from _names("verb", verb, {"id", "display"}, {"id"})
    yield from _iri("verb.id", verb["id"])
    yield from _language_map("verb.display", verb.get("display", {}))


def _activity(where: str, activity: dict[str, Any]) -> Iterator[str]:
    yield from _names(where, activity, {"objectType", "id", "definition"}, {"id"})
    if activity.get("objectType", "Activity") != "Activity":
        yield f"{where} is no activity"
    yield from _iri(f"{where}.id", activity["id"])
    definition = activity.get("definition", {})
    yield from _names(f"{where}.definition", definition, DEFINITION, set())
    for name in ("name", "description"):
        yield from _language_map(f"{where}.definition.{name}", definition.get(name, {}))
    if "type" in definition:
        yield from _iri(f"{where}.definition.type", definition["type"])
    yield from _extensions(f"{where}.definition", definition.get("extensions", {}))


def _result(result: dict[str, Any]) -> Iterator[str]:
    yield from _names("result", result, RESULT, set())
    score = result.get("score", {})
    yield from _names("result.score", score, {"scaled", "raw", "min", "max"}, set())
    if not -1.0 <= score.get("scaled", 0.0) <= 1.0:
        yield "result.score.scaled is not in -1..1"
    least, most = score.get("min"), score.get("max")
    if least is not None and most is not None and not least < most:
        yield "result.score.min is not below its max"
    if "raw" in score and not (least if least is not None else score["raw"]) <= score["raw"] <= (
        most if most is not None else score["raw"]
    ):
        yield "result.score.raw is not within its limits"
    for name in ("success", "completion"):
        if name in result and not isinstance(result[name], bool):
            yield f"result.{name} is neither true nor false"
    if "duration" in result and not DURATION.fullmatch(result["duration"]):
        yield "result.duration is no duration"
    yield from _extensions("result", result.get("extensions", {}))


def _context(context: dict[str, Any], what: dict[str, Any]) -> Iterator[str]:
    yield from _names("context", context, CONTEXT, set())
    if "instructor" in context:
        yield from _agent("context.instructor", context["instructor"])
    if "platform" in context and what.get("objectType", "Activity") != "Activity":
        yield "context.platform stands beside something that is no activity"
    if "language" in context and not LANGUAGE.fullmatch(context["language"]):
        yield "context.language is no language tag"
    activities = context.get("contextActivities", {})
    yield from _names("contextActivities", activities, {"parent", "grouping", "category", "other"}, set())
    for name, found in activities.items():
        for each in found:
            yield from _activity(f"contextActivities.{name}", each)
    yield from _extensions("context", context.get("extensions", {}))


def _names(where: str, found: dict[str, Any], known: set[str], needed: set[str]) -> Iterator[str]:
    for name in sorted(set(found) - known):
        yield f"{where} has a property {name}, which there is not"
    for name in sorted(needed - set(found)):
        yield f"{where} lacks {name}"


def _no_nulls(where: str, value: Any) -> Iterator[str]:
    if value is None:
        yield f"{where} is null"
    elif isinstance(value, dict):
        for name, each in value.items():
            if name != "extensions":
                yield from _no_nulls(f"{where}.{name}", each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _no_nulls(f"{where}[{number}]", each)


def _iri(where: str, value: object) -> Iterator[str]:
    if not isinstance(value, str) or not IRI.fullmatch(value):
        yield f"{where} is no IRI: {value!r}"


def _language_map(where: str, found: dict[str, Any]) -> Iterator[str]:
    for tag, text in found.items():
        if not LANGUAGE.fullmatch(tag) or not isinstance(text, str):
            yield f"{where} is no language map"


def _extensions(where: str, found: dict[str, Any]) -> Iterator[str]:
    for key in found:
        yield from _iri(f"{where}.extensions", key)
