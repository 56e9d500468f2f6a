"""Every number that a verdict turns on, each with its reason.  No alarm on an ordinary run comes before all else."""

from __future__ import annotations

# Failures of one run: so many of one kind, and this share of all articles asked for, are a broken site.
MANY = 3
MOST = 0.5

# One run against the runs before it, whatever they were asked for.
RUNS = 20  # runs that are looked back at for lists and fields
ENOUGH = 5  # articles that make a share of them mean anything
WHOLE = 0.8  # a first page with this share of its usual rows is a whole one: there ought to be more pages
USUALLY, HARDLY = 0.9, 0.1  # a field that nearly every article had, and hardly one has now
MORE = 0.1  # so much more than usual is read by the generic extractor
CUT = 0.3  # of the usual length: texts are cut off
FEW = 2  # so many articles may always be odd

# One run against a history of runs with the same arguments.
PAST = 200  # runs; a list of one article a day needs so many to show what is usual, and to be missed
STRETCH = (
    30  # articles; shares are taken over stretches of so many, and the leanest of them is what is usual:
)
STRETCHES = 3  # columns, seasons and old articles differ, and three stretches have shown some of that
RECENT = 20  # articles that a run is judged with; one that read fewer takes those of the runs before along
HALF = 0.5  # a share sinks sharply when no more than this of the usual one is left, in the run itself too
# Nats.  A drop that chance brings once in 1.2 million runs (Chernoff's bound): one run an hour for 130 years.
SURPRISE = 14.0
# Days.  From the 小年 to the 元宵 some columns rest and others print greetings and duty rosters without a figure;
# no other holiday is as long.  At once, so many articles count as so many days as usually bring them.
REST = 22

# A list against the days on which it brought something.
DAYS_KEPT = (
    250  # the latest of them, in the state of the list: a year of working days, with its Spring Festival
)
DAYS_NEEDED = 20
# Silence is unusual when it is longer than all of these: twice the longest rest of the year,
LONG = 2 * REST + 1  # days
LONGER = 3  # times the longest pause so far: a column that a department fills keeps no regular hours
PAUSES = 15  # times the mean pause: where articles come at random, chance does that once in 3 million pauses
FLOOD = 100  # new rows in a day, and
FLOODED = 10  # times the second most ever, for each day since the list was looked at last
WALKS_NEEDED = 10  # earlier first pages to compare with
ROWS_NEEDED = 10  # of a first page that had so few rows, nothing is concluded from fewer
ROWS_LEFT = 0.3  # of the fewest rows ever: some sites put what does not fill a page on the first one
