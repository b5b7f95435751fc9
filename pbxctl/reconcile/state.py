"""The folder in which a host keeps its revisions, what is applied, and what is under way."""

from __future__ import annotations

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pbxctl.errors import InputWrong, OutOfReach, PbxctlError
from pbxctl.files import remove_whole, write_whole
from pbxctl.reconcile.records import Applied, History, Intent, record_from_json, record_to_json
from pbxctl.reconcile.revision import Revision

DEFAULT_STATE = "/var/lib/pbxctl"

_PRIVATE = 0o640

KEPT = 60
"""So many revisions are kept to go back to."""


SPEECH_KEPT_S = 366 * 86_400
"""After so long what was spoken is spoken anew, if it is needed still."""


class Busy(OutOfReach):
    """Somebody else is at work on this PBX."""


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Be the only one who works with a folder; nothing is written into it.

    Raises:
        Busy: somebody else does.
        PbxctlError: it is not there, or not to be read.
    """
    try:
        handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise PbxctlError(f"{folder}: cannot be used: {error.strerror}") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Busy(f"{folder}: another pbxctl is changing this PBX; try again when it has finished") from None
    try:
        yield
    finally:
        os.close(handle)


class StateFolder:
    """Revisions in ``revisions/ID/``, ``applied.json``, and ``intent.json`` while something is under way.

    A revision's folder holds ``revision.json``, and beside it whatever its maker wants to keep with it
    (plan, configuration); it is there whole or not at all.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only one at work here; the lock ends with the process, even by SIGKILL.

        Raises:
            Busy: somebody else is.
            PbxctlError: the folder cannot be made or written to.
        """
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PbxctlError(f"{self.path}: cannot be made: {error.strerror}") from error
        with locked(self.path):
            yield

    @property
    def sounds(self) -> Path:
        """The sounds of revisions, by language, as they were built."""
        return self.path / "sounds"

    @property
    def speech(self) -> Path:
        """What was spoken once, so that it need not be again."""
        return self.sounds / ".cache"

    def history(self) -> History:
        """What is and was in force."""
        text = self._read("applied.json")
        return History() if text is None else record_from_json(History, text, str(self.path / "applied.json"))

    def keep_history(self, history: History) -> None:
        """Write down what is and was in force."""
        self._write("applied.json", record_to_json(history))

    def remember(self, revision: str, at: int) -> None:
        """The revision is in force from ``at`` on, in epoch seconds, and what was before it no more."""
        history = self.history()
        if history.present == revision:
            return
        # One that comes back begins anew.
        earlier = (each for each in history.applied if each.revision != revision)
        ended = (each if each.until is not None else replace(each, until=at) for each in earlier)
        self.keep_history(replace(history, applied=(*ended, Applied(revision, at))))

    def intent(self) -> Intent | None:
        """What a run that was broken off had begun."""
        text = self._read("intent.json")
        if text is None:
            return None
        try:
            return record_from_json(Intent, text, str(self.path / "intent.json"))
        except InputWrong as error:
            raise InputWrong(f"{error}; remove that file, and what the PBX holds counts") from None

    def begin(self, intent: Intent) -> None:
        """Write down what is about to be done, before it is."""
        self._write("intent.json", record_to_json(intent))

    def end(self) -> None:
        """It is done, or undone."""
        remove_whole(self.path / "intent.json")

    def revision(self, id_: str) -> Revision:
        """A revision that was kept.

        Raises:
            PbxctlError: it is not there.
            InputWrong: it cannot be read.
        """
        name = f"revisions/{id_}/revision.json"
        text = self._read(name)
        if text is None:
            raise PbxctlError(f"{self.path / 'revisions' / id_}: this revision is not kept here")
        return record_from_json(Revision, text, str(self.path / name))

    def text_of(self, id_: str, name: str) -> str | None:
        """What was kept with a revision under that name."""
        return self._read(f"revisions/{id_}/{name}")

    def keep(self, revision: Revision, beside: Mapping[str, str]) -> None:
        """Keep a revision with what belongs to it; one that is there already stays as it is."""
        folder = self.path / "revisions" / revision.id
        if (folder / "revision.json").is_file():
            return
        for name, text in beside.items():
            self._write(f"revisions/{revision.id}/{name}", text)
        # Last: with it the folder counts.
        self._write(f"revisions/{revision.id}/revision.json", record_to_json(revision))

    def forget_old(self) -> None:
        """Remove the oldest revisions beyond :data:`KEPT`, but for those whose code may still be needed."""
        needed = {each.revision for each in self.history().applied}
        newest_first = sorted(
            self.kept(), key=lambda id_: (self.path / "revisions" / id_).stat().st_mtime, reverse=True
        )
        old = [id_ for id_ in newest_first[KEPT:] if id_ not in needed]
        for id_ in old:
            remove_whole(self.path / "revisions" / id_ / "revision.json")
            shutil.rmtree(self.path / "revisions" / id_, ignore_errors=True)
        if old:
            self._forget_sounds()

    def _forget_sounds(self) -> None:
        """Remove sounds that no kept revision has, and what was spoken more than a year ago."""
        known = {name for id_ in self.kept() for name in self.revision(id_).sounds}
        for path in self.sounds.glob("[a-z][a-z]/*"):
            if str(path.relative_to(self.sounds)) not in known:
                path.unlink(missing_ok=True)
        for path in self.speech.glob("*"):
            if time.time() - path.stat().st_mtime > SPEECH_KEPT_S:
                path.unlink(missing_ok=True)

    def kept(self) -> tuple[str, ...]:
        """The revisions that are there."""
        return tuple(sorted(path.parent.name for path in self.path.glob("revisions/*/revision.json")))

    def _read(self, name: str) -> str | None:
        path = self.path / name
        try:
            return path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise PbxctlError(f"{path}: cannot be read: {error}") from error

    def _write(self, name: str, text: str) -> None:
        write_whole(self.path / name, text.encode(), mode=_PRIVATE)
