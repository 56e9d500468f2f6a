"""The same text comes out whatever the server and the page claim about its charset."""

import codecs

import pytest

from svcsat_crawler.text.charset import detect

TEXT = "甲市供电局供电服务满意度８１．５７分――同比上升，镕堃喆，①㈱€"
PLAIN = "<html><head>{meta}</head><body><p>{text}</p></body></html>"


def page(encoding: str, meta: str = "", text: str = TEXT) -> bytes:
    declared = f'<meta http-equiv="Content-Type" content="text/html; charset={meta}">' if meta else ""
    return PLAIN.format(meta=declared, text=text).encode(encoding)


CASES = {
    "utf-8, all agree": (page("utf-8", "utf-8"), "text/html; charset=utf-8"),
    "utf-8, nothing said": (page("utf-8"), "text/html"),
    "utf-8, no header at all": (page("utf-8"), None),
    "utf-8, header gbk": (page("utf-8", "utf-8"), "text/html; charset=gbk"),
    "utf-8, header latin-1": (page("utf-8"), "text/html; charset=iso-8859-1"),
    "utf-8, meta gb2312": (page("utf-8", "gb2312"), "text/html"),
    "gb18030, header gb2312": (page("gb18030", "gb2312"), "text/html; charset=gb2312"),
    "gb18030, meta gb2312": (page("gb18030", "gb2312"), "text/html"),
    "gb18030, header utf-8": (page("gb18030", "gb2312"), "text/html; charset=utf-8"),
    "gb18030, meta utf-8": (page("gb18030", "utf-8"), "text/html"),
    "gb18030, nothing said": (page("gb18030"), "text/html"),
    "gb18030, header latin-1": (page("gb18030"), "text/html; charset=iso-8859-1"),
    "utf-8 with BOM, header gbk": (codecs.BOM_UTF8 + page("utf-8"), "text/html; charset=gbk"),
    "unknown name": (page("gb18030"), "text/html; charset=x-nonsense"),
}


@pytest.mark.parametrize("name", CASES)
def test_the_text_survives(name: str) -> None:
    body, header = CASES[name]
    found = detect(body, header)
    assert TEXT in body.decode(found.encoding)
    assert found.replaced == 0


def test_big5_is_believed_when_it_is_declared_and_fits() -> None:
    body = page("big5", "big5", text="供電服務滿意度")
    assert "供電服務滿意度" in body.decode(detect(body, "text/html; charset=big5").encoding)


def test_damage_is_counted() -> None:
    body = page("utf-8").replace("度".encode(), "度".encode()[:2])
    found = detect(body, "text/html; charset=utf-8")
    assert (found.encoding, found.source) == ("utf-8", "damaged")
    assert found.replaced == 1
