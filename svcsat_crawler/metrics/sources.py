"""What electricity was generated from, where a row tells it apart: 发电量118.7亿千瓦时,其中光伏、风电合计29.4亿千瓦时."""

from __future__ import annotations

import re

from svcsat_crawler.metrics.sentences import Clause, Sentence
from svcsat_crawler.metrics.token import Token

_SOURCE = (
    "(?:集中式|分布式|海上|陆上|垃圾|农林)?(?:风力|风电|风能|光伏|太阳能|光热|水力|水电|火力|火电|核能|核电|煤电|燃煤|气电|燃气|生物质能?|"
    "新能源|可再生能源|清洁能源|非化石能源|绿电|绿色电力|风光)"
)
_ROW = re.compile(
    rf"(?:其中|而)?(?P<source>{_SOURCE}(?:(?:发电)?[、和及与]{_SOURCE})*)等?(?:机组|电站|电厂)?(?:发电量?|电量)?"
    r"(?:(?:合计|共计|总计|累计|两者|则|也|共|占|达到?|为|贡献|完成|发出|约|近|超过?)*)了?"
)


def source_of(sentence: Sentence, clause: Clause, token: Token) -> str | None:
    """Return the sources that a clause names before the number *token* and nothing besides, as printed."""
    match = _ROW.fullmatch(sentence.text, clause.start, token.start)
    return match["source"] if match else None
