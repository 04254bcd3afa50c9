"""Dates in words: the same in each language as Babel writes them, which reads too much memory to be used for visitors."""

from __future__ import annotations

from datetime import date

import pytest
from babel.dates import format_date

from signpost.i18n.dates_text import DateFormatter
from signpost.i18n.languages import CATALOGUES, ENGLISH, KNOWN
from signpost.i18n.translate import catalogue_of, read_catalogue


@pytest.mark.parametrize("code", KNOWN)
def test_dates_are_those_of_babel(code):
    translations = (
        read_catalogue(catalogue_of(CATALOGUES, code, "messages")) if code != ENGLISH.code else None
    )
    formatter = DateFormatter(translations)
    for month in range(1, 13):
        day = date(2027, month, 7)
        assert formatter.day(day) == format_date(day, "d MMMM y", locale=code)
        assert formatter.month(day) == format_date(day, "MMMM y", locale=code)
        assert formatter.day_of_year(day) == format_date(day, "d MMMM", locale=code)
