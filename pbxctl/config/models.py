"""What an administrator may write, as frozen models.

Where a model has a default, the key may be left out of the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator

from pbxctl.config.checks import find_mistakes
from pbxctl.config.closed_days import ClosedDay
from pbxctl.config.dids import Entry, Mailboxes, numbers_of
from pbxctl.config.fields import (
    CanonicalNumber,
    ContextName,
    CountryCode,
    Extension,
    FreeText,
    HostName,
    InstanceName,
    Language,
    LoginName,
    MailAddress,
    MailboxName,
    Part,
    Port,
    Slug,
    TimeZone,
    TrunkExtension,
    chosen,
    hours,
    seconds,
    whole,
)
from pbxctl.config.modes import OwnModes
from pbxctl.config.problems import Mistakes
from pbxctl.config.prompts import Key, Prompts
from pbxctl.config.schedules import CalendarSource, DateRule, Holidays, Hours, Schedule

__all__ = [
    "Ami",
    "AnsweringService",
    "CalendarSource",
    "Callers",
    "ClosedDay",
    "Company",
    "Config",
    "DateRule",
    "DialOut",
    "DidIn",
    "Holidays",
    "Hours",
    "Pbx",
    "Prompts",
    "Route",
    "Schedule",
    "Secret",
    "Staff",
]


DidHeader: TypeAlias = Literal["To", "P-Called-Party-ID", "Diversion"]
DID_HEADERS: Final[tuple[DidHeader, ...]] = ("To", "P-Called-Party-ID", "Diversion")


class Company(Part):
    """Who is called. ``timezone`` is the clock of every schedule; ``country`` says how numbers are read.

    ``languages`` are those that callers hear, the first one first.
    """

    name: FreeText = Field(examples=["Bakkerij Peeters"])
    mail: MailAddress = Field(examples=["info@company.example"])
    timezone: TimeZone = Field(examples=["Europe/Brussels"])
    country: CountryCode = Field(examples=["BE"])
    languages: Annotated[tuple[Language, ...], Field(min_length=1, examples=["[nl, fr]"])]


class Secret(Part):
    """A secret, by the name of the file that holds it; it never stands in the configuration."""

    file: FreeText = Field(examples=["ami.secret"])


class Ami(Part):
    """Asterisk's manager interface."""

    host: HostName = Field(examples=["127.0.0.1"])
    port: Port = 5038
    user: LoginName = Field(examples=["pbxctl"])
    secret: Secret = Field(examples=["{file: ami.secret}"])


class DialOut(Part):
    """How forwards leave the house: a context of the PBX, and whose number the far end sees."""

    context: ContextName = Field(examples=["outbound"])
    caller_id: Annotated[Literal["own", "caller"], chosen("own", "caller")] = "own"


class DidIn(Part):
    """A trunk that sends every call to one extension, and names the number dialled in a header.

    ``ordinary`` is the PBX's own context that has this extension: for calls to no number of ours.
    """

    header: Annotated[DidHeader, chosen(*DID_HEADERS)] = Field(examples=["To"])
    extension: TrunkExtension = Field("s", examples=["s"])
    ordinary: ContextName = Field(examples=["from-provider-ordinary"])


class Pbx(Part):
    """The PBX. ``instance`` tells several tenants on one PBX apart and is empty for the only one.

    ``templates`` is a folder of dialplan templates in place of ours, seen from the configuration's own.
    """

    kind: Annotated[Literal["asterisk"], chosen("asterisk", later=("freeswitch",))] = Field(
        examples=["asterisk"]
    )
    instance: InstanceName = ""
    ami: Ami | None = None
    dial_out: DialOut | None = None
    did_in: DidIn | None = None
    templates: FreeText | None = Field(None, examples=["templates"])


class AnsweringService(Part):
    """Who answers for the company.

    ``ring`` is in seconds; beyond ``max_calls`` at once, callers go to voicemail. Whoever picks up takes a
    call by the key ``confirm``; None: by picking up.
    """

    number: CanonicalNumber = Field(examples=['"+32 2 555 01 02"'])
    ring: Annotated[int, Field(ge=5, le=120, examples=["20s"]), seconds(5, 120)]
    max_calls: Annotated[int, Field(ge=1, le=50), whole(1, 50)] = 4
    confirm: Key | None = Field(None, examples=['"1"'])


class Route(Part):
    """An inbound route: the numbers that callers dial, canonical, and what is behind them.

    ``ordinary`` is the context of the PBX's own dialplan. ``language`` is what its callers
    hear, and ``languages`` what those of single DIDs hear, whatever country they call from.
    ``mailboxes`` are those of single numbers, the others have ``mailbox``.
    """

    dids: Annotated[tuple[Entry, ...], Field(min_length=1, examples=['["+32 9 233 44 55"]'])]
    schedule: Slug = Field(examples=["office"])
    ordinary: ContextName = Field(examples=["from-provider-ordinary"])
    mailbox: MailboxName | None = None
    mailboxes: Mailboxes = Field({}, examples=['{"+32 9 233 44 56": 156@default}'])
    answering_service: AnsweringService | None = None
    language: Language | None = None
    languages: Mapping[Language, tuple[Entry, ...]] = Field({}, examples=['{fr: ["+32 9 233 44 56"]}'])

    @property
    def numbers(self) -> tuple[str, ...]:
        """Every number of its DIDs, ranges written out."""
        return tuple(number for entry in self.dids for number in numbers_of(entry))


class Callers(Part):
    """Callers treated alike on every route, as canonical numbers.

    ``we_rang`` is for how many seconds whoever we rang passes as well; None: not at all.
    """

    always_pass: tuple[CanonicalNumber, ...] = Field((), examples=['["+32 475 12 34 56"]'])
    blocked: tuple[CanonicalNumber, ...] = Field((), examples=['["+32 475 12 34 56"]'])
    we_rang: Annotated[int, Field(ge=3600, le=72 * 3600, examples=["4h"]), hours(1, 72)] | None = None


class Staff(Part):
    """A person of the company, by any name. ``mobile`` is canonical, and passes like a colleague's phone.

    ``extension`` is the desk phone; ``language`` and ``mail`` are how to reach the person later on.
    """

    extension: Extension | None = Field(None, examples=["201"])
    mobile: CanonicalNumber | None = Field(None, examples=['"+32 475 00 11 22"'])
    language: Language | None = None
    mail: MailAddress | None = Field(None, examples=["owner@company.example"])


class Config(Part):
    """A whole configuration; one that contradicts itself cannot be built.

    ``modes`` are those of the administrator's own, beside the ones that pbxctl brings along.
    ``never_close`` guards the numbers of fax, alarm, lift and payment lines: no route may take them.
    """

    version: Annotated[int, Field(ge=1, le=1, examples=["1"]), whole(1, 1)]
    company: Company
    pbx: Pbx
    schedules: Annotated[Mapping[Slug, Schedule], Field(min_length=1, examples=["{office: {…}}"])]
    modes: OwnModes = Field(default_factory=dict, examples=["{reception: [{play: prompt}, voicemail]}"])
    routes: Annotated[Mapping[Slug, Route], Field(min_length=1, examples=["{main: {…}}"])]
    never_close: tuple[CanonicalNumber, ...] = Field((), examples=['["+32 9 233 44 99"]'])
    callers: Callers = Callers()
    staff: Mapping[Slug, Staff] = Field({}, examples=["{owner: {…}}"])
    prompts: Prompts = Prompts()

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> Self:
        if mistakes := find_mistakes(self):
            raise Mistakes(mistakes)
        return self
