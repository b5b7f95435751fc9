"""The configuration as JSON Schema, for editors: what they complete, explain and underline.

It is made from the models, and says what a *file* may hold. Editors judge each value by itself; what
contradicts what is for ``check``. So it may let a mistake pass, but never refuses what is right.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from pbxctl.config.fields import Part
from pbxctl.config.models import Config
from pbxctl.config.steps import EXITS, SETTINGS, WORDS
from pbxctl.names import KEYS, LANGUAGES, MODES, WEEKDAY_WORDS

DIALECT: Final = "http://json-schema.org/draft-07/schema#"

_Schema = dict[str, Any]

PLAIN: Final[_Schema] = {"type": ["string", "number", "boolean"]}
"""Any plain value: pbxctl reads the text that stands there, also where YAML sees a number or a date."""

_SPANS: Final[_Schema] = {
    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}],
    "examples": ["08:30-17:30", "closed", ["08:30-12:00", "13:00-17:30"]],
    "description": "Hours of these days. The end does not count; over midnight write two days.",
}
# A mode of the administrator's own is known by its form alone.
_MODE: Final[_Schema] = {
    "anyOf": [
        {"enum": list(MODES), "type": "string"},
        {"type": "string", "pattern": "^[a-z][a-z_]{1,29}[a-z]$"},
    ]
}
_OF_A_MODE: Final[_Schema] = {"$ref": "#/$defs/Mode"}
# A digit is a number to YAML.
_KEY: Final[_Schema] = {"enum": [*KEYS, *(int(key) for key in KEYS if key.isdecimal())]}

# What a file may hold where the models hold something already worked out, by model.
_AS_WRITTEN: Final[Mapping[str, Mapping[str, _Schema]]] = {
    "ClosedDay": {
        "weekday": {"anyOf": [{"enum": [*WEEKDAY_WORDS, "none"]}, {"type": "string"}]},
        "mode": _OF_A_MODE,
    },
    "Holidays": {"mode": _OF_A_MODE},
    "CalendarSource": {"mode": _OF_A_MODE},
    "Hours": {"outside": _OF_A_MODE},
    "Prompts": {
        "skip_key": {**_KEY, "examples": [1]},
        "language_keys": {
            "type": "object",
            "properties": dict.fromkeys(LANGUAGES, _KEY),
            "additionalProperties": False,
            "examples": [{"fr": 2}],
        },
    },
    "DateRule": {
        "on": {**PLAIN, "examples": ["2026-12-24"]},
        "from": {**PLAIN, "examples": ["2026-12-24 12:00"]},
        "to": {**PLAIN, "examples": ["2027-01-04 08:30"]},
        "mode": _OF_A_MODE,
        "ordinary_day": {"enum": [True, "true"]},
        "reason": {**PLAIN, "examples": ["Christmas"]},
    },
}

DESCRIPTIONS: Final[Mapping[str, str]] = {
    "Config.version": "The version of this format.",
    "Config.company": "Who is called.",
    "Config.pbx": "The PBX.",
    "Config.schedules": "When: by name, the rules that say in which mode a route is.",
    "Config.modes": "Modes of your own: by name, the steps in the order they run.",
    "Config.routes": "What: by name, the numbers that callers dial, and what is behind them.",
    "Config.never_close": "Numbers that no route may take: fax, alarm, lift, payment.",
    "Config.callers": "Callers treated alike on every route.",
    "Config.staff": "The people of the company, by any name.",
    "Company.name": "The name, as callers hear it.",
    "Company.mail": "A plain mail address, which callers hear.",
    "Company.timezone": "An IANA time zone: the clock of every schedule.",
    "Company.country": "Two capital letters: how numbers are read.",
    "Company.languages": "What callers hear, in this order.",
    "Pbx.kind": "Which PBX.",
    "Pbx.instance": "A name of at most 8 letters and digits, if several tenants share one PBX.",
    "Pbx.ami": "Asterisk's manager interface.",
    "Pbx.dial_out": "How forwards leave the house.",
    "Pbx.templates": "A folder of dialplan templates that replace ours, beside this file.",
    "Pbx.did_in": "For trunks that send every call to one extension: where the number dialled stands.",
    "DidIn.header": "The header that names the number dialled.",
    "DidIn.extension": "The one extension to which the trunk sends every call.",
    "DidIn.ordinary": "The PBX's own context that has this extension, for calls to no number of ours.",
    "Ami.secret": "The secret, by the name of the file that holds it.",
    "Secret.file": "The file that holds the secret; the secret never stands here.",
    "DialOut.context": "The PBX's context through which forwards leave the house.",
    "DialOut.caller_id": "Whose number the far end sees: the company's own, or the caller's.",
    "Schedule.closed_day": "The fixed weekday behind closed doors.",
    "Schedule.holidays": "Public holidays.",
    "Schedule.hours": "When people answer; days that are not named are closed.",
    "Schedule.dates": "Dates of the company's own; the one written first wins where two meet.",
    "ClosedDay.weekday": "The weekday.",
    "ClosedDay.since": "The first date on which it counts.",
    "Holidays.regions": "Countries (BE) or parts of them (DE-BY).",
    "Schedule.calendars": "Calendars in iCalendar form whose events close.",
    "CalendarSource.ics": "The path of a file, or its address https://…",
    "CalendarSource.mode": "What happens to calls while an event lasts; not ordinary.",
    "CalendarSource.max_days": "It closes at most so many of any twice as many days; more waits for you.",
    "Hours.outside": "The mode outside of the hours.",
    "DateRule.on": "One whole day.",
    "DateRule.from": "From this moment, or the beginning of this day.",
    "DateRule.to": "Until this moment, or the end of this day.",
    "DateRule.mode": "What happens to calls then.",
    "DateRule.ordinary_day": "As if it were neither a closed day nor a holiday; the hours still count.",
    "DateRule.reason": "Free text, for people.",
    "Route.dids": "The numbers that callers dial; a range is +32 9 233 44 00 - 99.",
    "Route.schedule": "The name of a schedule.",
    "Route.ordinary": "The context of the PBX's own dialplan.",
    "Route.mailbox": "MAILBOX@CONTEXT, where messages go.",
    "Route.mailboxes": "Numbers or ranges with a mailbox of their own; {last:2} is the last two digits.",
    "Route.answering_service": "Who answers for the company in the mode answering_service.",
    "Route.language": "What callers of this route hear first, if not the company's first language.",
    "AnsweringService.number": "Where calls go.",
    "AnsweringService.ring": "How long it rings, 5s to 120s.",
    "AnsweringService.max_calls": "Calls at once; the others go to voicemail.",
    "Callers.always_pass": "Callers who always reach the ordinary dialplan.",
    "Callers.blocked": "Callers who are refused.",
    "Callers.we_rang": "For how long whoever the company rang reaches it again: 1h to 72h.",
    "Prompts.skip_key": "The key that ends a sound and leads straight to what follows, such as the tone.",
    "Prompts.language_keys": "The key that changes to a language; it is said in front of the prompt.",
    "Staff.extension": "The desk phone.",
    "Staff.mobile": "The person's mobile, which always reaches the ordinary dialplan.",
    "Staff.language": "The language in which pbxctl writes to the person; it has no effect yet.",
    "Staff.mail": "The person's mail address; it has no effect yet.",
}
"""What editors say of a key, by model and key."""


def json_schema() -> _Schema:
    """The schema of a ``pbxctl.yaml``, as JSON has it."""
    made = Config.model_json_schema()
    models = {model.__name__: model for model in _models(Part)}
    parts: dict[str, _Schema] = made.pop("$defs")
    top = _model("Config", made, models)
    defined = {name: _model(name, part, models) for name, part in parts.items()}
    defined = {"Mode": _MODE, **defined, "OwnStep": _step()}
    return {"$schema": DIALECT, "title": "pbxctl.yaml", **top, "$defs": defined}


def _step() -> _Schema:
    """A step of an own mode: a word, or a mapping with the keys of one kind."""
    kinds = [
        {
            "type": "object",
            "properties": {
                "name": PLAIN,
                **{
                    key: {"type": "object", "additionalProperties": PLAIN}
                    if key in ("ask", "keys", "exits")
                    else PLAIN
                    for key in (kind, *SETTINGS.get(kind, ()), *exits)
                },
            },
            "required": [kind],
            "additionalProperties": False,
        }
        for kind, exits in EXITS.items()
    ]
    return {"anyOf": [{"enum": list(WORDS), "type": "string"}, *kinds]}


def _models(base: type[Part]) -> list[type[Part]]:
    below = base.__subclasses__()
    return [*below, *(each for part in below for each in _models(part))]


def _model(name: str, made: _Schema, models: Mapping[str, type[Part]]) -> _Schema:
    """One model's schema, its keys as a file writes them."""
    if made.get("type") != "object":
        return _value(made)
    model = models.get(name)
    written = _AS_WRITTEN.get(name, {})
    if model is not None and model.file_keys:
        keys = [key for key in model.file_keys if name != "Hours" or len(key) > 3]
        properties = {key: dict(written.get(key, {})) for key in keys}
        required = [key for key in ("outside",) if key in properties]
    else:
        properties = {key: dict(written.get(key) or _value(each)) for key, each in made["properties"].items()}
        required = made.get("required", [])
    for key, each in properties.items():
        if f"{name}.{key}" in DESCRIPTIONS:
            each["description"] = DESCRIPTIONS[f"{name}.{key}"]
    found: _Schema = {
        "type": "object",
        "description": str(made.get("description", "")).partition("\n")[0].replace("``", "`"),
        "properties": properties,
        "additionalProperties": False,
    }
    if name == "Hours":
        found["patternProperties"] = {f"^(?!({'|'.join(properties)})$)[A-Za-z, -]+$": _SPANS}
    if required:
        found["required"] = required
    return found


def _value(made: _Schema) -> _Schema:
    """A value's schema as an editor needs it: what may be written, and examples as YAML reads them."""
    found = {
        key: each
        for key, each in made.items()
        if key not in ("title", "default", "discriminator", "format", "examples", "propertyNames")
    }
    for key in ("anyOf", "oneOf"):
        if key in found:
            choices = [_value(each) for each in found.pop(key) if each != {"type": "null"}]
            found.update(choices[0] if len(choices) == 1 else {"anyOf": choices})
    if "items" in found:
        found["items"] = _value(found["items"])
    if isinstance(found.get("additionalProperties"), dict):
        found["additionalProperties"] = _value(found["additionalProperties"])
    examples = [yaml.load(str(text), yaml.BaseLoader) for text in made.get("examples", ())]  # noqa: S506
    is_text = found.get("type") == "string" and "enum" not in found and "const" not in found
    is_worked_out = found.get("type") == "integer" and any(not str(each).isdecimal() for each in examples)
    if is_text or is_worked_out:
        # The models hold seconds and numbers of weekdays; a file says 20s and wednesday.
        found = {key: each for key, each in found.items() if key not in ("minimum", "maximum", "pattern")}
        found |= PLAIN
    if examples and "…" not in str(examples):
        found["examples"] = examples
    return found
