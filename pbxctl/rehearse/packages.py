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
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pbxctl.errors import OutOfReach
from pbxctl.rehearse.asterisk_install import (
    AsteriskInstall,
    loader_of,
    private_install,
    run_program,
    system_install,
    version_of,
)
from pbxctl.resources import resource_folder

KEYRING = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
# Asterisk has this path compiled in; without it every named zone silently becomes UTC.
ZONES = Path("/usr/share/zoneinfo")
SYSTEM_WAY_OUT = (
    "install the system's own: sudo apt-get install asterisk asterisk-modules"
    " asterisk-core-sounds-en-wav libfaketime espeak-ng tzdata"
)

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Release:
    """A release of Debian, and which of its packages make an Asterisk whole.

    ``or_systems`` is true where the system's own Asterisk will do as well, whatever its version.
    """

    name: str
    packages: tuple[str, ...]
    or_systems: bool

    @property
    def digest(self) -> str:
        """What a private folder should hold: another list of packages is fetched anew."""
        return hashlib.sha256(" ".join((self.name, *self.packages)).encode()).hexdigest()[:16]


_PACKAGES = ("asterisk", "asterisk-modules", "asterisk-core-sounds-en-wav", "libfaketime", "espeak-ng")
FORKY = Release("forky", _PACKAGES, or_systems=True)
"""Asterisk 22, to rehearse with."""
BULLSEYE = Release("bullseye", (*_PACKAGES, "asterisk-voicemail"), or_systems=False)
"""Asterisk 16, for tests alone; voicemail is a package of its own there."""
RELEASES = {release.name: release for release in (FORKY, BULLSEYE)}


def default_folder() -> Path:
    """Where the private Asterisk lies: ``PBXCTL_PRIVATE``, the checkout's ``.private``, the user's cache."""
    if named := os.environ.get("PBXCTL_PRIVATE"):
        return Path(named)
    checkout = resource_folder("sounds").parent
    if (checkout / "pyproject.toml").is_file():
        return checkout / ".private"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "pbxctl" / "private"


def find_install(folder: Path, release: Release = FORKY) -> AsteriskInstall:
    """The Asterisk to use, without fetching anything. Each release has a ``folder`` of its own.

    Raises:
        OutOfReach: neither the system nor ``folder`` has a whole one; the text says what to do.
    """
    folder = folder.resolve()
    _check_zones()
    if release.or_systems and (install := system_install()) is not None:
        return install
    if _read_stamp(folder).get("wanted") == release.digest:
        return private_install(folder / "root", _read_stamp(folder)["version"])
    named = "" if release is FORKY else f" {release.name}"
    raise OutOfReach(f"no Asterisk to rehearse with: run python -m pbxctl.rehearse.packages {folder}{named}")


def fetch_install(folder: Path, progress: Progress, release: Release = FORKY) -> AsteriskInstall:
    """The Asterisk to use, fetched into ``folder`` where need be.

    A run that was broken off is finished by the next one; two at once wait for each other.

    Raises:
        OutOfReach: it cannot be had; the text says why and what to do.
    """
    _check_zones()
    try:
        # Without the lock: whoever may only read what another user has fetched can use it, too.
        install = find_install(folder, release)
    except OutOfReach:
        install = _fetch_once(folder.resolve(), progress, release)
    progress(f"Asterisk {install.version} ({install.asterisk})")
    return install


def _check_zones() -> None:
    if not (ZONES / "Europe" / "Brussels").exists():
        raise OutOfReach("this machine has no time zones: sudo apt-get install tzdata")


def _fetch_once(folder: Path, progress: Progress, release: Release) -> AsteriskInstall:
    """Fetch, unless another run has done so while we waited for it."""
    try:
        with _locked(folder):
            try:
                return find_install(folder, release)
            except OutOfReach:
                _fetch(folder, progress, release)
                return find_install(folder, release)
    except OSError as error:
        raise OutOfReach(f"Asterisk cannot be fetched: {error}") from error


def _fetch(folder: Path, progress: Progress, release: Release) -> None:
    for tool in ("apt-get", "dpkg"):
        if shutil.which(tool) is None:
            raise OutOfReach(f"{tool} is missing: a rehearsal needs Debian or Ubuntu, or {SYSTEM_WAY_OUT}")
    if not KEYRING.is_file():
        raise OutOfReach(f"{KEYRING} is missing: install debian-archive-keyring, or {SYSTEM_WAY_OUT}")
    (folder / "stamp.json").unlink(missing_ok=True)
    began = time.monotonic()
    packages = _download(folder, progress, release)
    size = sum(package.stat().st_size for package in packages)
    progress(f"fetched {len(packages)} packages, {size / 1e6:.0f} MB, in {time.monotonic() - began:.1f} s")
    began = time.monotonic()
    root = folder / "root"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for package in packages:
        run_program(["dpkg", "-x", str(package), str(root)], limit_s=120)
    version = version_of([*loader_of(root), str(root / "usr/sbin/asterisk")])
    private_install(root, version)  # Whole? Better to know before the stamp says so.
    shutil.rmtree(folder / "apt")
    stamp = folder / "stamp.new"
    stamp.write_text(
        json.dumps({"wanted": release.digest, "version": version, "release": release.name}) + "\n"
    )
    stamp.replace(folder / "stamp.json")
    progress(f"unpacked in {time.monotonic() - began:.1f} s")


def _download(folder: Path, progress: Progress, release: Release) -> list[Path]:
    """Resolve the packages and all they need, as if nothing were installed, and download them."""
    reason = f"apt is not set up with a Debian mirror ({release.name} is needed): {SYSTEM_WAY_OUT}"
    for mirror in _debian_mirrors():
        apt = _write_apt_configuration(folder / "apt", mirror, release)
        progress(f"fetching {', '.join(release.packages)} and what they need from {mirror} {release.name}")
        try:
            run_program([*apt, "update"], limit_s=300)
            run_program([*apt, "-y", "--download-only", "install", *release.packages], limit_s=1800)
        except OutOfReach as error:
            reason = f"Asterisk cannot be fetched from {mirror} {release.name}: {error}"
            continue
        return sorted((folder / "apt" / "cache" / "archives").glob("*.deb"))
    raise OutOfReach(reason)


def _debian_mirrors() -> list[str]:
    """The addresses of Debian's main archive that this machine's apt is set up with."""
    listing = run_program(["apt-get", "indextargets", "--format", "$(REPO_URI)|$(ORIGIN)"], limit_s=30)
    entries = dict.fromkeys(tuple(line.split("|", 1)) for line in listing.splitlines() if "|" in line)
    # The origin is known only once apt has updated; before, the address has to tell.
    known = [uri for uri, origin in entries if origin == "Debian" and "security" not in uri]
    guessed = [uri for uri, origin in entries if not origin and re.search(r"/debian/?$", uri)]
    return list(dict.fromkeys(known + guessed))


def _write_apt_configuration(state: Path, mirror: str, release: Release) -> list[str]:
    """Give apt a state of its own in ``state``; its proxies, certificates and log-ins stay the machine's."""
    for name in ("lists/partial", "cache/archives/partial"):
        (state / name).mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    architecture = run_program(["dpkg", "--print-architecture"], limit_s=10).strip()
    (state / "sources.list").write_text(
        f"deb [arch={architecture} signed-by={KEYRING}] {mirror} {release.name} main\n"
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


def _read_stamp(folder: Path) -> dict[str, str]:
    try:
        stamp = json.loads((folder / "stamp.json").read_text())
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main(arguments: list[str]) -> int:
    """``python -m pbxctl.rehearse.packages [FOLDER [RELEASE]]``: fetch a private Asterisk, say how."""
    folder = Path(arguments[0]) if arguments else default_folder()
    release = RELEASES.get(arguments[1]) if len(arguments) > 1 else FORKY
    if release is None:
        sys.stderr.write(f"{arguments[1]}: no Asterisk is known there; give {' or '.join(RELEASES)}\n")
        return 2

    def say(line: str) -> None:
        sys.stdout.write(line + "\n")
        sys.stdout.flush()

    try:
        fetch_install(folder, say, release)
    except OutOfReach as error:
        sys.stderr.write(f"{error}\n")
        return 3
    return 0


__all__ = [
    "BULLSEYE",
    "FORKY",
    "AsteriskInstall",
    "Release",
    "default_folder",
    "fetch_install",
    "find_install",
]

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
