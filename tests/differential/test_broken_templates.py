"""The comparison can fail: a template that is wrong by a sign or a line is seen on the PBX."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from pbxctl.plan.keys import Keys
from pbxctl.plan.modes import voicemail_flow
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.rehearse.packages import AsteriskInstall

from .callers import presented
from .cases import Case, case_of
from .configurations import Configuration
from .database import (
    Pointed,
    bad_overrides,
    bad_rangs,
    database_of,
    good_overrides,
    good_pointer,
    good_rangs,
    psaps,
)
from .edges import STRANGER, case_at, differences, edge_configuration
from .pbx import DifferentialPbx
from .places import PLACES
from .report import Difference


@dataclass(frozen=True, slots=True)
class Break:
    """One text of a template, and what an administrator made of it.

    ``patient`` callers leave their message. Whoever hangs up as soon as a step lasts would not always hear
    that it was another mailbox that failed: the next step is reached a millisecond later.
    """

    template: str
    right: str
    wrong: str
    patient: bool = False
    keyed: bool = False  # seen by callers who press keys, in flows that offer languages


BREAKS = {
    "nothing is broken": Break("generation.conf.j2", "", ""),
    "nothing is broken, and callers are patient": Break("generation.conf.j2", "", "", patient=True),
    "an edge of the week a second late": Break(
        "generation.conf.j2", "${PBXCTL_LOCAL:9:6} >= ", "${PBXCTL_LOCAL:9:6} > "
    ),
    "the closed day a day late": Break("generation.conf.j2", "${PBXCTL_DATE} >= ", "${PBXCTL_DATE} > "),
    "an edge of a date a second late": Break(
        "rungs/timeline.conf.j2", "> ${PBXCTL_NOW}]?window", ">= ${PBXCTL_NOW}]?window"
    ),
    "the first part of a date left out": Break("rungs/timeline.conf.j2", "PBXCTL_PART=1)", "PBXCTL_PART=2)"),
    "the weekday of another day": Break("generation.conf.j2", "d${PBXCTL_LOCAL:8:1}", "d${PBXCTL_LOCAL:7:1}"),
    "an override a second too long": Break("rungs/override.conf.j2", "> ${PBXCTL_NOW}", ">= ${PBXCTL_NOW}"),
    "an override of the next field": Break("rungs/override.conf.j2", "FACT,|,3)", "FACT,|,2)"),
    "a psap window a second too long": Break("rungs/psap.conf.j2", "> ${PBXCTL_NOW}", ">= ${PBXCTL_NOW}"),
    "blocked callers passed over": Break("rungs/psap.conf.j2", "{{ rung.next }}", "always_pass"),
    "the override passed over": Break("rungs/always_pass.conf.j2", "{{ rung.next }}", "timeline"),
    "whom we rang a second too long": Break("rungs/always_pass.conf.j2", "} >= {{ plan.we", "} > {{ plan.we"),
    "whom we rang by half its number": Break(
        "rungs/always_pass.conf.j2", '"x${PBXCTL_DIGITS:-8}"', '"x${CUT(PBXCTL_FACT,|,3)}"'
    ),
    "whom we will have rung": Break(
        "rungs/always_pass.conf.j2", "> ${PBXCTL_NOW}]?{{ rung.next }},1", "> ${PBXCTL_NOW}0]?standing,1"
    ),
    "a mark passed over": Break("language.conf.j2", "}?marked:", "}?unmarked:"),
    "a country passed over": Break("language.conf.j2", "abroad,c${PBXCTL_CALLER},1)}", "abroad,c,1)}"),
    "the mailbox of a number passed over": Break(
        "generation.conf.j2", "PBXCTL_MAILBOX=", "PBXCTL_BOX=", patient=True
    ),
    "the route's mailbox alone": Break(
        "steps/voicemail.conf.j2",
        "VoiceMail(${PBXCTL_MAILBOX}",
        "VoiceMail({{ step.mailbox }}",
        patient=True,
    ),
    "a step that says nothing": Break("generation.conf.j2", "1|step|{{ flow.mode }}|", "1|step|mode|"),
    "nothing is broken, with keys": Break("generation.conf.j2", "", "", keyed=True),
    "a language offered to those who speak it": Break(
        "steps/offer.conf.j2", '}" = "{{ step.language }}"]', '}" != "{{ step.language }}"]', keyed=True
    ),
    "a language offered in another": Break(
        "steps/offer.conf.j2", "/{{ step.language }}/", "/${PBXCTL_LANGUAGE}/", keyed=True
    ),
    "the prompt in place of an offer": Break(
        "steps/offer.conf.j2", "{{ stem_of(step) }}", "${PBXCTL_PROMPT}", keyed=True
    ),
    "a language that was chosen in vain": Break(
        "steps/speak.conf.j2", "Set(PBXCTL_LANGUAGE=", "Set(PBXCTL_LANGAUGE=", keyed=True
    ),
    "every key leads on": Break(
        "sound.conf.j2", "{{ step.exits[key] }}", "{{ step.exits.done }}", keyed=True
    ),
    "no key but the first": Break(
        "sound.conf.j2", "{{ step.keys | join }}", "{{ step.keys[0] }}", keyed=True
    ),
    "a sound with keys that is not there passes for heard": Break(
        "sound.conf.j2", "?{{ failed }},1:{{ step.exits.done }},1)", "?{{ step.exits.done }},1)", keyed=True
    ),
}

MONDAY = int(datetime(2026, 12, 7, 7, 30, tzinfo=UTC).timestamp())
"""08:30 in Brussels: the second at which the doors open."""


def _configuration(index: int, *, patient: bool) -> Configuration:
    configuration = edge_configuration(PLACES[0], 3 * index)
    # Only the mailbox of a number's own is there, so that a message tells which one was asked.
    own = frozenset({f"111@{configuration.instance}"})
    surroundings = replace(configuration.surroundings, mailboxes=own, patient=patient)
    return replace(configuration, surroundings=surroundings)


def _keyed(index: int) -> Configuration:
    """Callers press 1 for the tone, 2 for French, 3 for Dutch; French has no sound but for its offer."""
    configuration = edge_configuration(PLACES[0], 3 * index)
    plan = configuration.default
    route = plan.routes["main"]
    flow = voicemail_flow(f"100@{plan.instance}", Keys("1", {"nl": "3", "fr": "2"}))
    plan = replace(plan, routes={"main": replace(route, flows={**route.flows, flow.mode: flow})})
    sounds = {
        f"{language}/{prompt.stem}"
        for prompt in needed_prompts(plan, catalogue_of(plan))
        for language in prompt.texts
        if language == "nl" or prompt.key
    }
    surroundings = replace(configuration.surroundings, sounds=frozenset({"nl/neutral", *sounds}), keyed=True)
    return replace(configuration, default=plan, current=plan, surroundings=surroundings)


@pytest.fixture(scope="module")
async def found(
    asterisk_install: AsteriskInstall,
    templates: Mapping[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Mapping[str, list[Difference]]:
    """What differs for each break: one PBX with an instance for each, and all of them called at once."""
    configurations = {
        name: _keyed(index) if change.keyed else _configuration(index, patient=change.patient)
        for index, (name, change) in enumerate(BREAKS.items())
    }
    names = {each.instance: name for name, each in configurations.items()}

    def templates_of(configuration: Configuration) -> Mapping[str, str]:
        change = BREAKS[names[configuration.instance]]
        text = templates[change.template]
        assert change.right in text
        return {**templates, change.template: text.replace(change.right, change.wrong)}

    folder = tmp_path_factory.mktemp("broken")
    async with DifferentialPbx.running(
        asterisk_install, list(configurations.values()), templates_of, folder
    ) as pbx:
        everybody = [
            case
            for name, configuration in configurations.items()
            for case in (_keyed_cases if BREAKS[name].keyed else _telling_cases)(
                configuration, pbx.instances[configuration.instance].pointed
            )
        ]
        found: dict[str, list[Difference]] = {name: [] for name in BREAKS}
        for each in await differences(pbx, everybody):
            found[names[each.case.configuration.instance]].append(each)
    return found


@pytest.mark.parametrize("name", BREAKS)
def test_a_broken_template_is_a_difference(found: Mapping[str, list[Difference]], name: str) -> None:
    assert bool(found[name]) is (BREAKS[name].right != BREAKS[name].wrong), found[name]


def _keyed_cases(configuration: Configuration, pointed: Pointed) -> list[Case]:
    """Outside hours a Dutch and a French caller press each key that leads somewhere, and one more."""
    database = database_of({}, good_pointer(pointed))
    did = configuration.default.routes["main"].dids[0].number
    return [
        case_of(configuration, did, "main", caller, MONDAY - 3600, database, key=key)
        for caller in (STRANGER, presented("+33612345678"))
        for key in "1239"
    ]


def _telling_cases(configuration: Configuration, pointed: Pointed) -> list[Case]:
    """Calls at edges, of which each break must change at least one."""
    if configuration.surroundings.patient:
        return _message_cases(configuration, pointed)
    week = [MONDAY + int(timedelta(days=day).total_seconds()) for day in range(-7, 4)]
    moments = [at + second for at in (*week, MONDAY - 6 * 86_400 - 8 * 3600) for second in (-1, 0, 1)]
    moments += [
        int(datetime(2026, 12, 24, 11, tzinfo=UTC).timestamp()) + second
        for second in (-40_000, -1, 0, 1, 40_000)
    ]
    moments += [int(datetime(2026, 12, 1, 23, tzinfo=UTC).timestamp())]
    moments += [int(datetime(2026, 12, 28, 11, tzinfo=UTC).timestamp())]
    pointer = good_pointer(pointed)
    overrides = [good_overrides("ordinary", MONDAY)[0], bad_overrides("voicemail", MONDAY)[0]]
    databases = [database_of({"override/main": value}, pointer) for value in overrides]
    databases += [database_of({"psap": value}, pointer) for value in psaps(MONDAY)[:4]]
    marked = database_of({f"language/{STRANGER.number}": "1|fr"}, pointer)
    seconds = configuration.default.we_rang_s
    assert seconds is not None
    rang = [
        database_of({"rang/9999": value}, pointer)
        for value in (
            *good_rangs("70999999", MONDAY - 3600, seconds),
            *bad_rangs("70999999", MONDAY - 3600, seconds)[:6],
        )
    ]
    blocked = presented(configuration.default.blocked[0].number)
    return [
        *(case_at(configuration, at, pointed) for at in moments),
        case_at(configuration, MONDAY - 3600, pointed, database=marked),
        *(case_at(configuration, MONDAY - 3600, pointed, database=database) for database in rang),
        *_message_cases(configuration, pointed),
        *(
            case_at(configuration, MONDAY + second, pointed, database=database, caller=caller)
            for database in databases
            for second in (-3600, 0)
            for caller in (STRANGER, blocked)
        ),
    ]


def _message_cases(configuration: Configuration, pointed: Pointed) -> list[Case]:
    """Calls to a number with a mailbox of its own, and to one without where nobody waits for the end of it.

    To a French caller nothing here can be said, so that the message comes at once.
    """
    french = presented("+33612345678")
    dids = configuration.default.routes["main"].dids
    return [
        case_at(configuration, MONDAY - 3600, pointed, caller=french, did=did.number)
        for did in (dids[2], dids[0])
        if did.mailbox or not configuration.surroundings.patient
    ]
