"""``docs/fields.md`` says what the items hold."""

from tests.fields_page import PAGE, generated, render


def test_the_page_describes_the_items_as_they_are() -> None:
    assert generated(PAGE.read_text("utf-8")) == render(), "run `make docs`"
