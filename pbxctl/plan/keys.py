"""What callers may press during sounds, and the steps that this takes: said once, for all modes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from pbxctl.config.models import Config
from pbxctl.plan.flow import Offer, Play, Sound, Speak, Step


@dataclass(frozen=True, slots=True)
class Keys:
    """What callers may press during sounds: the key that ends them, and one for each language."""

    skip: str | None = None
    languages: Mapping[str, str] = field(default_factory=dict)


NO_KEYS = Keys()


def keys_of(config: Config) -> Keys:
    """The keys of a configuration, the languages in the company's order."""
    chosen = config.prompts.language_keys
    languages = [language for language in config.company.languages if language in chosen]
    return Keys(config.prompts.skip_key, {language: chosen[language] for language in languages})


def skippable(play: Play, keys: Keys) -> Play:
    """The step with the key that leads at once where it would lead in the end.

    A key that the step has already stays as it is; built-in sentences take none.
    """
    if keys.skip is None or keys.skip in play.exits or play.sound is Sound.BUILT_IN:
        return play
    return replace(play, exits={**play.exits, keys.skip: play.exits["done"]})


def offered(exits: Collection[str], keys: Keys) -> Mapping[str, str]:
    """The languages, with their keys, that are offered in front of a prompt with these exits."""
    return {language: key for language, key in keys.languages.items() if key not in exits}


def offering(play: Play, keys: Keys, named: Callable[[str], str] = str) -> tuple[Step, ...]:
    """The languages there are, the prompt, and once more in the language that was chosen.

    A language whose key leads elsewhere from that step is not offered. ``named`` makes the names of the
    steps beside it; a call enters at the first of all.
    """
    once = skippable(play, keys)
    languages = offered(play.exits, keys)
    if not languages:
        return (once,)
    choosing = {key: named(f"speak_{language}") for language, key in languages.items()}
    choosing |= {key: once.exits[key] for key in once.keys}
    names = [*(named(f"offer_{language}") for language in languages), play.name]
    return (
        *(
            Offer(name, language, key, {"done": following, **choosing})
            for (language, key), name, following in zip(languages.items(), names, names[1:], strict=False)
        ),
        replace(play, exits={**play.exits, **choosing}),
        *(Speak(named(f"speak_{language}"), language, {"done": named("again")}) for language in languages),
        replace(once, name=named("again")),
    )
