"""``init``, by flags and as a person at a terminal meets it."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import Pbxctl

FLAGS = ("--company", "Peeters", "--mail", "info@peeters.example", "--numbers", "09 233 44 55")
PATIENCE_S = 30.0


def test_from_flags_alone_it_writes_a_file_that_check_finds_good(pbxctl: Pbxctl, tmp_path: Path) -> None:
    outcome = pbxctl("init", "--yes", *FLAGS, config="mine.yaml")

    assert outcome.code == 0
    assert "pbxctl --config mine.yaml check" in outcome.out
    assert pbxctl("check", config="mine.yaml").out.startswith("mine.yaml: good")
    assert (tmp_path / "mine.yaml").read_text().count("#") > 10, "it is commented"


def test_a_file_that_is_there_stays_as_it_is(pbxctl: Pbxctl, tmp_path: Path) -> None:
    before = (tmp_path / "pbxctl.yaml").read_bytes()

    outcome = pbxctl("init", "--yes", *FLAGS)

    assert (outcome.code, outcome.out) == (2, "")
    assert "pbxctl.yaml: is there already" in outcome.err
    assert (tmp_path / "pbxctl.yaml").read_bytes() == before


def test_nobody_is_asked_anything_for_a_file_that_is_there(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("init")

    assert (outcome.code, outcome.out) == (2, "")


def test_a_link_to_nowhere_is_not_followed(pbxctl: Pbxctl, tmp_path: Path) -> None:
    (tmp_path / "link.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    assert pbxctl("init", "--yes", *FLAGS, config="link.yaml").code == 2
    assert not (tmp_path / "elsewhere.yaml").exists()


def test_a_folder_that_is_not_there_is_named(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("init", "--yes", *FLAGS, config="nowhere/mine.yaml")

    assert (outcome.code, outcome.out) == (2, "")
    assert "nowhere: there is no such folder" in outcome.err


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--company", "Peeters"), "--mail: is missing; "),
        ((*FLAGS, "--country", "Belgium"), "--country: "),
        (
            (*FLAGS, "--never-close", "09/233.44.55"),
            "--never-close: +3292334455 stands at ",
        ),
    ],
)
def test_a_wrong_flag_is_exit_code_2_and_writes_nothing(
    pbxctl: Pbxctl, tmp_path: Path, flags: tuple[str, ...], message: str
) -> None:
    outcome = pbxctl("init", "--yes", *flags, config="mine.yaml")

    assert outcome.code == 2
    assert outcome.err.startswith(message)
    assert not (tmp_path / "mine.yaml").exists()


def test_a_full_disk_leaves_no_half_a_file(
    pbxctl: Pbxctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_room(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", no_room)
    outcome = pbxctl("init", "--yes", *FLAGS, config="mine.yaml")

    assert outcome.code == 1
    assert "No space left on device" in outcome.err
    assert not (tmp_path / "mine.yaml").exists()


class Terminal:
    """``pbxctl init`` at a terminal: what it shows is awaited, what a person types is sent."""

    def __init__(self, folder: Path, *flags: str) -> None:
        self._ours, theirs = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "pbxctl", "--config", "mine.yaml", "init", *flags],
            cwd=folder,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "TERM": "dumb"},
        )
        os.close(theirs)
        self._seen = ""

    def read_until(self, text: str) -> str:
        """What was shown up to and with a text."""
        while text not in self._seen:
            readable, _, _ = select.select([self._ours], [], [], PATIENCE_S)
            assert readable, f"{text!r} never came; shown was {self._seen!r}"
            try:
                more = os.read(self._ours, 4096)
            except OSError:  # how a terminal says that nobody is left at the other end
                more = b""
            assert more, f"it ended without {text!r}; shown was {self._seen!r}"
            self._seen += more.decode()
        shown, _, self._seen = self._seen.partition(text)
        return shown + text

    def answer(self, question: str, text: str) -> str:
        """Await a question, then type; what was shown before is returned."""
        shown = self.read_until(question)
        shown += self.read_until(": ")
        os.write(self._ours, f"{text}\n".encode())
        return shown

    def end(self) -> int:
        code = self.process.wait(PATIENCE_S)
        os.close(self._ours)
        return code


def test_the_dialogue_asks_again_until_an_answer_is_right(tmp_path: Path, pbxctl: Pbxctl) -> None:
    terminal = Terminal(tmp_path)
    terminal.answer("company's name", "Bäckerei Süß")
    terminal.answer("mail address", "info at suess")
    told = terminal.answer("mail address", "info@suess.example")
    assert '"info at suess" is not a plain mail address; write it like info@company.example' in told
    terminal.answer("country", "DE")
    assert "[de]" in terminal.answer("languages", "")
    assert "[Europe/Berlin]" in terminal.answer("time zone", "")
    terminal.answer("weekday without telephone", "thursday")
    terminal.answer("first such day", "2027-01-07")
    terminal.answer("Public holidays", "DE-BY")
    terminal.answer("When people answer", "")
    terminal.answer("numbers that callers dial", "030 901820, 112")
    assert "112 is an emergency number" in terminal.answer("numbers that callers dial", "030 901820")
    terminal.answer("own context", "from-trunk")
    terminal.answer("mailbox", "")
    terminal.answer("Fax, alarm", "030 901829")
    terminal.answer("answering service", "")
    terminal.read_until("written; look at it with")
    assert terminal.end() == 0

    checked = pbxctl("check", "--strict", "--accept", "closed-days-in-a-row", config="mine.yaml")
    assert checked.code == 0, checked.out
    assert "route main: +4930901820; Thursday voicemail since 2027-01-07" in checked.out


def test_whoever_stops_half_way_leaves_no_file(tmp_path: Path) -> None:
    terminal = Terminal(tmp_path, "--company", "Peeters")
    terminal.answer("mail address", "\x04")  # the end of what is typed
    terminal.read_until("stopped")

    assert terminal.end() == 130
    assert not (tmp_path / "mine.yaml").exists()
