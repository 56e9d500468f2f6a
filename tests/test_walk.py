"""When a list stops, and what the next run may rely on."""

from datetime import date

from svcsat_crawler.sources.walk import Listing, ListWalk, Row


def listing(*keys: str, more: bool = True, listed: date | None = None) -> Listing:
    rows = [Row(key=key, url=f"http://x/{key}", title=key, listed=listed) for key in keys]
    return Listing(rows=rows, next_url="http://x/next" if more else None)


def walked(*pages: Listing, known: bool = False, **options) -> ListWalk:
    walk = ListWalk("list", "http://x/", **options)
    for number, page in enumerate(pages):
        if walk.turn(page, all_known=known, url=f"http://x/{number}"):
            break
    return walk


COMPLETE = {"complete": True, "scope": "", "cap": None, "since": None, "head": []}


def test_it_stops_at_the_end_and_is_complete() -> None:
    walk = walked(listing("a"), listing("b", more=False))
    assert (walk.stopped, walk.pages, walk.next_state()["complete"]) == ("end", 2, True)


def test_known_rows_stop_it_only_after_a_complete_walk() -> None:
    assert walked(listing("a"), listing("b", more=False), known=True).stopped == "end"
    assert walked(listing("a"), listing("b", more=False), known=True, state=COMPLETE).stopped == "known"
    open_state = {**COMPLETE, "complete": False}
    assert walked(listing("a"), listing("b", more=False), known=True, state=open_state).stopped == "end"


def test_it_goes_on_as_far_as_known_rows_are_to_be_looked_at_again() -> None:
    young, old = date(2021, 3, 2), date(2021, 2, 1)
    pages = listing("a", listed=young), listing("b", listed=old), listing("c", listed=old)
    walk = walked(*pages, known=True, state=COMPLETE, recheck=date(2021, 3, 1))
    assert (walk.stopped, walk.pages) == ("known", 2)
    assert walked(*pages, known=True, state=COMPLETE).pages == 1


def test_a_list_that_is_looked_at_again_is_asked_for_whatever_its_etag() -> None:
    state = {**COMPLETE, "until": None, "validators": {"ETag": "x"}}
    assert ListWalk("list", "http://x/", state=state).conditions() == {"If-None-Match": "x"}
    assert ListWalk("list", "http://x/", state=state, recheck=date(2021, 3, 1)).conditions() == {}


def test_full_walks_on() -> None:
    assert walked(listing("a"), listing("b", more=False), known=True, state=COMPLETE, full=True).pages == 2


def test_a_shallower_walk_does_not_vouch_for_a_deeper_one() -> None:
    capped = walked(listing("a"), listing("b"), cap=1)
    assert (capped.stopped, capped.next_state()["cap"]) == ("max_pages", 1)
    state = capped.next_state()
    assert walked(listing("a"), listing("b", more=False), known=True, state=state).stopped == "end"
    assert walked(listing("a"), listing("b"), known=True, state=state, cap=1).stopped == "known"


def test_since_stops_it_and_vouches_only_so_far() -> None:
    old = listing("a", listed=date(2015, 1, 1))
    walk = walked(old, since=date(2016, 1, 1))
    assert walk.stopped == "since"
    state = walk.next_state()
    assert not ListWalk("l", "u", state=state).may_stop_at_known
    assert ListWalk("l", "u", state=state, since=date(2017, 1, 1)).may_stop_at_known
    assert not ListWalk("l", "u", state=state, since=date(2014, 1, 1)).may_stop_at_known


def test_a_pinned_old_row_does_not_stop_it() -> None:
    page = listing("new", listed=date(2016, 5, 1))
    page.rows.insert(0, Row(key="pinned", url="http://x/p", title="p", listed=date(2012, 1, 1)))
    assert walked(page, listing("b", more=False), since=date(2016, 1, 1)).pages == 2


def test_a_pager_that_goes_round_stops() -> None:
    pages = [listing("a"), listing("b"), listing("a")]
    walk = ListWalk("list", "http://x/")
    stopped = [walk.turn(page, all_known=False, url=f"http://x/{n}") for n, page in enumerate(pages)]
    assert stopped == [None, None, "repeat"]
    back = ListWalk("list", "http://x/")
    first = listing("a")
    first.next_url = "http://x/2"
    assert back.turn(first, all_known=False, url="http://x/next") is None
    assert back.turn(listing("b"), all_known=False, url="http://x/2") == "repeat"
    assert back.why == "the pager leads back to http://x/next"


def test_a_last_page_that_names_itself_is_the_end() -> None:
    walk = ListWalk("list", "http://x/")
    assert walk.turn(listing("a"), all_known=False, url="http://x/next") == "end"


def test_a_repeating_pager_stops() -> None:
    walk = walked(*[listing("a", "b")] * 50)
    assert (walk.stopped, walk.pages) == ("repeat", 2)
    assert not walk.next_state()["complete"]


def test_an_empty_first_page_is_a_failure_and_a_later_one_an_end() -> None:
    first = walked(listing())
    assert (first.stopped, first.ended) == ("empty", False)
    later = walked(listing("a"), listing())
    assert (later.stopped, later.ended) == ("empty", True)


def test_another_keyword_does_not_rely_on_the_last_one() -> None:
    state = {**COMPLETE, "scope": "供电", "head": ["a"]}
    other = ListWalk("l", "u", scope="电网", state=state)
    assert not other.may_stop_at_known
    assert not other.seen(listing("a").rows[0])
    assert ListWalk("l", "u", scope="供电", state=state).seen(listing("a").rows[0])


def test_a_walk_up_to_a_day_does_not_vouch_for_what_came_later() -> None:
    kept = {**COMPLETE, "validators": {"ETag": '"a"'}}
    assert ListWalk("list", "http://x/", state={**kept, "until": None}).conditions() == {
        "If-None-Match": '"a"'
    }
    assert ListWalk("list", "http://x/", state={**kept, "until": "2020-06-30"}).conditions() == {}
