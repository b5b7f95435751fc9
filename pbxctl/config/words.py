"""Texts that must be of a certain kind: free text, names, addresses, zones, countries.

Each function returns the text unchanged, or raises ValueError with what is wrong and what
would be right.
"""

from __future__ import annotations

import functools
import re
import unicodedata
import zoneinfo
from collections.abc import Sequence
from typing import Final

import phonenumbers

from pbxctl.config.problems import did_you_mean, listed, quoted

MAX_TEXT: Final = 200  # characters of a free text

_SLUG = re.compile(r"[a-z][a-z0-9-]{0,30}")
_GENERATION = re.compile(r"[0-9a-f]{8}")
_INSTANCE = re.compile(r"[a-z][a-z0-9]{0,7}")  # short: it begins every context's name
# pbxctl-enter-… would be both this tenant's and the nameless tenant's.
_OUR_CONTEXTS: Final = frozenset({"enter", "inbound", "rehearse", "unlisted"})
_CONTEXT = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,78}")  # Asterisk's contexts end at 79 characters
# Sections of extensions.conf that Asterisk reads as settings, never as contexts.
_NO_CONTEXTS: Final = frozenset({"general", "globals"})
_MAILBOX = re.compile(r"[A-Za-z0-9_.-]{1,40}@[A-Za-z0-9_.-]{1,40}")
_EXTENSION = re.compile(r"[0-9]{2,10}")
_TRUNK_EXTENSION = re.compile(r"[A-Za-z0-9+][A-Za-z0-9_.]{0,39}")
# What the PBX calls by itself: invalid, hung up, timed out, faxes.
_SPECIAL_EXTENSIONS: Final = frozenset({"a", "e", "fax", "h", "i", "o", "t"})
_MAIL = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W_][\w-]{0,61}[^\W_]")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?|[0-9A-Fa-f:.]{2,45}")
# Not localtime, posix/… and right/…, which name what the machine happens to have.
_ZONE = re.compile(r"(?!Factory$)[A-Z][A-Za-z0-9_+/-]{1,60}")
# No - as in the names of routes: contexts join the two by it. No digit: no journal and no database reads one.
_OWN_MODE = re.compile(r"[a-z][a-z_]{1,29}[a-z]")
# What a blocked caller meets, what a resume leaves behind: neither can be a mode of a route's.
_NO_MODES: Final = frozenset({"refused", "none"})
_STEP = re.compile(r"[a-z][a-z0-9_]{2,30}")
_EXIT = re.compile(r"[a-z][a-z0-9_]{0,30}")
_TEMPLATE = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*(?:/[A-Za-z0-9_][A-Za-z0-9_.-]*){0,5}\.j2")
# fax means something to the PBX; the others are where exits lead that name no step.
_NO_STEPS: Final = frozenset({"fax", "next", "neutral", "voicemail", "hangup"})
_OUR_STEPS: Final = "net_"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+")
_LOGIN = re.compile(r"[A-Za-z0-9_.-]{1,80}")

# What a terminal or page would act upon rather than show. Two joiners build letters and emoji.
_HIDDEN_CATEGORIES: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Zl", "Zp"})
_JOINERS: Final = frozenset({"\u200c", "\u200d"})


def free_text(text: str, limit: int = MAX_TEXT) -> str:
    """One line that a person may read: any printable characters, at most 200 unless told."""
    if not text.strip():
        raise ValueError("is empty; write a text, or leave the line out where it is optional")
    if len(text) > limit:
        raise ValueError(f"is {len(text)} characters long; {limit} are the most")
    for character in text:
        if unicodedata.category(character) in _HIDDEN_CATEGORIES and character not in _JOINERS:
            name = unicodedata.name(character, "a control character")
            raise ValueError(f"holds {name} (U+{ord(character):04X}), which nobody can see; delete it")
    return text


def one_of(text: str, choices: Sequence[str], later: Sequence[str] = ()) -> str:
    """Exactly one of the words; ``later`` holds those that a later version will know."""
    if text in later:
        raise ValueError(
            f"{quoted(text)} is not supported by this version of pbxctl; write {listed(choices, 'or')}"
        )
    if text not in choices:
        guess = did_you_mean(text, choices)
        raise ValueError(f"{quoted(text)} is not known{guess}; write {listed(choices, 'or')}")
    return text


def slug(text: str) -> str:
    """A name of our own: a schedule, a route."""
    return _shaped(_SLUG, text, "a name", "write a to z, 0 to 9 and -, beginning with a letter, at most 31")


def own_mode_name(text: str) -> str:
    """The name of a mode of the administrator's own."""
    if text in _NO_MODES:
        raise ValueError(f"{quoted(text)} means something else to pbxctl; write another name")
    return _shaped(_OWN_MODE, text, "a name for a mode", "write a to z and _ between them, 3 to 31 of them")


def step_name(text: str) -> str:
    """The name of a step of such a mode."""
    if text in _NO_STEPS or text.startswith(_OUR_STEPS):
        raise ValueError(f"{quoted(text)} means something else to pbxctl; write another name")
    return _shaped(
        _STEP,
        text,
        "a name for a step",
        "write a to z, 0 to 9 and _, beginning with a letter, 3 to 31 of them",
    )


def template_file(text: str) -> str:
    """A file of dialplan beside the configuration, and never outside of its folder."""
    if ".." in text.split("/"):
        raise ValueError(f"{quoted(text)} leads out of the configuration's folder; put the file beside it")
    return _shaped(_TEMPLATE, text, "a file of dialplan beside this one", "write it like reception.conf.j2")


def exit_name(text: str) -> str:
    """An exit that a template declares."""
    return _shaped(_EXIT, text, "a name for an exit", "write a to z, 0 to 9 and _, beginning with a letter")


def instance_name(text: str) -> str:
    """The name of one of several tenants on a PBX; empty for the only one."""
    if not text:
        return text
    if text in _OUR_CONTEXTS:
        raise ValueError(f"{quoted(text)} is the name of a context of ours; write another, such as north")
    if _GENERATION.fullmatch(text):
        raise ValueError(f"{quoted(text)} looks like a generation's name; write another, such as north")
    return _shaped(
        _INSTANCE, text, "a name for a tenant", "write a to z and 0 to 9, beginning with a letter, at most 8"
    )


def context_name(text: str) -> str:
    """The name of a context of the PBX's own dialplan."""
    _shaped(
        _CONTEXT, text, "a context name", "write letters, digits, _, . and -, at most 79, as the PBX does"
    )
    if text.lower().startswith("pbxctl"):
        raise ValueError(f"{quoted(text)} is a context of pbxctl itself; name one of the PBX's own")
    if text.lower() in _NO_CONTEXTS:
        raise ValueError(
            f"{quoted(text)} holds Asterisk's own settings; name a context of the PBX's dialplan"
        )
    return text


def trunk_extension(text: str) -> str:
    """The one extension to which a trunk sends every call: ``s``, or an account's name."""
    if text.lower() in _SPECIAL_EXTENSIONS:
        raise ValueError(f"{quoted(text)} means something else to the PBX; write s, or the account's name")
    return _shaped(
        _TRUNK_EXTENSION, text, "an extension", "write s, or the account's name: letters, digits, _ and ."
    )


def mailbox_name(text: str) -> str:
    """A mailbox with its voicemail context."""
    return _shaped(_MAILBOX, text, "a mailbox", "write MAILBOX@CONTEXT such as 100@default")


def extension(text: str) -> str:
    """The extension of a phone in the house: digits alone."""
    return _shaped(_EXTENSION, text, "an extension", "write its 2 to 10 digits such as 201")


def mail_address(text: str) -> str:
    """A plain mail address, without a name around it; its domain may hold letters of any language."""
    free_text(text)
    return _shaped(_MAIL, text, "a plain mail address", "write it like info@company.example")


def host_name(text: str) -> str:
    """A host's name or address."""
    return _shaped(_HOST, text, "a host", "write a name or an address such as 127.0.0.1")


def login_name(text: str) -> str:
    """The name of an AMI user."""
    return _shaped(_LOGIN, text, "a user name", "write letters, digits, _, . and -, at most 80")


def time_zone(text: str) -> str:
    """An IANA time zone."""
    if _ZONE.fullmatch(text):
        try:
            zoneinfo.ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
            pass  # Python has a different error for a folder, a foreign file and a name that is too long
        else:
            return text
    guess = did_you_mean(text, zoneinfo.available_timezones())
    raise ValueError(f"{quoted(text)} is no time zone{guess}; write one such as Europe/Brussels")


def ics_address(text: str) -> str:
    """A calendar: the path of a file, or an address that begins with ``https://``.

    Plain ``http://`` is for this machine's own loopback alone, where nobody listens on the way.
    """
    free_text(text)
    scheme, separator, rest = text.partition(":")
    if separator and scheme.lower() in ("http", "https") and rest.startswith("//"):
        host = rest[2:].partition("/")[0].rpartition("@")[2]
        own = host.partition(":")[0] in ("localhost", "127.0.0.1") or host.startswith("[::1]")
        if not host or (scheme.lower() == "http" and not own):
            raise ValueError(f"{quoted(scheme + '://' + host)} is read by others on the way; write https://…")
        return text
    if separator and _SCHEME.fullmatch(scheme):
        raise ValueError(f"{quoted(scheme + ':')} is nothing that is read; write a file's path, or https://…")
    return text


def country_code(text: str) -> str:
    """An ISO 3166 country of two letters that has a numbering plan."""
    if text in phonenumbers.SUPPORTED_REGIONS:
        return text
    guess = did_you_mean(text, [text.upper()]) if text.upper() in phonenumbers.SUPPORTED_REGIONS else ""
    raise ValueError(f"{quoted(text)} is no country{guess}; write its two capital letters such as BE")


def holiday_region(text: str) -> str:
    """A country or a part of one whose public holidays are known, such as ``BE`` or ``DE-BY``."""
    country, dash, part = text.partition("-")
    known = _holiday_countries()
    if country not in known:
        guess = did_you_mean(country, [country.upper()]) if country.upper() in known else ""
        raise ValueError(
            f"the holidays of {quoted(country)} are not known{guess}; "
            "write a country's two capital letters such as BE, or a part of it such as DE-BY"
        )
    if dash and part not in known[country]:
        parts = ", ".join(known[country]) or "none"
        guess = did_you_mean(part, known[country])
        raise ValueError(
            f"{quoted(part)} is no part of {country} with holidays of its own{guess}; known: {parts}"
        )
    return text


def _shaped(pattern: re.Pattern[str], text: str, kind: str, right: str) -> str:
    if not text:
        raise ValueError(f"is empty; {right}")
    if pattern.fullmatch(text) is None:
        raise ValueError(f"{quoted(text)} is not {kind}; {right}")
    return text


@functools.cache
def _holiday_countries() -> dict[str, tuple[str, ...]]:
    import holidays  # takes 0.4 s, which most commands need not wait for

    known = holidays.list_supported_countries(include_aliases=False)
    return {country: tuple(parts) for country, parts in known.items()}
