"""What people answer in their own language is what the configuration calls by one name."""

from __future__ import annotations

import pytest

from pbxctl.cli.init_words import as_meant
from tests.cli.conftest import Pbxctl

SAID = [
    ("country", "nl", "NL"),
    ("country", "Deutschland", "Deutschland"),
    ("holidays", "de-by", "DE-BY"),
    ("holidays", "geen", "none"),
    ("languages", "Nederlands, français", "nl, fr"),
    ("languages", "de, en", "de, en"),
    ("weekday", "vrijdag", "friday"),
    ("weekday", "Mittwoch", "wednesday"),
    ("weekday", "jeudi", "thursday"),
    ("weekday", "Thursday", "thursday"),
    ("weekday", "wensday", "wensday"),
    ("since", "18-12-2026", "2026-12-18"),
    ("since", "14/01/2027", "2027-01-14"),
    ("since", "14.1.2027", "2027-01-14"),
    ("since", "03/04/2027", "03/04/2027"),  # in March or in April: asked again
    ("hours", "ma-vr 8:00-17:30", "mon-fri 8:00-17:30"),
    ("hours", "Mo-Do 8-18 Uhr, Fr 8-13 Uhr", "mon-thu 8:00-18:00, fri 8:00-13:00"),
    ("hours", "lun-ven 9h-18h30", "mon-fri 9:00-18:30"),
    ("hours", "maandag-vrijdag 8.30\u201317.00", "mon-fri 8:30-17:00"),
    ("hours", "mon-fri 08:30-12:00, mon-fri 13:00-17:30", "mon-fri 08:30-12:00, mon-fri 13:00-17:30"),
    ("hours", "keine", "none"),
    ("mailbox", "200", "200@default"),
    ("mailbox", "200@sales", "200@sales"),
    ("numbers", "010 412 33 44 en 010-4123345", "010 412 33 44, 010-4123345"),
    ("never_close", "aucune", "none"),
    ("service", "non", "none"),
    ("company", "Geen", "Geen"),
    ("mail", "keine", "keine"),
]


@pytest.mark.parametrize(("question", "said", "meant"), SAID)
def test_what_is_said_is_what_is_meant(question: str, said: str, meant: str) -> None:
    assert as_meant(question, said) == meant
    assert as_meant(question, meant) == meant


def test_a_whole_configuration_may_be_answered_in_dutch(pbxctl: Pbxctl) -> None:
    answers = {
        "company": "Garage van der Meer",
        "mail": "info@garage.example",
        "country": "nl",
        "weekday": "vrijdag",
        "since": "18-12-2026",
        "hours": "ma-vr 8:00-17:30",
        "numbers": "010 412 33 44 en 010-4123345",
        "mailbox": "200",
        "service": "geen",
    }
    flags = [text for name, answer in answers.items() for text in (f"--{name}", answer)]

    assert pbxctl("init", "--yes", *flags, config="garage.yaml").code == 0
    assert (
        "+31104123344, +31104123345; Friday voicemail since 2026-12-18"
        in pbxctl("check", config="garage.yaml").out
    )
