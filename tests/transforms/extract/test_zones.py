"""Instants written in UTC on the clocks of the site's country."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.extract.zones import day_at_home, on_other_day


@pytest.mark.parametrize(
    ("when", "country", "day"),
    [
        ("2026-01-06T23:00", "DE", date(2026, 1, 7)),
        ("2026-07-06T22:00", "DE", date(2026, 7, 7)),
        ("2026-07-06T23:00", "DE", None),
        ("2026-07-06T23:00", "GB", date(2026, 7, 7)),
        ("2026-01-06T18:15", "NP", date(2026, 1, 7)),
        ("2026-01-06T13:00", "AU", date(2026, 1, 7)),
        ("2026-01-06T00:00", "GB", None),
        ("2026-01-06T05:00", "US", None),
        ("2026-01-06T23:00:07", "DE", None),
        ("2026-01-06T23:00", "", None),
        ("2026-01-06T23:00", "XX", None),
    ],
)
def test_the_day_that_begins_at_a_countrys_midnight(
    when: str, country: str, day: date | None
) -> None:
    assert day_at_home(datetime.fromisoformat(when).replace(tzinfo=UTC), country) == day


@given(
    st.datetimes(datetime(1995, 1, 1), datetime(2099, 1, 1), timezones=st.just(UTC)),
    st.sampled_from(["DE", "IN", "AU", "US", "KI", "??"]),
)
def test_a_day_at_home_is_the_next_one_of_utc(when: datetime, country: str) -> None:
    day = day_at_home(when, country)
    assert day is None or day == when.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("when", "country", "there"),
    [
        ("2026-01-06T22:30", "DE", None),
        ("2026-01-06T23:30", "DE", "2026-01-07T00:30+01:00"),
        ("2026-01-06T02:30", "US", "2026-01-05T21:30-05:00"),
        ("2026-01-06T02:30", "AR", "2026-01-05T23:30-03:00"),
        ("2026-01-06T12:30", "US", None),
        ("2026-01-06T02:30", "", None),
    ],
)
def test_the_clock_on_which_it_is_another_day(when: str, country: str, there: str | None) -> None:
    moment = datetime.fromisoformat(when).replace(tzinfo=UTC)
    found = on_other_day(moment, country)
    assert (found and found.isoformat(timespec="minutes")) == there
    assert found is None or found == moment
