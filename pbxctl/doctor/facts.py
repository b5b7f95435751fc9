"""What was seen on the PBX. What could not be looked at is ``None``, never empty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pbxctl.config import Config
from pbxctl.dialplan.asterisk import Conf, Dialplan, LeftOut, parse_extensions
from pbxctl.plan.model import Plan
from pbxctl.render.rendering import Rendering
from pbxctl.render.shared import prefix_of

JOURNAL_NAME = "pbxctl.csv"


@dataclass(frozen=True, slots=True)
class Folders:
    """Asterisk's own folders, as it names them."""

    configuration: str
    spool: str
    log: str
    data: str


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Whoever calls come from: the context they enter, and the codecs they may bring.

    ``by_address`` says that it is known by its address alone, as a provider is and a phone is not.
    """

    name: str
    context: str
    codecs: tuple[str, ...]
    by_address: bool = False


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A mailbox with the settings in force for it."""

    name: str
    deletes: bool
    operator: bool
    exit_context: str
    messages: int
    limit: int


@dataclass(frozen=True, slots=True)
class Files:
    """The configuration files that lie on this machine.

    ``extensions`` is ``None`` where Asterisk would refuse them; ``refused`` then says why.
    ``dialplan`` is what they would load, ``left_out`` the lines it would leave out.
    """

    extensions: Conf | None
    dialplan: Dialplan | None
    left_out: tuple[LeftOut, ...] = ()
    refused: str = ""
    cel_mappings: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Cel:
    """What ``cel show status`` says."""

    enabled: bool
    events: frozenset[str]
    writers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Disk:
    """Room in a folder, in bytes."""

    folder: str
    free: int
    total: int


@dataclass(frozen=True, slots=True)
class Manager:
    """Where the manager interface listens (``HOST:PORT``); is our user taken from some hosts only?"""

    address: str
    limited: bool


@dataclass(frozen=True, slots=True)
class Journal:
    """The journal's folder and file: whether they are there, and how many calls the PBX has had."""

    folder: bool
    file: bool
    calls: int


@dataclass(frozen=True)
class Facts:
    """One look at a PBX. ``lacking`` are the rights that the user does not have, with what was answered.

    Names of applications, functions and formats are in lower case; ``unheard_codecs`` are those that
    cannot be translated to or from plain sound. ``offset_s`` is how much later the PBX's clock is;
    ``zones`` are schedules' zones that the PBX reads otherwise, each with an example.
    ``absent_sounds`` are those of Asterisk's own that our dialplan plays and that are not there,
    ``prompts`` the files below our folder of sounds that hold something.
    """

    version: str | None = None
    lacking: Mapping[str, str] = field(default_factory=dict)
    manager: Manager | None = None
    folders: Folders | None = None
    applications: frozenset[str] | None = None
    functions: frozenset[str] | None = None
    modules: frozenset[str] | None = None
    formats: frozenset[str] | None = None
    dialplan: Dialplan | None = None
    from_files: Dialplan | None = None
    files: Files | None = None
    endpoints: tuple[Endpoint, ...] | None = None
    mailboxes: Mapping[str, Mailbox] | None = None
    unheard_codecs: frozenset[str] | None = None
    database: Mapping[str, str] | None = None
    cel: Cel | None = None
    journal: Journal | None = None
    disks: tuple[Disk, ...] | None = None
    offset_s: float | None = None
    zones: Mapping[str, str] | None = None
    absent_sounds: frozenset[str] | None = None
    prompts: frozenset[str] | None = None


@dataclass(frozen=True)
class Subject:
    """What is examined: what the configuration wants, and what was seen on the PBX."""

    config: Config
    plan: Plan
    rendering: Rendering
    facts: Facts

    @property
    def prefix(self) -> str:
        return prefix_of(self.plan)

    @property
    def inbound(self) -> str:
        """The context that a trunk's context includes first."""
        return f"{self.prefix}-inbound"

    @property
    def unlisted(self) -> str:
        """The context that a trunk's context includes last."""
        return f"{self.prefix}-unlisted"

    @property
    def applied(self) -> bool:
        """Whether anything of ours is in force there: the pointer is in the database."""
        return self.facts.database is not None and self.rendering.pointer.key in self.facts.database

    @cached_property
    def rendered(self) -> Dialplan:
        """Our own contexts, as the configuration renders them today."""
        text = "\n".join(self.rendering.files.values())
        return parse_extensions(text, "the rendered files", lambda pattern: ()).dialplan
