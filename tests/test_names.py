"""Weekdays, languages and modes are listed once, in ``pbxctl/names.py``."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from pbxctl import names

PACKAGE = Path(names.__file__).parent
OTHERS = {
    "pbxctl/names.py",
    "pbxctl/dialplan/freeswitch/clock.py",  # the weekdays as FreeSWITCH counts them, Sunday first
}
LISTS: dict[str, set[str]] = {
    "weekdays": {*names.WEEKDAY_WORDS, *names.SHORT_WEEKDAYS},
    "languages": set(names.LANGUAGES),
    "modes": set(names.MODES),
}
MANY = 3


def second_lists(source: str) -> list[str]:
    """Every tuple, list, set or choice of literals that lists many of the names, as ``LINE: what``."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Tuple | ast.List | ast.Set):
            words = {
                each.value.lower()
                for each in node.elts
                if isinstance(each, ast.Constant) and isinstance(each.value, str)
            }
            found += [f"{node.lineno}: {what}" for what, known in LISTS.items() if len(words & known) >= MANY]
    return found


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix()
)
def test_no_other_file_lists_them(path: Path) -> None:
    if path.relative_to(PACKAGE.parent).as_posix() not in OTHERS:
        assert second_lists(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'DAYS = ("monday", "tuesday", "wednesday")',
        'DAYS = ["Mon", "Tue", "Wed", "Thu", "Fri"]',
        'Language = Literal["nl", "fr", "de", "en"]',
        'if mode in {"ordinary", "voicemail", "answering_service"}: pass',
        'check(("nl", "fr", "de"))',
    ],
)
def test_a_second_list_would_be_noticed(source: str) -> None:
    assert len(second_lists(source)) == 1


def test_each_mode_has_its_name() -> None:
    assert (names.ORDINARY, names.VOICEMAIL, names.ANSWERING_SERVICE) == names.MODES
