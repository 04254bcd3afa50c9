"""Puts opening hours into words, in any language of the site. Uses no clock: callers pass the moment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from gettext import NullTranslations

from signpost.i18n.dates_text import DateFormatter
from signpost.i18n.fallback import BEGIN
from signpost.models.hours import LONDON, UK_NATIONS, BankHoliday, Hours, Opening, Span, Times, UKNation


def sentence(text: str) -> str:
    """A text with its first letter capitalised."""
    first = len(text) - len(text.lstrip(BEGIN))  # the mark of an untranslated text stands before its letter
    return text[: first + 1].upper() + text[first + 1 :]


class HoursFormatter:
    """Puts opening hours into words in one language.

    Most texts begin with a small letter, to fit inside a sentence: "every day, 9am to 5pm".

    Args:
        translations: the translations into the language; none for English.
    """

    def __init__(self, translations: NullTranslations | None = None) -> None:
        self._translations = say = translations or NullTranslations()
        self._dates = DateFormatter(translations)
        self._days = (
            say.pgettext("day", "Monday"),
            say.pgettext("day", "Tuesday"),
            say.pgettext("day", "Wednesday"),
            say.pgettext("day", "Thursday"),
            say.pgettext("day", "Friday"),
            say.pgettext("day", "Saturday"),
            say.pgettext("day", "Sunday"),
        )
        # Some languages change the name of a day in "on Monday" and "to Monday", so it has its own context.
        self._on_days = (
            say.pgettext("on or to a day", "Monday"),
            say.pgettext("on or to a day", "Tuesday"),
            say.pgettext("on or to a day", "Wednesday"),
            say.pgettext("on or to a day", "Thursday"),
            say.pgettext("on or to a day", "Friday"),
            say.pgettext("on or to a day", "Saturday"),
            say.pgettext("on or to a day", "Sunday"),
        )

    def week(self, hours: Hours) -> str:
        """The hours of a week, such as "Monday to Friday, 9am to 9pm, and Saturday, 10am to noon", or ""."""
        spans = [self.span(span) for span in hours.spans]
        return (
            self._all_of(spans, self._translations.pgettext("hours", "%(first)s, and %(last)s")) or hours.days
        )

    def span(self, span: Span) -> str:
        """One span of a week, such as "Monday to Friday, 9am to 9pm"."""
        days = self._these_days(span.days)
        if len(span.days) == len(self._days) and all(times.closes > 24 * 60 for times in span.times):
            days = self._translations.gettext("every night")
        return f"{days}, {self._times(span.times)}"

    def opening(self, opening: Opening, moment: datetime) -> str:
        """Such as "Open now, until 9pm" or "Closed now, opens Monday 9am". Never suggests open if not known."""
        say = self._translations
        match opening:
            case Opening("open", None):
                return say.gettext("Open now")
            case Opening("open", until):
                assert until is not None
                when = self._when(until, moment, soon=timedelta(days=1))
                return say.gettext("Open now, until %(when)s") % {"when": when}
            case Opening("closed", until, "open"):
                assert until is not None
                return say.gettext("Closed now, opens %(when)s") % {"when": self._when(until, moment)}
            case Opening("closed"):
                return say.gettext("Closed now")
        return say.gettext("We do not know if they are open today")

    def holidays(self, hours: Hours, in_nation: Mapping[str, str]) -> str:
        """What happens on bank holidays, as sentences; "" for hours that do not depend on them.

        Args:
            hours: the hours.
            in_nation: maps each nation's id to its name as written after "in".
        """
        if hours.open != "limited":
            return ""
        if not hours.bank_holidays:
            return self._translations.gettext("Bank holidays may differ.")
        alike: dict[BankHoliday, list[UKNation]] = {}
        for nation, rule in hours.bank_holidays.items():
            alike.setdefault(rule, []).append(nation)
        return " ".join(
            self._holiday(rule, [] if len(nations) == len(UK_NATIONS) else [in_nation[n] for n in nations])
            for rule, nations in alike.items()
        )

    def clock(self, moment: datetime) -> str:
        """The UK local time of a moment, to the minute: "2:10am"."""
        local = moment.astimezone(LONDON)
        return self._half(local.hour, f"{local.hour % 12 or 12}:{local.minute:02}")

    def nations(self, in_nation: Sequence[str]) -> str:
        """A list of nations such as "England, Scotland and Wales", from their names as written after "in"."""
        return self._all_of(in_nation, self._translations.pgettext("in nations", "%(first)s and %(last)s"))

    def _holiday(self, rule: BankHoliday, in_nations: Sequence[str]) -> str:
        match rule.does:
            case "closed":
                hours = self._translations.pgettext("bank holidays", "closed")
            case "usual":
                hours = self._translations.pgettext("bank holidays", "as usual")
            case "other":
                hours = self._times(rule.times)
        if not in_nations:
            return self._translations.gettext("Bank holidays: %(hours)s.") % {"hours": hours}
        words = self._translations.gettext("Bank holidays in %(nations)s: %(hours)s.")
        return words % {"nations": self.nations(in_nations), "hours": hours}

    def _these_days(self, days: Sequence[int]) -> str:
        """Consecutive days as a range, "Monday to Thursday"; others listed one by one."""
        if len(days) == len(self._days):
            return self._translations.gettext("every day")
        runs: list[list[int]] = []
        for day in days:
            if runs and day == (runs[-1][-1] + 1) % 7:
                runs[-1].append(day)
            else:
                runs.append([day])
        to = self._translations.pgettext("days", "%(first)s to %(last)s")
        named: list[str] = []
        for run in runs:
            if len(run) > 2:
                named.append(to % {"first": self._days[run[0]], "last": self._on_days[run[-1]]})
            else:
                named += [self._days[day] for day in run]
        return self._all_of(named, self._translations.pgettext("days", "%(first)s and %(last)s"))

    def _times(self, times: Sequence[Times]) -> str:
        """The times of a day in words. If they include the whole day, the others are left out."""
        if any(each.all_day for each in times):
            return self._translations.gettext("all day")
        return self._all_of(
            [self._from_to(each) for each in times],
            self._translations.pgettext("times", "%(first)s and %(last)s"),
        )

    def _from_to(self, times: Times) -> str:
        if times.all_day:
            return self._translations.gettext("all day")
        to = self._translations.pgettext("times", "%(first)s to %(last)s")
        return to % {"first": self._time(times.opens), "last": self._time(times.closes)}

    def _time(self, minutes: int) -> str:
        """A time: "9am", "5:30pm", "noon", "midnight"."""
        hour, minute = divmod(minutes % (24 * 60), 60)
        if not minute and hour in (0, 12):
            return self._translations.gettext("noon") if hour else self._translations.gettext("midnight")
        return self._half(hour, f"{hour % 12 or 12}{f':{minute:02}' if minute else ''}")

    def _half(self, hour: int, time: str) -> str:
        """A time followed by "am" or "pm"."""
        half = (
            self._translations.gettext("%(time)spm")
            if hour >= 12
            else self._translations.gettext("%(time)sam")
        )
        return half % {"time": time}

    def _when(self, at: datetime, moment: datetime, soon: timedelta = timedelta()) -> str:
        """Puts a later moment into words: "today 5pm", "Monday 9am", "Monday 7 December, 9am".

        Args:
            at: the moment to put into words, in UK local time.
            moment: the current moment.
            soon: omit the day if ``at`` is less than this away, or, if this is not zero, today.
        """
        now = moment.astimezone(LONDON)
        time = self._time(at.hour * 60 + at.minute)
        ahead = (at.date() - now.date()).days
        if (ahead == 0 and soon) or at - now < soon:
            return time
        if ahead == 0:
            return self._translations.gettext("today %(time)s") % {"time": time}
        values = {"day": self._on_days[at.weekday()], "time": time}
        if ahead < 7:
            return self._translations.gettext("%(day)s %(time)s") % values
        values["date"] = self._dates.day_of_year(at)
        return self._translations.gettext("%(day)s %(date)s, %(time)s") % values

    def _all_of(self, words: Sequence[str], last: str) -> str:
        """The words joined by commas, and the last one by ``last``."""
        if len(words) < 2:
            return "".join(words)
        return last % {"first": ", ".join(words[:-1]), "last": words[-1]}
