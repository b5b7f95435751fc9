"""A PBX of our own: at any moment, alone or with others, and gone when we are."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import tempfile
import textwrap
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from pbxctl.errors import OutOfReach
from pbxctl.pbx.asterisk.ami import AmiSession, PbxUnreachable
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import Neighbours
from pbxctl.rehearse.private_pbx import PbxStartFailed, PrivatePbx
from pbxctl.rehearse.sip.agent import SipAgent

BRUSSELS = ZoneInfo("Europe/Brussels")
CLOCK = "STRFTIME(${EPOCH},Europe/Brussels,%F %T)"

CLOCK_TWICE = """
[clock]
exten => s,1,Set(BEFORE=${STRFTIME(${EPOCH},Europe/Brussels,%F %T %z)})
 same => n,Wait(2.1)
 same => n,UserEvent(Clock,Before: ${BEFORE},After: ${STRFTIME(${EPOCH},Europe/Brussels,%F %T %z)})
"""


async def _time_of(pbx: PrivatePbx) -> datetime:
    answer = await pbx.ami.send("Getvar", Variable=CLOCK)
    return datetime.strptime(str(answer.headers["Value"]), "%Y-%m-%d %H:%M:%S").replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    "at",
    [
        datetime(2027, 1, 6, 9, 0, tzinfo=BRUSSELS),
        datetime(2027, 7, 21, 23, 59, 50, tzinfo=BRUSSELS),
        datetime(2020, 2, 29, 12, 0, tzinfo=ZoneInfo("America/New_York")),
    ],
)
async def test_it_believes_the_moment_it_is_given(asterisk_install: AsteriskInstall, at: datetime) -> None:
    async with PrivatePbx(asterisk_install, {}, at=at) as pbx:
        assert timedelta(0) <= await _time_of(pbx) - at < timedelta(seconds=5)


@pytest.mark.parametrize(
    ("at", "before", "after"),
    [
        (datetime(2027, 3, 28, 1, 59, 57, tzinfo=BRUSSELS), "2027-03-28 01:59:", "2027-03-28 03:00:"),
        (
            datetime(2027, 10, 31, 2, 59, 57, fold=0, tzinfo=BRUSSELS),
            "2027-10-31 02:59:",
            "2027-10-31 02:00:",
        ),
    ],
)
async def test_its_clock_goes_over_the_change_of_summer_time(
    asterisk_install: AsteriskInstall, at: datetime, before: str, after: str
) -> None:
    async with PrivatePbx(asterisk_install, {"extensions.conf": CLOCK_TWICE}, at=at) as pbx:
        with pbx.ami.events("UserEvent") as events:
            passed = await _time_of(pbx) - at
            wait = max(0.0, 1.5 - passed.total_seconds())
            await asyncio.sleep(wait)  # Until shortly before the change.
            await pbx.ami.send(
                "Originate", Async="true", Channel="Local/s@clock", Application="Wait", Data="3"
            )
            clock = await events.next(6)
    assert str(clock["Before"]).startswith(before)
    assert str(clock["After"]).startswith(after)


async def test_a_bare_start_gives_asterisk_nothing_to_complain_of(asterisk_install: AsteriskInstall) -> None:
    async with PrivatePbx(asterisk_install, {}) as pbx:
        log = pbx.log_path.read_text().splitlines()
    # The loader of 16 names modules that later releases no longer have: that is Asterisk's own affair.
    complaints = [line for line in log if "but was deprecated in Asterisk" not in line]
    assert [line for line in complaints if "ERROR" in line or "WARNING" in line] == []


async def test_several_run_at_once(asterisk_install: AsteriskInstall) -> None:
    async def name_of(system_name: str) -> str:
        async with PrivatePbx(asterisk_install, {}, system_name=system_name) as pbx:
            return next(line for line in await pbx.run_cli("core show settings") if "System name" in line)

    wanted = [f"pbx{number}" for number in range(3)]
    named = await asyncio.gather(*map(name_of, wanted))
    assert [line.split()[-1] for line in named] == wanted


async def test_it_starts_fast(asterisk_install: AsteriskInstall) -> None:
    began = time.monotonic()
    async with PrivatePbx(asterisk_install, {}):
        # Half a second on an idle machine; this one may be busy.
        assert time.monotonic() - began < 5


async def test_nothing_is_left_behind(asterisk_install: AsteriskInstall, tmp_path: Path) -> None:
    # Too long a path for a control socket: that one lies elsewhere, and goes as well.
    folder = tmp_path / ("x" * 80)
    async with PrivatePbx(asterisk_install, {}, folder=folder) as pbx:
        pid, run = (
            pbx.pid,
            Path((folder / "etc" / "asterisk.conf").read_text().split("astrundir => ")[1].split()[0]),
        )
        assert pid is not None
        assert (run / "asterisk.ctl").exists()
    assert not _runs(pid)
    assert [place for place in (folder, run) if place.exists()] == []


async def test_what_is_to_be_kept_is_kept(asterisk_install: AsteriskInstall, tmp_path: Path) -> None:
    async with PrivatePbx(asterisk_install, {}, folder=tmp_path / "pbx", keep=True) as pbx:
        pass
    assert pbx.log_path.exists()
    with pytest.raises(PbxUnreachable):
        _ = pbx.ami


async def test_its_database_and_clock_outlive_a_restart(asterisk_install: AsteriskInstall) -> None:
    at = datetime(2027, 1, 6, 9, 0, tzinfo=BRUSSELS)
    async with PrivatePbx(asterisk_install, {}, at=at) as pbx:
        await pbx.database_put("pbxctl", "override", "1|7|ordinary")
        first, pid = await _time_of(pbx), pbx.pid
        await pbx.restart()
        assert pbx.pid != pid
        assert "1|7|ordinary" in "".join(await pbx.run_cli("database show pbxctl"))
        assert timedelta(0) <= await _time_of(pbx) - first < timedelta(seconds=15)


async def test_a_kill_is_a_kill_and_a_start_mends_it(asterisk_install: AsteriskInstall) -> None:
    async with PrivatePbx(asterisk_install, {}) as pbx:
        pid = pbx.pid
        assert pid is not None
        await pbx.kill()
        assert not _runs(pid)
        assert pbx.pid is None
        await pbx.restart()
        assert await pbx.run_cli("core show version")


async def test_sounds_and_contexts_and_phones_are_those_given(
    asterisk_install: AsteriskInstall, tmp_path: Path
) -> None:
    voice = asterisk_install.voice("en")
    assert voice is not None
    (tmp_path / "closed.wav").write_bytes((voice / "hello-world.wav").read_bytes())
    dialplan = "[mine]\nexten => 1,1,Answer()\n same => n,Playback(pbxctl/closed)\n same => n,Hangup()\n"
    files = {"extensions.conf": "#include pbxctl/mine.conf\n", "pbxctl/mine.conf": dialplan}
    neighbours = Neighbours(phone_context="mine", phones=("31",))
    async with (
        PrivatePbx(asterisk_install, files, sounds={"pbxctl": tmp_path}, neighbours=neighbours) as pbx,
        await SipAgent.open("127.0.0.3") as phone,
    ):
        result = await (await phone.call("1", pbx.sip_address, from_user="31")).ended(10)
    assert result.code == 200
    assert len(result.recording) / 8000 > 1


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"modules.conf": "[modules]\nautoload=yes\nrequire=no_such_module.so\n"}, "no_such_module"),
        ({"manager.conf": "[general]\nenabled=yes\nport=1\nbindaddr=192.0.2.1\n"}, "did not boot within"),
    ],
)
async def test_one_that_does_not_start_says_why_and_leaves_nothing(
    asterisk_install: AsteriskInstall, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], words: str
) -> None:
    monkeypatch.setattr("pbxctl.rehearse.private_pbx.START_LIMIT_S", 3.0)
    pbx = PrivatePbx(asterisk_install, files)
    with pytest.raises(PbxStartFailed, match=words) as caught:
        async with pbx:
            pass
    assert "its last words:" in str(caught.value)
    assert isinstance(caught.value, OutOfReach)
    assert pbx.pid is None
    assert not pbx.folder.exists()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder that goes even when whoever used it was killed, and short enough for a socket."""
    with tempfile.TemporaryDirectory(prefix="pbxctl-") as folder:
        yield Path(folder)


async def test_it_ends_when_we_are_killed(asterisk_install: AsteriskInstall, short_folder: Path) -> None:
    program = textwrap.dedent(
        """
        import asyncio, sys
        from pathlib import Path
        from pbxctl.rehearse.packages import default_folder, find_install
        from pbxctl.rehearse.private_pbx import PrivatePbx

        async def main():
            async with PrivatePbx(find_install(default_folder()), {}, folder=Path(sys.argv[1])) as pbx:
                print(pbx.pid, flush=True)
                await asyncio.sleep(60)

        asyncio.run(main())
        """
    )
    owner = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, str(short_folder), stdout=asyncio.subprocess.PIPE
    )
    assert owner.stdout is not None
    pid = int(await asyncio.wait_for(owner.stdout.readline(), 20))
    handle = os.pidfd_open(pid)
    try:
        ended = asyncio.Event()
        asyncio.get_running_loop().add_reader(handle, ended.set)
        owner.send_signal(signal.SIGKILL)
        await owner.wait()
        await asyncio.wait_for(ended.wait(), 5)
    finally:
        asyncio.get_running_loop().remove_reader(handle)
        os.close(handle)


async def test_a_start_that_is_broken_off_leaves_nothing(asterisk_install: AsteriskInstall) -> None:
    pbx = PrivatePbx(asterisk_install, {})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.3), pbx:
            pytest.fail("it cannot start that fast")
    assert _processes_in(pbx.folder) == []
    assert not pbx.folder.exists()


async def test_its_manager_knows_nobody_else(asterisk_install: AsteriskInstall) -> None:
    async with PrivatePbx(asterisk_install, {}) as one, PrivatePbx(asterisk_install, {}) as two:
        host, port, user, _ = one.manager
        with pytest.raises(OutOfReach):
            await AmiSession.connect(host, port, user, two.manager[3])


def _processes_in(folder: Path) -> list[str]:
    """The processes that were started with a file in ``folder``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if os.fsencode(folder) in (process / "cmdline").read_bytes():
                found.append(process.name)
        except OSError:  # It has just ended.
            continue
    return found


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
