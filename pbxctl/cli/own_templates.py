"""The dialplan templates: those that come with pbxctl, and an administrator's own in place of some."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pbxctl.cli.printing import meant
from pbxctl.cli.step_templates import step_template_path
from pbxctl.config import ConfigError, LoadedConfig, Problem
from pbxctl.errors import FileWrong
from pbxctl.plan.model import Plan
from pbxctl.render.asterisk import AsteriskSettings, render_asterisk
from pbxctl.render.own_step import OWN
from pbxctl.render.rendering import Rendering
from pbxctl.resources import resource_folder

MAX_BYTES = 256 * 1024


@dataclass(frozen=True, slots=True)
class TemplateTexts:
    """What is rendered by: the texts by their path, and of the administrator's own where each lies.

    ``own`` stand in for ours, ``run`` are steps of own modes.
    """

    texts: Mapping[str, str]
    own: Mapping[str, Path]
    run: Mapping[str, Path]

    def render(self, plan: Plan, settings: AsteriskSettings | None = None) -> Rendering:
        """The plan for the company's PBX, with ``settings`` where that PBX was asked for its folders.

        Raises:
            InputWrong: a template is wrong, by the place where it lies; or a value cannot stand in one.
        """
        with self.placed():
            return render_asterisk(plan, self.texts, settings or AsteriskSettings())

    @contextmanager
    def placed(self) -> Iterator[None]:
        """Let errors name the file of an own template rather than what it stands for."""
        try:
            yield
        except FileWrong as error:
            path = self.own.get(error.file) or self.run.get(error.file)
            if path is None:
                raise
            raise FileWrong(str(path), error.message, error.line) from None


def read_templates() -> Mapping[str, str]:
    """The dialplan templates that come with pbxctl, by their path."""
    folder = resource_folder("dialplans") / "asterisk"
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.j2"))
    }


def templates_of(loaded: LoadedConfig, config_file: str) -> TemplateTexts:
    """The templates that a configuration is rendered by; its own folder lies beside it.

    Raises:
        ConfigError: there is no such folder.
        FileWrong: a file in it replaces nothing, or cannot be read.
    """
    ours = read_templates()
    run = {OWN + name: step_template_path(config_file, name) for name in loaded.templates}
    texts = {**ours, **{OWN + name: text for name, text in loaded.templates.items()}}
    named = loaded.config.pbx.templates
    if named is None:
        return TemplateTexts(texts, {}, run)
    folder = Path(config_file).parent / named
    if not folder.is_dir():
        place = loaded.origins.of("pbx", "templates")
        raise ConfigError([Problem(place, f"there is no folder {folder}; make it, or take the line out")])
    own = {}
    for path in _files(folder):
        name = path.relative_to(folder).as_posix()
        if name not in ours:
            raise FileWrong(str(path), f"replaces no template of pbxctl{meant(name, ours)}")
        own[name] = path
    return TemplateTexts({**texts, **{name: _text(path) for name, path in own.items()}}, own, run)


def _files(folder: Path) -> Iterator[Path]:
    """Every file below a folder, one by one, so that the first odd one ends it; hidden ones are left out."""
    for here, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if not name.startswith("."):
                yield Path(here) / name


def _text(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileWrong(str(path), f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise FileWrong(str(path), f"is larger than {MAX_BYTES // 1024} KiB; this cannot be a template")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise FileWrong(str(path), "is no UTF-8; save it as UTF-8", line) from None
