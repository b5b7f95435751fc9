"""One configuration for each country, with every kind of rule round the moments at which it matters."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pbxctl.plan.flow import Dial
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts

from .callers import Caller
from .cases import Case, case_of
from .configurations import Configuration, Surroundings, lasting, planned
from .database import Database, Pointed, database_of, good_pointer
from .pbx import DifferentialPbx
from .places import Place, clock_changes
from .report import Difference, differs

FIRST_DAY = date(2026, 11, 24)
HORIZON_DAYS = 760
STRANGER = Caller("0470999999", "0470999999", {})

_TEXT = """\
version: 1
company:
  name: Bakkerij Peeters
  mail: bestel@bakkerij-peeters.example
  timezone: {zone}
  country: {country}
  languages: [nl, fr]
pbx:
  kind: asterisk
  instance: {instance}
  dial_out: {{context: {instance}-outbound}}
schedules:
  office:
    closed_day:
      - {{weekday: {weekday}, since: 2026-12-02, mode: voicemail}}
      - {{weekday: monday, since: 2027-06-01, mode: answering_service}}
      - {{weekday: none, since: 2027-07-01}}
      - {{weekday: {weekday}, since: 2027-08-01, mode: voicemail}}
    holidays: {{regions: [{country}], mode: answering_service}}
    hours: {{mon-sat: "08:30-17:30, 00:00-00:30, 02:30-03:30", sun: "01:45-02:15, 02:30-02:45", \
outside: voicemail}}
    dates:
{dates}
routes:
  main:
    dids: ["{prefix}{index:04}00", "{prefix}{index:04}10 - 12"]
    schedule: office
    ordinary: {instance}-ordinary
    mailbox: 100@{instance}
    mailboxes: {{"{prefix}{index:04}11": 111@{instance}}}
    answering_service: {{number: "{prefix}{index:04}90", ring: 20s}}
callers:
  always_pass: ["{mobile}{index:04}01"]
  blocked: ["{mobile}{index:04}02"]
  we_rang: 4h
staff:
  owner: {{mobile: "{mobile}{index:04}03"}}
"""


def edge_configuration(place: Place, index: int) -> Configuration:
    """A configuration whose closed day falls on the day of a change of the clocks, every other time."""
    text = _TEXT.format(
        zone=place.zone,
        country=place.country,
        prefix=place.prefix,
        mobile=place.mobile,
        instance=f"e{index}",
        index=index,
        weekday=("wednesday", "sunday", "friday")[index % 3],
        dates="".join(f"      - {{{line}}}\n" for line in _dates(place.zone)),
    )
    plan = planned(text, FIRST_DAY, HORIZON_DAYS)
    surroundings = all_there(plan)
    # Sounds in Dutch alone, built-in sentences in French too: so the steps of a call tell its language.
    dutch = frozenset(name for name in surroundings.sounds if name.startswith("nl/"))
    surroundings = replace(surroundings, sounds=dutch)
    plan = lasting(plan, surroundings)
    return Configuration(f"e{index}", text, plan, text, plan, surroundings)


def all_there(plan: Plan) -> Surroundings:
    """A PBX on which nothing is missing, and callers who hang up as soon as something lasts."""
    stems = [prompt.stem for prompt in needed_prompts(plan, catalogue_of(plan))]
    service = plan.routes["main"].flows["answering_service"].steps[0]
    dids = [spelling for did in plan.routes["main"].dids for spelling in did.spellings]
    return Surroundings(
        sounds=frozenset(
            f"{language}/{name}" for language in plan.company.languages for name in ("neutral", *stems)
        ),
        mailboxes=frozenset({f"100@{plan.instance}"}),
        recordings_writable=True,
        ordinary_numbers=frozenset(dids),
        outbound_numbers=frozenset(service.numbers if isinstance(service, Dial) else ()),
        patient=False,
        keyed=False,
    )


def case_at(
    configuration: Configuration,
    at: int,
    pointed: Pointed,
    *,
    database: Database | None = None,
    caller: Caller = STRANGER,
    did: str = "",
) -> Case:
    """A call to the one route at ``at``, with a good pointer unless a database is given."""
    did = did or configuration.default.routes["main"].dids[0].number
    return case_of(configuration, did, "main", caller, at, database or database_of({}, good_pointer(pointed)))


async def differences(pbx: DifferentialPbx, cases: Iterable[Case]) -> list[Difference]:
    """Those of the cases in which simulator and PBX differ."""
    listed = list(cases)
    heard = await pbx.call_all(listed)
    return [Difference(case, real) for case, real in zip(listed, heard, strict=True) if differs(case, real)]


def explained(found: list[Difference]) -> str:
    """The first few differences, and how many there are in all."""
    return "\n".join([f"{len(found)} differ", *(str(difference) for difference in found[:3])])


def _dates(zone: str) -> list[str]:
    lines = [
        "from: 2026-12-24 12:00, to: 2027-01-04 08:30, mode: voicemail",
        "on: 2028-02-29, mode: answering_service",
        "on: 2028-03-01, ordinary_day: true",
    ]
    for number, change in enumerate(at for at in clock_changes(zone) if at > 1_790_000_000):
        day = datetime.fromtimestamp(change, ZoneInfo(zone)).date()
        if number % 2:
            lines.append(f"from: {day} 02:30, to: {day} 03:00, mode: answering_service")
            lines.append(f"from: {day} 00:00, to: {day} 01:30, ordinary_day: true")
        if number == 5:
            break
    lines.append(f"on: {FIRST_DAY + timedelta(days=HORIZON_DAYS - 1)}, mode: answering_service")
    return lines
