"""What is odd about a plan's prompts: stand-ins, and recordings that are missing, stale or doubled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pbxctl.plan.model import Plan
from pbxctl.prompts.catalogue import Catalogue, Prompt
from pbxctl.prompts.dated import named_dates, named_weekdays
from pbxctl.prompts.needed import catalogue_of, needed_sayings
from pbxctl.prompts.parts import Part
from pbxctl.prompts.recordings import (
    WIDE_ENDING,
    is_recording_path,
    recording_name,
)

FOLDER = ("prompts", "folder")
FINDINGS = (
    "prompt-missing",
    "prompt-stand-in",
    "prompt-doubled",
    "prompt-stale",
    "prompt-unknown",
    "prompt-names-day",
)
"""Their ids, which never change."""

SHOWN = 3
"""So many names are listed in one sentence; the others are counted."""


@dataclass(frozen=True, slots=True)
class PromptFinding:
    """Something odd: an ``id`` that stays, the key it is about, and one sentence with a way out."""

    id: str
    path: tuple[str, ...]
    message: str


def prompt_findings(plan: Plan) -> tuple[PromptFinding, ...]:
    """All that is odd about the prompts of a plan, most important first."""
    catalogue = catalogue_of(plan)
    prompts = needed_sayings(plan, catalogue)
    return (
        *_missing(catalogue, prompts),
        *_stand_ins(catalogue, prompts),
        *_doubled(catalogue),
        *_stale(catalogue, prompts),
        *_days_in_texts(catalogue),
    )


def prompt_name(prompt: Prompt, language: str) -> str:
    """The most specific name of what a prompt says: ``nl/closed_door-tomorrow-thursday``."""
    return f"{language}/{prompt.names[0]}"


def parts_lacking(catalogue: Catalogue, prompt: Prompt, language: str) -> tuple[Part, ...]:
    """The parts that somebody forgot: some of the prompt's are recorded, and these are not."""
    parts = catalogue.parts(prompt.said, language)
    lacking = catalogue.shelf.lacking(language, parts)
    return lacking if len(lacking) < len(parts) else ()


def _missing(catalogue: Catalogue, prompts: Sequence[Prompt]) -> Iterator[PromptFinding]:
    for language in catalogue.languages:
        lacking: dict[str, list[str]] = defaultdict(list)
        for prompt in prompts:
            if language in prompt.texts and language not in prompt.recorded:
                for part in parts_lacking(catalogue, prompt, language):
                    lacking[f"{language}/{part.name}"].append(prompt_name(prompt, language))
        if lacking:
            needed = sorted({name for names in lacking.values() for name in names})
            message = (
                f"lacks {_some(sorted(lacking))}, so {_some(needed)} cannot be joined of recorded parts and "
                "is spoken by a synthesiser; record them (pbxctl prompts list --parts shows the words)"
            )
            yield PromptFinding("prompt-missing", FOLDER, message)


def _stand_ins(catalogue: Catalogue, prompts: Sequence[Prompt]) -> Iterator[PromptFinding]:
    if not catalogue.shelf.names:
        return  # nobody began to record: that is how it is meant for now, and nothing odd
    for language in catalogue.languages:
        there = [prompt for prompt in prompts if language in prompt.texts]
        spoken = [prompt for prompt in there if language not in prompt.recorded]
        if spoken:
            general = list(dict.fromkeys(f"{language}/{prompt.names[-1]}" for prompt in spoken))
            message = (
                f"a synthesiser stands in for a person in {len(spoken)} of {len(there)} prompts "
                f"in {language}; "
                f"record {_some(general)} (pbxctl prompts import FILE --as {general[0]})"
            )
            yield PromptFinding("prompt-stand-in", FOLDER, message)


def _doubled(catalogue: Catalogue) -> Iterator[PromptFinding]:
    shelf = catalogue.shelf
    by_content: dict[str, list[str]] = defaultdict(list)
    for name in sorted(shelf.names):
        files = shelf.files(name)
        if len(files) > 1:
            message = f"holds {_some(files)}, which have one name; keep one of them ({files[0]} is used)"
            yield PromptFinding("prompt-doubled", FOLDER, message)
        by_content[shelf.digest(files[0])].append(files[0])
    for same in by_content.values():
        if len(same) > 1:
            message = f"holds {_some(same)}, which are one and the same sound; record each by itself"
            yield PromptFinding("prompt-doubled", FOLDER, message)


def _stale(catalogue: Catalogue, prompts: Sequence[Prompt]) -> Iterator[PromptFinding]:
    used = {
        recording_name(spoken.file)
        for prompt in prompts
        for recorded in prompt.recorded.values()
        for spoken in recorded
    }
    # A part that waits for the others is not stale, nor is the general one behind a more specific one.
    for prompt in prompts:
        for language in prompt.texts:
            used.update(f"{language}/{name}" for name in prompt.names)
            used.update(f"{language}/{part.name}" for part in catalogue.parts(prompt.said, language))
    left = sorted(catalogue.shelf.names - used)
    unknown = [name for name in left if not is_recording_path(name)]
    if stale := [name for name in left if is_recording_path(name)]:
        message = f"holds {_some(stale)}, which no prompt of the days ahead needs; take out what is over"
        yield PromptFinding("prompt-stale", FOLDER, message)
    if unknown:
        message = (
            f"holds {_some(unknown)}, and no prompt or part is called so; "
            "pbxctl prompts list shows the names there are"
        )
        yield PromptFinding("prompt-unknown", FOLDER, message)
    names = catalogue.shelf.names
    alone = [
        recording.file
        for recording in catalogue.recordings
        if recording.file.endswith(WIDE_ENDING) and recording.file.removesuffix(WIDE_ENDING) not in names
    ]
    if alone:
        message = f"holds {_some(alone)} without the .wav beside it; import it again"
        yield PromptFinding("prompt-unknown", FOLDER, message)


def _days_in_texts(catalogue: Catalogue) -> Iterator[PromptFinding]:
    for own in catalogue.texts:
        # Only these are told when people answer; the others are said on any day.
        out = "write {when}" if own.kind in {"closed_door", "closed"} else "leave it out"
        path = ("prompts", "texts", own.language, own.kind)
        if days := named_weekdays(own.text, own.language):
            message = f"names {_some(days)}, and is wrong whenever people answer on another day; {out}"
            yield PromptFinding("prompt-names-day", path, message)
        if dates := named_dates(own.text, own.language):
            message = f"names {_some(dates)}, and callers still hear so when that is over; {out}"
            yield PromptFinding("prompt-names-day", path, message)


def _some(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
