"""Mobile lists: the rows are built by an inline script, a plain parser sees none."""

from __future__ import annotations

import json
from functools import cache

from tests.replica.answers import Answer, as_json, html
from tests.replica.nanfangplus.columns import CHANNELS, EMPTY, listed
from tests.replica.nanfangplus.items import item

SCRIPT = """
var box = document.getElementById("app");
fetch("/nfplus-m/rows?columnId=COLUMN").then(function (answer) { return answer.json(); }).then(function (rows) {
  var list = document.createElement("ul");
  list.className = "list";
  rows.forEach(function (row) {
    var line = document.createElement("li"), link = document.createElement("a"), time = document.createElement("span");
    link.href = row.shareUrl; link.textContent = row.title; time.textContent = row.releaseTime;
    line.appendChild(link); line.appendChild(time); list.appendChild(line);
  });
  box.appendChild(list);
  box.setAttribute("data-ready", "1");
});
"""


@cache
def by_word() -> dict[str, int]:
    """Channel by the path words that show it: its id and its page name."""
    return {str(key): key for key in CHANNELS} | {word: key for key, (_, word) in CHANNELS.items()}


def listing(path: str, query: dict[str, str]) -> Answer | None:
    channel = by_word().get(path.strip("/"))
    if channel is None:
        return None
    return html(
        f'<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>{CHANNELS[channel][0]}频道_南方+</title></head>'
        f'<body><div id="app"></div>\n<script>{SCRIPT.replace("COLUMN", str(channel))}</script></body></html>'
    )


def rows(path: str, query: dict[str, str]) -> Answer | None:
    """What the script fetches: at most 30 rows."""
    if path != "/nfplus-m/rows" or query.get("columnId") not in by_word():
        return None
    return as_json([item(entry) for entry in listed(int(query["columnId"]))[:30]])


def columns(path: str, query: dict[str, str]) -> Answer | None:
    if path != "/column/all":
        return None
    data = [
        {"id": key, "name": name, "pageName": word} for key, (name, word) in CHANNELS.items() if key != EMPTY
    ]
    return html(
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"><title>频道</title></head><body><div id="app"></div>\n'
        f"<script>window.__DATA__ = {json.dumps(data, ensure_ascii=False)};</script></body></html>"
    )
