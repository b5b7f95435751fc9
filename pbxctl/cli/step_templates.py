"""The files of dialplan that steps of own modes run: read beside the configuration, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from pbxctl.config import ConfigError, LoadedConfig, Problem
from pbxctl.config.problems import KeyPath, quoted

MAX_BYTES = 64 * 1024


def read_step_templates(loaded: LoadedConfig, config_file: str) -> Mapping[str, str]:
    """The texts of these files, by the names that the configuration calls them by.

    Raises:
        ConfigError: one is not there, lies elsewhere, is too large or no UTF-8; all of them at once.
    """
    folder = Path(config_file).parent
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for path, file in _named(loaded):
        try:
            texts[file] = _text(folder, file)
        except ValueError as error:
            problems.append(Problem(loaded.origins.of(*path), f"{quoted(file)} {error}"))
    if problems:
        raise ConfigError(problems)
    return texts


def step_template_path(config_file: str, file: str) -> Path:
    """Where such a file lies."""
    return Path(config_file).parent / file


def _named(loaded: LoadedConfig) -> Iterator[tuple[KeyPath, str]]:
    for mode, steps in loaded.config.modes.items():
        for place, step in enumerate(steps):
            if step.kind == "run":
                yield ("modes", mode, place, "run"), step.template


def _text(folder: Path, file: str) -> str:
    path = folder / file
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            raise ValueError("is a link out of the configuration's folder; put the file there itself")
        if not path.is_file():
            raise ValueError("is not there; put the file beside the configuration")
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise ValueError(f"cannot be read: {error.strerror}") from error
    if len(content) > MAX_BYTES:
        raise ValueError(f"is larger than {MAX_BYTES // 1024} KiB; this cannot be a step")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise ValueError("is no UTF-8; save it as UTF-8") from None
