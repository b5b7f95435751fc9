"""Where the parts of an Asterisk lie, be it the system's or one unpacked into a folder."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pbxctl.errors import OutOfReach


@dataclass(frozen=True, slots=True)
class AsteriskInstall:
    """An Asterisk that can be started from any folder, and what belongs to it.

    ``loader`` is the argv in front of every program: empty for the system's own, else the
    private dynamic loader with its library path. ``sounds`` holds a folder per voice
    (``en_US_f_Allison``), ``documentation`` the XML that Asterisk reads its own options from.
    """

    asterisk: Path
    version: str
    modules: Path
    documentation: Path
    sounds: Path
    faketime: Path
    espeak: tuple[str, ...]
    espeak_env: Mapping[str, str] = field(default_factory=dict)
    loader: tuple[str, ...] = ()

    def command(self, *, faked: bool) -> tuple[list[str], dict[str, str]]:
        """The argv that starts Asterisk and what its environment needs, with libfaketime if ``faked``."""
        preload = str(self.faketime)
        if not self.loader:
            return [str(self.asterisk)], {"LD_PRELOAD": preload} if faked else {}
        # Through --preload, since LD_PRELOAD would reach the programs of the system that Asterisk
        # starts, whose C library is another one.
        return [*self.loader, *(("--preload", preload) if faked else ()), str(self.asterisk)], {}

    def voice(self, language: str) -> Path | None:
        """The folder of built-in sounds in ``language`` (``en``), or None where there is none."""
        exact = self.sounds / language
        found = [exact] if exact.is_dir() else sorted(self.sounds.glob(f"{language}_*"))
        return found[0] if found else None


def private_install(root: Path, version: str) -> AsteriskInstall:
    loader = loader_of(root)
    share = root / "usr/share/asterisk"
    return AsteriskInstall(
        asterisk=root / "usr/sbin/asterisk",
        version=version,
        modules=_one_of(root, "usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules"),
        documentation=share / "documentation",
        sounds=share / "sounds",
        faketime=_one_of(root, "usr/lib/*/faketime/libfaketimeMT.so.1"),
        espeak=(*loader, str(root / "usr/bin/espeak-ng")),
        espeak_env={
            "ESPEAK_DATA_PATH": str(_one_of(root, "usr/lib/*/espeak-ng-data", "usr/share/espeak-ng-data"))
        },
        loader=loader,
    )


def system_install() -> AsteriskInstall | None:
    """The system's own Asterisk, where all that a rehearsal needs is there with it."""
    asterisk = shutil.which("asterisk", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
    espeak = shutil.which("espeak-ng")
    if asterisk is None or espeak is None:
        return None
    try:
        system = Path("/")
        share = _one_of(system, "usr/share/asterisk", "var/lib/asterisk")
        return AsteriskInstall(
            asterisk=Path(asterisk),
            version=version_of([asterisk]),
            modules=_one_of(system, "usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules"),
            documentation=share / "documentation",
            sounds=_one_of(share, "sounds"),
            faketime=_one_of(system, "usr/lib/*/faketime/libfaketimeMT.so.1"),
            espeak=(espeak,),
        )
    except OutOfReach:
        return None


def loader_of(root: Path) -> tuple[str, ...]:
    """The argv that runs a program of ``root`` with the C library and libraries of ``root``."""
    loader = _one_of(root, "usr/lib/*/ld-linux*.so.*", "lib/*/ld-linux*.so.*", "lib/ld-linux*.so.*")
    patterns = (
        "usr/lib/*-linux-*",
        "lib/*-linux-*",
        "usr/lib",
        "usr/lib/*-linux-*/asterisk",
        "usr/lib/*-linux-*/pulseaudio",
        "usr/lib/asterisk",
    )
    libraries = [str(path) for pattern in patterns for path in sorted(root.glob(pattern)) if path.is_dir()]
    return (str(loader), "--library-path", ":".join(libraries))


def _one_of(root: Path, *patterns: str) -> Path:
    for pattern in patterns:
        for path in sorted(root.glob(pattern)):
            return path
    raise OutOfReach(f"{root} is incomplete: nothing there is named {' or '.join(patterns)}")


def version_of(command: list[str]) -> str:
    text = run_program([*command, "-V"], limit_s=10)
    if (found := re.match(r"Asterisk (?:certified/)?(\d+[.\d]*)", text)) is None:
        raise OutOfReach(f"{command[-1]} does not say its version: {text.strip()!r}")
    return found.group(1)


def run_program(command: list[str], *, limit_s: float) -> str:
    """Run a program of the system and give its output; its last complaint becomes the error."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603 (programs named above, arguments of our own)
            command,
            env=environment,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=limit_s,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise OutOfReach(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        complaints = [line for line in (done.stderr + done.stdout).splitlines() if line.strip()]
        errors = [line for line in complaints if line.startswith(("E:", "dpkg"))] or complaints
        raise OutOfReach(errors[0] if errors else f"{command[0]} ended with {done.returncode}")
    return done.stdout
