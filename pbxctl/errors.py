"""The base of every error that a person may meet.

An error says who can mend it: the user (:class:`InputWrong`), the world outside
(:class:`OutOfReach`), or nobody but us (anything that is not a :class:`PbxctlError`).
``cli`` is the one place that turns them into sentences and exit codes.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Complaint:
    """One thing that is wrong, as programs read it: the sentence, and its place as far as it is known."""

    message: str
    file: str | None = None
    line: int | None = None
    column: int | None = None
    key: str | None = None


class PbxctlError(Exception):
    """Something a person can act on; its text is one clear sentence."""

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """The same for programs: one for each thing that is wrong."""
        return (Complaint(str(self)),)


class InputWrong(PbxctlError):
    """What the user gave is wrong; the text says where, what, and what would be right."""


class FileWrong(InputWrong):
    """A file that the user named is wrong, as a whole or in one line: ``FILE: …`` or ``FILE:LINE: …``."""

    def __init__(self, file: str, message: str, line: int | None = None) -> None:
        self.file, self.line, self.message = file, line, message
        super().__init__(f"{file}: {message}" if line is None else f"{file}:{line}: {message}")

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        return (Complaint(self.message, self.file, self.line),)


class OutOfReach(PbxctlError):
    """The PBX, the database or another program we need cannot be reached."""
