"""The timetable: which spider is asked for when, through scrapyd, and what became of it."""
