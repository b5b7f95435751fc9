"""A PBX on which all is right for the bakery, and faults to be made on it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from pbxctl.config import LoadedConfig, load_config
from pbxctl.doctor.examine import Report, examine
from pbxctl.doctor.finding import Finding
from pbxctl.pbx.asterisk.ami import AmiSession
from pbxctl.plan.build import build_plan
from pbxctl.plan.model import Plan
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import Neighbours
from pbxctl.rehearse.private_pbx import PrivatePbx
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.rendering import Rendering
from tests.render.rendered import render, templates
from tests.scenarios.room import modules_conf

BAKERY = (
    (Path(__file__).parents[2] / "examples" / "bakery" / "pbxctl.yaml").read_text()
    + """
prompts: {skip_key: 1, language_keys: {fr: 2}}
"""
)
NEIGHBOURS = Neighbours(trunk_context="from-provider", phone_context="phones", rehearsal_context="nowhere")

WRAPPER = """\
[from-provider]
include => pbxctl-inbound
include => from-provider-ordinary
include => pbxctl-unlisted
"""
ORDINARY = """\
[from-provider-ordinary]
exten => 092334455,1,Dial(PJSIP/201,30)
exten => 003292334455,1,Dial(PJSIP/201,30)
exten => 3292334455,1,Dial(PJSIP/201,30)
exten => +3292334455,1,Dial(PJSIP/201,30)
exten => 092334466,1,Dial(PJSIP/202,30)
exten => 003292334466,1,Dial(PJSIP/202,30)
exten => 3292334466,1,Dial(PJSIP/202,30)
exten => +3292334466,1,Dial(PJSIP/202,30)
"""
PHONES = """\
[phones]
exten => 112,1,Dial(PJSIP/112@trunk)
exten => _10X,1,Dial(PJSIP/${EXTEN}@trunk)
exten => _2XX,1,Dial(PJSIP/${EXTEN},30)
include => outbound
[outbound]
exten => _0X.,1,Dial(PJSIP/${EXTEN}@trunk)
"""
INCLUDE = "#tryinclude pbxctl/*.conf\n"
VOICEMAIL = "[general]\nformat=wav\nmailcmd=/bin/true\n[default]\n100 => 1234,main\n101 => 1234,orders\n"


def extensions(*parts: str) -> str:
    """A dialplan out of parts; ours are included last."""
    return "[general]\nclearglobalvars=yes\n" + "\n".join(parts) + "\n" + INCLUDE


GOOD = extensions(WRAPPER, ORDINARY, PHONES)


@dataclass(frozen=True)
class House:
    """The PBX, and what the configuration wants of it."""

    pbx: PrivatePbx
    loaded: LoadedConfig
    plan: Plan
    rendering: Rendering
    sounds: Path

    async def examined(self, session: AmiSession | None = None) -> Report:
        return await examine(session or self.pbx.ami, self.loaded, self.plan, self.rendering)

    async def found(self, session: AmiSession | None = None) -> dict[str, Finding]:
        """What is found, by its id; of several of one id the first."""
        report = await self.examined(session)
        return {finding.id: finding for finding in reversed(report.findings)}

    def write(self, name: str, text: str) -> None:
        path = self.pbx.folder / "etc" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)

    async def load(self, text: str) -> None:
        """Put another dialplan in the place of the good one, and have it loaded."""
        self.write("extensions.conf", text)
        await self.pbx.run_cli("dialplan reload")

    async def put_right(self) -> None:
        """As it was in the beginning."""
        for name, text in self.rendering.files.items():
            self.write(f"pbxctl/{name}", text)
        await self.load(GOOD)

    def wanting(self, before: str, after: str) -> House:
        """The same PBX, and a configuration that says something else."""
        assert before in BAKERY
        return House(self.pbx, *planned(BAKERY.replace(before, after)), self.sounds)


def planned(text: str) -> tuple[LoadedConfig, Plan, Rendering]:
    loaded = load_config(text.encode(), "pbxctl.yaml")
    plan = build_plan(loaded, date(2026, 11, 24), 60)
    return loaded, plan, render(plan)


@asynccontextmanager
async def house(
    install: AsteriskInstall,
    files: Mapping[str, str] | None = None,
    *,
    noload: tuple[str, ...] = (),
    at: datetime | None = None,
    neighbours: Neighbours = NEIGHBOURS,
    applied: bool = True,
) -> AsyncIterator[House]:
    """A PBX as it is after everything was done, but for what a test leaves out."""
    with TemporaryDirectory(prefix="pbxctl-") as folder:
        async with _house(install, files or {}, noload, at, neighbours, applied, Path(folder)) as made:
            yield made


@asynccontextmanager
async def _house(
    install: AsteriskInstall,
    files: Mapping[str, str],
    noload: tuple[str, ...],
    at: datetime | None,
    neighbours: Neighbours,
    applied: bool,
    sounds: Path,
) -> AsyncIterator[House]:
    loaded, plan, _ = planned(BAKERY)
    rendering = render_asterisk(plan, templates(), AsteriskSettings(sounds=str(sounds)))
    configuration = {
        "extensions.conf": GOOD,
        "voicemail.conf": VOICEMAIL,
        "modules.conf": modules_conf(noload),
        **{f"pbxctl/{name}": text for name, text in rendering.files.items()},
        **files,
    }
    async with PrivatePbx(install, configuration, at=at, neighbours=neighbours) as pbx:
        made = House(pbx, loaded, plan, rendering, sounds)
        lay_sounds(made)
        if applied:
            for entry in (*rendering.entries, rendering.pointer):
                await pbx.database_put(entry.family, entry.key, entry.value)
        yield made


def lay_sounds(made: House) -> None:
    prompts = needed_prompts(made.plan, catalogue_of(made.plan))
    for language in made.plan.company.languages:
        files = [prompt.file(language) for prompt in prompts if language in prompt.texts]
        for file in (f"{language}/neutral.wav", *files):
            (made.sounds / language).mkdir(exist_ok=True)
            (made.sounds / file).write_bytes(b"RIFF")


def without(text: str, line: str) -> str:
    assert line in text
    return text.replace(line, "")


def write_configuration(folder: Path, made: House, secret: str | None = None) -> Path:
    """``pbxctl.yaml`` for this PBX, with the file of its secret beside it."""
    host, port, user, known = made.pbx.manager
    ami = f"ami: {{host: {host}, port: {port}, user: {user}, secret: {{file: ami.secret}}}}"
    path = folder / "pbxctl.yaml"
    path.write_text(BAKERY.replace("ami: {host: 127.0.0.1, user: pbxctl, secret: {file: ami.secret}}", ami))
    (folder / "ami.secret").write_text((secret or known) + "\n")
    (folder / "ami.secret").chmod(0o640)
    return path
