"""Dialplan templates of the administrator's own: in place of ours by their path."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pbxctl.cli.own_templates import MAX_BYTES, read_templates
from tests.cli.conftest import Pbxctl

VOICEMAIL = "steps/voicemail.conf.j2"
NAMES = ("check", "render --out rendered", "rehearse", "diff pbxctl.yaml pbxctl.yaml")


def name_folder(folder: Path, name: str = "templates") -> None:
    """Name the folder of templates in the configuration."""
    file = folder / "pbxctl.yaml"
    file.write_text(
        file.read_text().replace("  kind: asterisk\n", f"  kind: asterisk\n  templates: {name}\n")
    )


def own(folder: Path, name: str, text: str | bytes) -> None:
    """Put a template into the folder."""
    path = folder / "templates" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


@pytest.fixture
def named(pbxctl: Pbxctl, tmp_path: Path) -> Pbxctl:
    """A configuration that names a folder of templates, with nothing in it yet."""
    name_folder(tmp_path)
    (tmp_path / "templates").mkdir()
    return pbxctl


def rendered(folder: Path) -> str:
    return "".join(path.read_text() for path in sorted((folder / "rendered").glob("pbxctl-*.conf")))


def test_a_template_replaces_ours_by_its_path(named: Pbxctl, tmp_path: Path) -> None:
    named("render", "--out", "rendered")
    before = rendered(tmp_path)
    own(tmp_path, VOICEMAIL, " same => n,NoOp(mine)\n" + read_templates()[VOICEMAIL])

    assert named("render", "--out", "rendered").code == 0

    after = rendered(tmp_path)
    assert "NoOp(mine)" in after
    assert len(after.splitlines()) == len(before.splitlines()) + after.count("NoOp(mine)")


def test_an_empty_folder_and_hidden_files_change_nothing(named: Pbxctl, tmp_path: Path) -> None:
    own(tmp_path, ".git/config", "x")
    own(tmp_path, "steps/.play.conf.j2.swp", "x")

    outcome = named("check")

    assert outcome.code == 0
    assert "own templates" not in outcome.out


def test_the_folder_is_seen_from_the_configuration(
    named: Pbxctl, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own(tmp_path, VOICEMAIL, read_templates()[VOICEMAIL])
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    outcome = named("check", config="../pbxctl.yaml")

    assert f"  own templates: {VOICEMAIL}" in outcome.out.splitlines()


def test_check_names_them_for_programs(named: Pbxctl, tmp_path: Path) -> None:
    own(tmp_path, VOICEMAIL, read_templates()[VOICEMAIL])

    assert json.loads(named("check", "--json").out)["templates"] == [VOICEMAIL]


def test_diff_names_the_template_that_became_another(named: Pbxctl, tmp_path: Path) -> None:
    (tmp_path / "old.yaml").write_text(
        (tmp_path / "pbxctl.yaml").read_text().replace("  templates: templates\n", "")
    )
    own(tmp_path, VOICEMAIL, " same => n,NoOp(mine)\n" + read_templates()[VOICEMAIL])
    own(tmp_path, "steps/play.conf.j2", read_templates()["steps/play.conf.j2"])

    outcome = named("diff", "old.yaml", "pbxctl.yaml")

    assert outcome.out.splitlines() == [
        outcome.out.splitlines()[0],
        "templates of the dialplan",
        f"  {VOICEMAIL}: the one that came with pbxctl -> templates/{VOICEMAIL}",
    ]
    assert outcome.out.startswith("No hour of any route is altered")


MISTAKES = {
    "a name of none of ours": (
        ("steps/voicmail.conf.j2", "x"),
        "templates/steps/voicmail.conf.j2: replaces no template of pbxctl; did you mean 'steps/voicemail.",
    ),
    "a copy that an editor left": (
        ("steps/play.conf.j2~", "x"),
        "templates/steps/play.conf.j2~: replaces no template of pbxctl; did you mean 'steps/play.conf.j2'?",
    ),
    "a block without end": (
        (VOICEMAIL, " same => n,NoOp()\n{% if step %}\n"),
        "templates/steps/voicemail.conf.j2:2: Unexpected end of template",
    ),
    "a tag that is none, in a step that no mode uses": (
        ("steps/collect.conf.j2", "\n\n{% sing %}\n"),
        "templates/steps/collect.conf.j2:3: Encountered unknown tag 'sing'",
    ),
    "a name that is not known": (
        (VOICEMAIL, " same => n,NoOp()\n same => n,NoOp({{ mailbox }})\n"),
        "templates/steps/voicemail.conf.j2:2: 'mailbox' is undefined",
    ),
    "a value that is no plain word": (
        (VOICEMAIL, " same => n,NoOp({{ step.name ~ ',b' }})\n"),
        "templates/steps/voicemail.conf.j2:1: 'message,b' cannot stand in a dialplan",
    ),
    "latin-1": ((VOICEMAIL, b"; one\n; caf\xe9\n"), "templates/steps/voicemail.conf.j2:2: is no UTF-8"),
    "much too large": (
        (VOICEMAIL, b";" * (MAX_BYTES + 1)),
        "templates/steps/voicemail.conf.j2: is larger than",
    ),
}


@pytest.mark.parametrize("command", NAMES)
@pytest.mark.parametrize(("file", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_mistake_in_one_is_told_with_its_file_and_line(
    named: Pbxctl, tmp_path: Path, file: tuple[str, str | bytes], message: str, command: str
) -> None:
    own(tmp_path, *file)
    if command.startswith("diff") and message.split(":")[1].isdigit() and "UTF-8" not in message:
        return  # diff compares the texts; whether they can be rendered is for check to say

    outcome = named(*command.split())

    assert outcome.code == 2
    assert outcome.err.startswith(message)
    assert len(outcome.err.splitlines()) == 1, "and no PBX was fetched or started"


def test_the_same_for_programs(named: Pbxctl, tmp_path: Path) -> None:
    own(tmp_path, VOICEMAIL, "\n{% sing %}\n")

    [error] = json.loads(named("check", "--json").out)["errors"]

    assert (error["file"], error["line"]) == ("templates/steps/voicemail.conf.j2", 2)


@pytest.mark.parametrize("command", NAMES)
def test_a_folder_that_is_not_there_is_told_by_the_line_that_names_it(
    pbxctl: Pbxctl, tmp_path: Path, command: str
) -> None:
    name_folder(tmp_path, "tmplates")

    outcome = pbxctl(*command.split())

    lines = (tmp_path / "pbxctl.yaml").read_text().splitlines()
    line = next(number for number, text in enumerate(lines, 1) if "tmplates" in text)
    assert outcome.code == 2
    assert outcome.err == (
        f"pbxctl.yaml:{line}:14: pbx.templates: there is no folder tmplates; make it, or take the line out\n"
    )


def test_the_templates_that_came_along_are_listed_and_printed(pbxctl: Pbxctl) -> None:
    ours = read_templates()

    assert pbxctl("templates").out.splitlines() == list(ours)
    assert pbxctl("templates", VOICEMAIL).out == ours[VOICEMAIL]


def test_one_that_is_not_there_is_a_mistake(pbxctl: Pbxctl) -> None:
    outcome = pbxctl("templates", "steps/voicmail.conf.j2")

    assert outcome.code == 2
    assert "did you mean 'steps/voicemail.conf.j2'?" in outcome.err
