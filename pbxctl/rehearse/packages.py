"""The Asterisk that a rehearsal starts: the system's, or Debian's packages unpacked into a folder.

Most Debian releases carry no Asterisk of their own, and a rehearsal needs no root. So the
packages of one release are resolved and downloaded with plain apt (which checks signatures and
hashes itself), from the mirror that this machine is set up with, and unpacked with ``dpkg -x``.
They run beside the system by their own dynamic loader, without a chroot.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pbxctl.errors import OutOfReach
from pbxctl.resources import resource_folder

RELEASE = "forky"
PACKAGES = ("asterisk", "asterisk-modules", "asterisk-core-sounds-en-wav", "libfaketime", "espeak-ng")
KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Asterisk has this path compiled in; without it every named zone silently becomes UTC.
ZONES = Path("/usr/share/zoneinfo")
SYSTEM_WAY_OUT = (
    "install the system's own: sudo apt-get install asterisk asterisk-modules"
    " asterisk-core-sounds-en-wav libfaketime espeak-ng tzdata"
)

Progress = Callable[[str], None]


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


def default_folder() -> Path:
    """Where the private Asterisk lies: ``PBXCTL_PRIVATE``, the checkout's ``.private``, the user's cache."""
    if named := os.environ.get("PBXCTL_PRIVATE"):
        return Path(named)
    checkout = resource_folder("sounds").parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".private"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pbxctl" / "private"


def find_install(folder: Path) -> AsteriskInstall:
    """The Asterisk to use, without fetching anything.

    Raises:
        OutOfReach: neither the system nor ``folder`` has a whole one; the text says what to do.
    """
    folder = folder.resolve()
    if not (ZONES / "Europe" / "Brussels").exists():
        raise OutOfReach("this machine has no time zones: sudo apt-get install tzdata")
    if (install := _system_install()) is not None:
        return install
    if _read_stamp(folder).get("wanted") == _wanted():
        return _private_install(folder / "root", _read_stamp(folder)["version"])
    raise OutOfReach(f"no Asterisk to rehearse with: run python -m pbxctl.rehearse.packages {folder}")


def fetch_install(folder: Path, progress: Progress) -> AsteriskInstall:
    """The Asterisk to use, fetched into ``folder`` where need be.

    A run that was broken off is finished by the next one; two at once wait for each other.

    Raises:
        OutOfReach: it cannot be had; the text says why and what to do.
    """
    with _locked(folder):
        try:
            install = find_install(folder)
        except OutOfReach:
            _fetch(folder.resolve(), progress)
            install = find_install(folder)
    progress(f"Asterisk {install.version} ({install.asterisk})")
    return install


def _fetch(folder: Path, progress: Progress) -> None:
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            raise OutOfReach(f"{tool} is missing: a rehearsal needs Debian or Ubuntu, or {SYSTEM_WAY_OUT}")
    if not KEYRING.is_file():
        raise OutOfReach(f"{KEYRING} is missing: install debian-archive-keyring, or {SYSTEM_WAY_OUT}")
    (folder / "stamp.json").unlink(missing_ok=True)
    began = time.monotonic()
    packages = _download(folder, progress)
    size = sum(package.stat().st_size for package in packages)
    progress(f"fetched {len(packages)} packages, {size / 1e6:.0f} MB, in {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for package in packages:
        _run(["dpkg", "-x", str(package), str(root)], limit_s=120)
    version = _version_of([*_loader_of(root), str(root / "usr/sbin/asterisk")])
    _private_install(root, version)  # Whole? Better to know before the stamp says so.
    shutil.rmtree(folder / "apt")
    stamp = folder / "stamp.new"
    stamp.write_text(json.dumps({"wanted": _wanted(), "version": version, "release": RELEASE}) + "\n")
    stamp.replace(folder / "stamp.json")
    progress(f"unpacked in {time.monotonic() - began:.1f} s")


def _download(folder: Path, progress: Progress) -> list[Path]:
    """Resolve the packages and all they need, as if nothing were installed, and download them."""
    reason = f"apt is not set up with a Debian mirror ({RELEASE} is needed): {SYSTEM_WAY_OUT}"
    for mirror in _debian_mirrors():
        apt = _write_apt_configuration(folder / "apt", mirror)
        progress(f"fetching {', '.join(PACKAGES)} and what they need from {mirror} {RELEASE}")
        try:
            _run([*apt, "update"], limit_s=300)
            _run([*apt, "-y", "--download-only", "install", *PACKAGES], limit_s=1800)
        except OutOfReach as error:
            reason = f"Asterisk cannot be fetched from {mirror}: {error}"
            continue
        return sorted((folder / "apt" / "cache" / "archives").glob("*.deb"))
    raise OutOfReach(reason)


def _debian_mirrors() -> list[str]:
    """The addresses of Debian's main archive that this machine's apt is set up with."""
    listing = _run(["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)"], limit_s=30)
    entries = dict.fromkeys(tuple(line.split("|", 1)) for line in listing.splitlines() if "|" in line)
    # The origin is known only once apt has updated; before, the address has to tell.
    known = [uri for uri, origin in entries if origin == "Debian" and "security" not in uri]
    guessed = [uri for uri, origin in entries if not origin and re.search(r"/debian/?$", uri)]
    return list(dict.fromkeys(known + guessed))


def _write_apt_configuration(state: Path, mirror: str) -> list[str]:
    """Give apt a state of its own in ``state``; its proxies, certificates and log-ins stay the machine's."""
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    architecture = _run(["dpkg", "--print-architecture"], limit_s=10).strip()
    (state / "sources.list").write_text(
        f"deb [arch={architecture} signed-by={KEYRING}] {mirror} {RELEASE} main\n"
    )
    try:
        user = pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # A container may run us as a number only.
        user = "root"
    options = {
        "Dir::Etc::SourceList": state / "sources.list",
        "Dir::Etc::SourceParts": "/dev/null",
        "Dir::Etc::Preferences": "/dev/null",
        "Dir::Etc::PreferencesParts": "/dev/null",
        "Dir::State": state,
        "Dir::State::Lists": state / "lists",
        "Dir::State::status": state / "status",
        "Dir::Cache": state / "cache",
        "Dir::Log": state,
        "APT::Architectures": architecture,
        "APT::Default-Release": "",
        "APT::Install-Recommends": "false",
        "APT::Sandbox::User": user,
        "Acquire::Check-Valid-Until": "false",
        "Acquire::Languages": "none",
        "Acquire::Retries": "3",
        "Debug::NoLocking": "1",
    }
    # The machine's hooks are for the machine's packages.
    cleared = ("APT::Update::Pre-Invoke", "APT::Update::Post-Invoke", "APT::Update::Post-Invoke-Success")
    lines = [f"#clear {name};" for name in cleared]
    lines += [f'{name} "{value}";' for name, value in options.items()]
    (state / "apt.conf").write_text("\n".join(lines) + "\n")
    return ["apt-get", "-q", "-c", str(state / "apt.conf")]


def _private_install(root: Path, version: str) -> AsteriskInstall:
    loader = _loader_of(root)
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


def _system_install() -> AsteriskInstall | None:
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
            version=_version_of([asterisk]),
            modules=_one_of(system, "usr/lib/*/asterisk/modules", "usr/lib/asterisk/modules"),
            documentation=share / "documentation",
            sounds=_one_of(share, "sounds"),
            faketime=_one_of(system, "usr/lib/*/faketime/libfaketimeMT.so.1"),
            espeak=(espeak,),
        )
    except OutOfReach:
        return None


def _loader_of(root: Path) -> tuple[str, ...]:
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


def _version_of(command: list[str]) -> str:
    text = _run([*command, "-V"], limit_s=10)
    if (found := re.match(r"Asterisk (?:certified/)?(\d+[.\d]*)", text)) is None:
        raise OutOfReach(f"{command[-1]} does not say its version: {text.strip()!r}")
    return found.group(1)


def _wanted() -> str:
    """Digest of what a private folder should hold: another list of packages is fetched anew."""
    return hashlib.sha256(" ".join((RELEASE, *PACKAGES)).encode()).hexdigest()[:16]


def _read_stamp(folder: Path) -> dict[str, str]:
    try:
        stamp = json.loads((folder / "stamp.json").read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def _run(command: list[str], *, limit_s: float) -> str:
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
        errors = [line for line in complaints if line.startswith(("E:", "Err:", "dpkg"))] or complaints
        raise OutOfReach(errors[-1] if errors else f"{command[0]} ended with {done.returncode}")
    return done.stdout


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """``python -m pbxctl.rehearse.packages [FOLDER]``: fetch the private Asterisk, say how it went."""
    folder = Path(arguments[0]) if arguments else default_folder()

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    try:
        fetch_install(folder, say)
    except OutOfReach as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
