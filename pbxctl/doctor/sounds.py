"""The sounds that our dialplan plays: Asterisk's own sentences, and the company's prompts."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from pbxctl.doctor.entries import is_ours
from pbxctl.doctor.facts import Subject
from pbxctl.doctor.finding import APPLY, Finding, Findings
from pbxctl.doctor.used import used_sounds
from pbxctl.prompts.catalogue import STEM_LENGTH

_NAMED = re.compile(rf"\|([0-9a-f]{{{STEM_LENGTH}}})(?=$|[^0-9a-f|])")
_PLAYED = re.compile(rf"/([a-z]{{2}}|\$\{{PBXCTL_LANGUAGE\}})/([0-9a-f]{{{STEM_LENGTH}}})(?![0-9a-f])")
"""A prompt that a decision names, and one that a step plays by its path: in the caller's language, or in one
alone."""


def sounds(subject: Subject) -> Findings:
    """Prompts are looked for once something of ours is in force: before that, none belong there."""
    facts = subject.facts
    if facts.absent_sounds:
        yield Finding(
            "built-in-sound-missing",
            f"Asterisk's own sentences {', '.join(sorted(facts.absent_sounds))} are not there: without the "
            "prompts, callers would hear a tone only",
            f"{facts.folders.data if facts.folders else ''}/sounds/en",
            "apt-get install asterisk-core-sounds-en-wav\n"
            "(they lie in sounds/en, or en is a link to their folder)",
        )
    if facts.prompts is None or not subject.applied:
        return
    if missing := [name for name in prompts_in_force(subject) if name not in facts.prompts]:
        yield Finding(
            "prompt-missing",
            f"{len(missing)} prompts are not on the PBX: callers hear the plain recording or Asterisk's own "
            "sentences instead",
            ", ".join(missing[:5]) + (" …" if len(missing) > 5 else ""),
            APPLY,
        )


def built_in_sounds(subject: Subject) -> list[str]:
    """What our dialplan plays by name alone, such as ``vm-intro``."""
    return sorted(name for name in used_sounds(subject.rendered) if "/" not in name)


def prompts_in_force(subject: Subject) -> list[str]:
    """What callers may hear by the revision that is in force, such as ``nl/0123456789ab.wav``.

    Not by today's configuration: a day that came into sight since is the next revision's.
    """
    database = subject.facts.database or {}
    _, _, revision = database.get(subject.rendering.pointer.key, "||").split("|", 2)
    texts = [value for key, value in database.items() if key.startswith(f"{revision}/window/")]
    if subject.facts.dialplan is not None:
        for name, context in subject.facts.dialplan.contexts.items():
            if is_ours(subject, name):
                texts += [line.data for extension in context.extensions for line in extension.priorities]
    spoken = subject.plan.company.languages
    stems = {"neutral", *(stem for text in texts for stem in _NAMED.findall(text))}
    files = {(language, stem) for language in spoken for stem in stems}
    for language, stem in (found for text in texts for found in _PLAYED.findall(text)):
        files |= {(each, stem) for each in spoken if language.startswith("$") or each == language}
    return [f"{language}/{stem}.wav" for language, stem in sorted(files, key=_by(spoken))]


def _by(languages: Sequence[str]) -> Callable[[tuple[str, str]], tuple[int, str]]:
    return lambda file: (languages.index(file[0]), file[1])
