"""The folder that a private Asterisk lives in, and nothing outside it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from pbxctl.rehearse.owned_folder import OwnedFolder
from pbxctl.rehearse.packages import AsteriskInstall
from pbxctl.rehearse.pbx_files import JOURNAL_NAME

# sun_path holds 108 bytes; the socket's name and a temporary one of Asterisk's come on top.
RUN_FOLDER_LIMIT = 80


class PbxFolder:
    """``path`` holds everything (``etc lib data spool log``); ``run`` the control socket.

    ``run`` lies elsewhere where the socket's path would be too long. Without a ``path`` a
    temporary folder is made.
    """

    def __init__(self, path: Path | None) -> None:
        self._made: list[Path] = []
        self._owned: list[OwnedFolder] = []
        if path is None:
            path = self._temporary(None)
        elif not path.exists():
            path.mkdir(parents=True)
            self._made.append(path)
        self.path = path.resolve()
        self.run = self.path / "run"
        if len(os.fsencode(self.run)) > RUN_FOLDER_LIMIT:
            self.run = self._temporary("/tmp")  # noqa: S108 (a short path is the point; mkdtemp is safe)
        else:
            self.run.mkdir(exist_ok=True)

    @property
    def configuration(self) -> Path:
        return self.path / "etc"

    @property
    def spool(self) -> Path:
        return self.path / "spool"

    @property
    def journal(self) -> Path:
        return self.path / "log" / "cel-custom" / JOURNAL_NAME

    @property
    def log(self) -> Path:
        return self.path / "log" / "full"

    @property
    def console(self) -> Path:
        """What Asterisk prints, before its log is open."""
        return self.path / "log" / "console"

    def fill(self, install: AsteriskInstall, files: Mapping[str, str], sounds: Mapping[str, Path]) -> None:
        """Write the configuration and link what Asterisk reads; what it keeps between starts stays."""
        for name in (
            "cache",
            "etc",
            "lib/keys",
            "data/sounds",
            "spool/outgoing",
            "spool/voicemail",
            "spool/tmp",
        ):
            (self.path / name).mkdir(parents=True, exist_ok=True)
        # The text back ends of the call records do not make their folders.
        for name in ("cdr-csv", "cdr-custom", "cel-custom"):
            (self.path / "log" / name).mkdir(parents=True, exist_ok=True)
        _link(self.path / "data" / "documentation", install.documentation)
        # The built-in sounds lie in a folder per voice; the plain name is a link the installer would make.
        if (voice := install.voice("en")) is not None:
            _link(self.path / "data" / "sounds" / "en", voice)
        for name, place in sounds.items():
            _link(self.path / "data" / "sounds" / name, place.resolve())
        for name, text in files.items():
            path = self.configuration / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")

    def remove(self) -> None:
        """Remove what was made for it; a folder that was there before stays."""
        for folder in self._made:
            shutil.rmtree(folder, ignore_errors=True)
        for owned in self._owned:
            owned.remove()

    def keep(self) -> None:
        """Leave it all where it is, for good."""
        for owned in self._owned:
            owned.keep()

    def _temporary(self, where: str | None) -> Path:
        self._owned.append(OwnedFolder(where))
        return self._owned[-1].path


def _link(link: Path, target: Path) -> None:
    link.unlink(missing_ok=True)
    link.symlink_to(target)
