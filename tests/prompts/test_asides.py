"""The short sentences beside a prompt: a table for a native speaker to read."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from pbxctl.names import KEYS, LANGUAGES
from pbxctl.plan.answers import UNKNOWN
from pbxctl.prompts.catalogue import Catalogue
from pbxctl.prompts.kinds import KEYED, WHOLE, PromptKind, PromptText
from pbxctl.prompts.recordings import is_recording_name
from pbxctl.prompts.texts import prompt_text

NL, FR, DE, EN = LANGUAGES
SAID = [
    (PromptKind.LANGUAGE, NL, "1", "Voor Nederlands, druk op één."),
    (PromptKind.LANGUAGE, NL, "*", "Voor Nederlands, druk op het sterretje."),
    (PromptKind.LANGUAGE, FR, "2", "Pour le français, tapez deux."),
    (PromptKind.LANGUAGE, FR, "*", "Pour le français, tapez étoile."),
    (PromptKind.LANGUAGE, DE, "4", "Für Deutsch drücken Sie die Vier."),
    (PromptKind.LANGUAGE, DE, "*", "Für Deutsch drücken Sie die Sterntaste."),
    (PromptKind.LANGUAGE, EN, "3", "For English, press three."),
    (PromptKind.LANGUAGE, EN, "0", "For English, press zero."),
    (PromptKind.CONFIRM, NL, "1", "Een oproep voor Peeters. Druk op één om aan te nemen."),
    (PromptKind.CONFIRM, NL, "*", "Een oproep voor Peeters. Druk op het sterretje om aan te nemen."),
    (PromptKind.CONFIRM, FR, "2", "Un appel pour Peeters. Tapez deux pour le prendre."),
    (PromptKind.CONFIRM, DE, "4", "Ein Anruf für Peeters. Zum Annehmen drücken Sie die Vier."),
    (PromptKind.CONFIRM, EN, "0", "A call for Peeters. Press zero to take it."),
    (PromptKind.FELL_BACK, NL, "", "Ons telefoonsecretariaat kan uw oproep nu niet aannemen."),
    (PromptKind.FELL_BACK, EN, "", "Our answering service cannot take your call right now."),
]


MAILBOX_FULL: Mapping[str, str] = {
    NL: "Onze voicemail kon geen bericht aannemen. U kunt na de toon proberen in te spreken; "
    "eindigt de oproep meteen, dan is er niets opgenomen.",
    FR: "Notre messagerie n'a pas pu prendre de message. Vous pouvez essayer de parler après le bip; "
    "si l'appel se termine aussitôt, rien n'a été enregistré.",
    DE: "Unser Anrufbeantworter konnte keine Nachricht annehmen. Sie können versuchen, nach dem Ton zu "
    "sprechen; endet der Anruf sofort, wurde nichts aufgenommen.",
    EN: "Our mailbox could not take a message. You may try to leave one after the tone; "
    "if the call ends at once, nothing was recorded.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recording_is_offered_and_not_promised(language: str) -> None:
    """Nobody knows yet whether one can be made."""
    text = prompt_text(PromptKind.MAILBOX_FULL, language, "Peeters", "a@b.be", UNKNOWN)
    assert text == MAILBOX_FULL[language]


@pytest.mark.parametrize(("kind", "language", "key", "text"), SAID)
def test_it_is_said_so(kind: PromptKind, language: str, key: str, text: str) -> None:
    assert prompt_text(kind, language, "Peeters", "a@b.be", UNKNOWN, key=key) == text


def test_every_aside_is_said_in_every_language_without_a_digit_or_a_brace() -> None:
    for language in LANGUAGES:
        for kind in PromptKind:
            for key in KEYS if kind in KEYED else ("",):
                text = prompt_text(kind, language, "Peeters", "a@b.be", UNKNOWN, key=key)
                assert text.endswith(".")
                assert not any(sign.isdigit() or sign in "{}*" for sign in text), text


@pytest.mark.parametrize(
    ("language", "text"),
    [
        (NL, "Een doorgeschakelde oproep. Druk op één om aan te nemen."),
        (FR, "Un appel renvoyé vers vous. Tapez un pour le prendre."),
        (DE, "Ein weitergeleiteter Anruf. Zum Annehmen drücken Sie die Eins."),
        (EN, "A forwarded call. Press one to take it."),
    ],
)
def test_a_company_whose_name_cannot_be_said_has_forwarded_calls(language: str, text: str) -> None:
    assert prompt_text(PromptKind.CONFIRM, language, "$;", "a@b.be", UNKNOWN, key="1") == text


@pytest.mark.parametrize("kind", KEYED)
def test_a_prompt_that_names_a_key_is_said_in_one_language_and_named_by_its_key(kind: PromptKind) -> None:
    books = Catalogue("Peeters", "a@b.be", LANGUAGES)
    prompts = {
        (language, key): books.prompt(kind, language=language, key=key)
        for language in LANGUAGES
        for key in KEYS
    }
    assert len({prompt.stem for prompt in prompts.values()}) == len(prompts)
    for (language, key), prompt in prompts.items():
        assert list(prompt.texts) == [language]
        assert prompt.names == (f"{kind}-{'star' if key == '*' else key}",)
        assert is_recording_name(prompt.names[0])
    assert not is_recording_name(str(kind))
    assert not is_recording_name(f"{kind}-#")


def test_an_aside_is_recorded_whole() -> None:
    books = Catalogue("Peeters", "a@b.be", LANGUAGES)
    for kind in PromptKind:
        if kind not in WHOLE and kind not in KEYED:
            assert books.prompt(kind).names == (str(kind),)
            assert books.parts(PromptText(kind, UNKNOWN), "nl") == ()


@pytest.mark.parametrize(
    ("kind", "language", "key"), [(PromptKind.LANGUAGE, "nl", ""), (PromptKind.CLOSED, "", "1")]
)
def test_a_key_stands_where_it_is_named_and_nowhere_else(kind: PromptKind, language: str, key: str) -> None:
    with pytest.raises(ValueError, match=str(kind)):
        PromptText(kind, UNKNOWN, language, key)
