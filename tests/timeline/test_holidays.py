"""Public holidays of countries and of their parts."""

from __future__ import annotations

from datetime import date

import pytest

from pbxctl.timeline.holidays import public_holidays


@pytest.mark.parametrize(
    ("region", "day", "is_holiday"),
    [
        pytest.param("BE", "2027-01-01", True, id="New Year in Belgium"),
        pytest.param("BE", "2027-07-21", True, id="the national day"),
        pytest.param("BE", "2027-07-14", False, id="but not that of France"),
        pytest.param("DE", "2027-01-06", False, id="Epiphany not in all of Germany"),
        pytest.param("DE-BY", "2027-01-06", True, id="but in Bavaria"),
        pytest.param("DE-BY", "2027-10-03", True, id="what all have, Bavaria has too"),
    ],
)
def test_a_region_has_its_own_days(region: str, day: str, is_holiday: bool) -> None:
    wanted = date.fromisoformat(day)
    days = public_holidays(region, wanted.year)
    assert (wanted in dict(days)) is is_holiday
    assert list(days) == sorted(days)
    assert {found.year for found, _ in days} == {wanted.year}


@pytest.mark.parametrize("region", ["XX", "DE-XX", "be", "", "-BY", "BE-BY-X"])
def test_a_region_that_nobody_knows_is_refused(region: str) -> None:
    with pytest.raises(ValueError, match="no public holidays are known"):
        public_holidays(region, 2027)
