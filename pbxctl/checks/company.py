"""Company and PBX: what callers are told of the company, and how its PBX is reached."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from typing import Final

from pbxctl.checks.advice import Finding, Findings, Subject
from pbxctl.config.countries import SPOKEN_IN
from pbxctl.config.problems import listed, quoted
from pbxctl.prompts.needed import catalogue_of, needed_prompts
from pbxctl.prompts.spoken import NAME_LIMIT, spoken_mail, spoken_name

LONGEST_PROMPT_S: Final = 20
"""Whoever calls a bakery does not listen any longer than this."""

SIGNS_PER_SECOND: Final[Mapping[str, float]] = {"nl": 13.9, "fr": 16.3, "de": 14.6, "en": 14.9}
"""How fast the built-in voice speaks, in signs of text a second: the mean over the bakery's prompts."""


def _mail(subject: Subject) -> Findings:
    company = subject.config.company
    if any(not spoken_mail(company.mail, language) for language in company.languages):
        yield Finding(
            "mail-not-spoken",
            ("company", "mail"),
            f"{quoted(company.mail)} cannot be said aloud, so callers hear no address; "
            "write one of at most 80 characters made of letters, digits, ., - and _",
        )


def _name(subject: Subject) -> Findings:
    company = subject.config.company
    said = spoken_name(company.name, company.languages[0])
    if not said:
        message = f"{quoted(company.name)} has no letter that can be said; write the name as people say it"
    elif len(company.name) > NAME_LIMIT:
        message = (
            f"is {len(company.name)} characters long, and callers hear the first {len(said)} of them; "
            "write the name as people say it"
        )
    else:
        return
    yield Finding("name-not-spoken", ("company", "name"), message)


def _languages(subject: Subject) -> Findings:
    company = subject.config.company
    usual = SPOKEN_IN.get(company.country, ())
    if usual and not set(usual) & set(company.languages):
        yield Finding(
            "language-of-country-missing",
            ("company", "languages"),
            f"names none of the languages spoken in {company.country}; add {listed(usual, 'or')}",
        )


def _prompts(subject: Subject) -> Findings:
    """The longest prompt of each language, by its text alone: a recording may well be shorter."""
    prompts = needed_prompts(subject.plan, catalogue_of(subject.plan))
    for index, language in enumerate(subject.config.company.languages):
        longest = max(len(prompt.texts.get(language, "")) for prompt in prompts)
        seconds = math.ceil(longest / SIGNS_PER_SECOND[language])
        if seconds > LONGEST_PROMPT_S:
            yield Finding(
                "prompt-long",
                ("company", "languages", index),
                f"callers listen to some {seconds} s in {quoted(language)} before they can speak; "
                "shorten company.name or take a shorter company.mail",
            )


def _ami_missing(subject: Subject) -> Findings:
    if subject.config.pbx.ami is None:
        yield Finding(
            "ami-missing",
            ("pbx", "ami"),
            "is left out, so pbxctl can render and rehearse, but not reach the PBX; "
            "add ami: {host: 127.0.0.1, user: pbxctl, secret: {file: ami.secret}}",
        )


def _ami_far(subject: Subject) -> Findings:
    ami = subject.config.pbx.ami
    if ami is not None and not _is_here(ami.host):
        yield Finding(
            "ami-far",
            ("pbx", "ami", "host"),
            f"{quoted(ami.host)} is another machine, and Asterisk's manager interface is not encrypted; run "
            "pbxctl beside the PBX or through a tunnel, and write 127.0.0.1",
        )


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


CHECKS: Final = {
    "mail-not-spoken": _mail,
    "name-not-spoken": _name,
    "language-of-country-missing": _languages,
    "prompt-long": _prompts,
    "ami-missing": _ami_missing,
    "ami-far": _ami_far,
}
