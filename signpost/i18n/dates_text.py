"""Puts dates into words, in any language of the site."""

from __future__ import annotations

from datetime import date
from gettext import NullTranslations


class DateFormatter:
    """Puts dates into words in one language.

    The names of months are in the site's own catalogue. Babel has them for every language, but reads five megabytes for them.

    Args:
        translations: the translations into the language; none for English.
    """

    def __init__(self, translations: NullTranslations | None = None) -> None:
        say = translations or NullTranslations()
        self._months = (
            say.pgettext("month", "January"),
            say.pgettext("month", "February"),
            say.pgettext("month", "March"),
            say.pgettext("month", "April"),
            say.pgettext("month", "May"),
            say.pgettext("month", "June"),
            say.pgettext("month", "July"),
            say.pgettext("month", "August"),
            say.pgettext("month", "September"),
            say.pgettext("month", "October"),
            say.pgettext("month", "November"),
            say.pgettext("month", "December"),
        )

    def month(self, day: date) -> str:
        """The month of a day: "December 2026"."""
        return f"{self._months[day.month - 1]} {day.year}"

    def day(self, day: date) -> str:
        """A day: "7 December 2026"."""
        return f"{day.day} {self.month(day)}"

    def day_of_year(self, day: date) -> str:
        """A day in a year that is clear: "7 December"."""
        return f"{day.day} {self._months[day.month - 1]}"
