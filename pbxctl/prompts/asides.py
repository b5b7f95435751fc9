"""The short sentences beside the prompts that close a door: what went wrong, and which key leads where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pbxctl.prompts.kinds import PromptKind
from pbxctl.prompts.words import WORDS


@dataclass(frozen=True, slots=True)
class _Asides:
    """One language's sentences; ``{key}`` is the key as it is said there.

    ``mailbox_full`` is heard before anybody knows whether a plain recording can be made, so it promises
    none. Where none can be, the call ends at once; and the mailbox may have refused a message that was too
    short.
    """

    fell_back: str
    mailbox_full: str
    language: str
    star: str
    confirm: str  # ``{company}`` in it as well
    confirm_unnamed: str


_ASIDES: Mapping[str, _Asides] = {
    "nl": _Asides(
        fell_back="Ons telefoonsecretariaat kan uw oproep nu niet aannemen.",
        mailbox_full="Onze voicemail kon geen bericht aannemen. U kunt na de toon proberen in te spreken; "
        "eindigt de oproep meteen, dan is er niets opgenomen.",
        language="Voor Nederlands, druk op {key}.",
        star="het sterretje",
        confirm="Een oproep voor {company}. Druk op {key} om aan te nemen.",
        confirm_unnamed="Een doorgeschakelde oproep. Druk op {key} om aan te nemen.",
    ),
    "fr": _Asides(
        fell_back="Notre permanence téléphonique ne peut pas prendre votre appel pour le moment.",
        mailbox_full="Notre messagerie n'a pas pu prendre de message. Vous pouvez essayer de parler après "
        "le bip; si l'appel se termine aussitôt, rien n'a été enregistré.",
        language="Pour le français, tapez {key}.",
        star="étoile",
        confirm="Un appel pour {company}. Tapez {key} pour le prendre.",
        confirm_unnamed="Un appel renvoyé vers vous. Tapez {key} pour le prendre.",
    ),
    "de": _Asides(
        fell_back="Unser Telefonservice kann Ihren Anruf zurzeit nicht annehmen.",
        mailbox_full="Unser Anrufbeantworter konnte keine Nachricht annehmen. Sie können versuchen, nach dem "
        "Ton zu sprechen; endet der Anruf sofort, wurde nichts aufgenommen.",
        language="Für Deutsch drücken Sie die {key}.",
        star="Sterntaste",
        confirm="Ein Anruf für {company}. Zum Annehmen drücken Sie die {key}.",
        confirm_unnamed="Ein weitergeleiteter Anruf. Zum Annehmen drücken Sie die {key}.",
    ),
    "en": _Asides(
        fell_back="Our answering service cannot take your call right now.",
        mailbox_full="Our mailbox could not take a message. You may try to leave one after the tone; "
        "if the call ends at once, nothing was recorded.",
        language="For English, press {key}.",
        star="star",
        confirm="A call for {company}. Press {key} to take it.",
        confirm_unnamed="A forwarded call. Press {key} to take it.",
    ),
}


def aside(kind: PromptKind, language: str, *, named: bool = True) -> str:
    """The sentences of a kind that speaks of no day; ``{key}`` and ``{company}`` are yet to be filled in.

    ``named``: there is a name of the company's to say.

    Raises:
        KeyError: a language that pbxctl has no sentences for.
    """
    say = _ASIDES[language]
    match kind:
        case PromptKind.FELL_BACK:
            return say.fell_back
        case PromptKind.MAILBOX_FULL:
            return say.mailbox_full
        case PromptKind.LANGUAGE:
            return say.language
        case PromptKind.CONFIRM:
            return say.confirm if named else say.confirm_unnamed
    raise ValueError(f"{kind} is no aside")


def spoken_key(key: str, language: str) -> str:
    """A key as it is said: "twee", "deux", "Zwei"."""
    if not key:
        return ""
    if key == "*":
        return _ASIDES[language].star
    word = WORDS[language].numbers[int(key)]
    if (language, key) == ("nl", "1"):
        return "één"  # "een" alone would be the article
    return word.capitalize() if language == "de" else word
