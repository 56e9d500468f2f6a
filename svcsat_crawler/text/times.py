"""Times as the sites print them: Beijing time without a zone, or epoch numbers."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from svcsat_crawler.items import Precision

BEIJING = ZoneInfo("Asia/Shanghai")
_TIME = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?"
    r"(?:[T\s]*(\d{1,2})[:：](\d{2})(?:[:：](\d{2}))?(?:\.\d+)?)?"
)
_EARLIEST = 1995  # no site of this kind is older; also keeps "0000" and phone numbers out


def read_time(value: Any, *, midnight_is_day: bool = True) -> tuple[datetime, Precision] | None:
    """Return the time that *value* states, aware in +08:00, and how exact it is; None when it states none.

    *value*: text in any of the sites' forms, or epoch seconds or milliseconds.  A printed 00:00:00 is a
    date without a time.  Impossible dates (31 February, 0000-00-00) are none.

    >>> read_time("2016-12-21 00:00:00")
    (datetime.datetime(2016, 12, 21, 0, 0, tzinfo=zoneinfo.ZoneInfo(key='Asia/Shanghai')), 'day')
    >>> read_time(1482246635000)[0].isoformat()
    '2016-12-20T23:10:35+08:00'
    >>> read_time("2016-02-31") is None
    True
    """
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float) or (isinstance(value, str) and re.fullmatch(r"\d{10}|\d{13}", value)):
        epoch = float(value)
        try:
            moment = datetime.fromtimestamp(epoch / 1000 if epoch > 1e11 else epoch, BEIJING)
        except (ValueError, OverflowError, OSError):
            return None
        return (moment, "second") if moment.year >= _EARLIEST else None
    match = _TIME.search(str(value))
    if not match:
        return None
    year, month, number, hour, minute, second = (int(part) if part else None for part in match.groups())
    assert year is not None and month is not None and number is not None
    if year < _EARLIEST:
        return None
    try:
        moment = datetime(year, month, number, hour or 0, minute or 0, second or 0, tzinfo=BEIJING)
    except ValueError:
        return None
    if hour is None or (midnight_is_day and not (hour or minute or second)):
        return moment, "day"
    return moment, "second" if second is not None else "minute"
