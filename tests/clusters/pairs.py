"""Hard pairs of articles, from a fixed seed: copies as sites make them, and stories that only look like copies.

``what`` of a pair names how it was made; ``same`` is what is true.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

from tests.clusters.stories import CITIES, Text, city_kinds, from_kinds, from_template, templates
from tests.replica.stories.world import Bureau

Random = random.Random
Tell = Callable[[Bureau, int], Text]

WIDE = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
TYPO = "的一是了我不人在他有这个上们来到时大地为子中你说生国年着就那和要她出也得里后自以会"
FURNITURE = (
    "供电局工作人员正在检修线路。本报记者 摄",
    "图为客户经理上门走访企业。通讯员供图",
    "营业厅内，市民在自助终端前办理业务。",
)
BOILERPLATE = (
    "供电部门提醒，市民可通过“南网在线”应用、微信公众号、支付宝生活号等渠道查询停电信息和电费账单，遇到用电问题可随时拨打95598供电服务热线，客服人员将全天提供咨询、报修和投诉受理服务。",
    "作为关系国民经济命脉的能源企业，供电部门始终坚持以客户为中心，深入践行人民电业为人民的企业宗旨，聚焦群众急难愁盼问题，持续优化营商环境，不断提升供电服务水平，为地方经济社会高质量发展提供坚强的电力保障。",
)


@dataclass(frozen=True)
class Pair:
    what: str
    a: Text
    b: Text
    same: bool


def stories(seed: str) -> Iterator[tuple[str, Tell, Bureau, int]]:
    """Yield base stories: a name, how to tell it of any bureau and year, and of whom it is told first."""
    rng = Random(seed)
    for name in (*templates(), *templates(), *templates()):
        own = f"{seed}{rng.random()}"
        yield name, _template(name, own), rng.choice(CITIES), rng.randint(2015, 2022)
    names = city_kinds()
    for first in (*names, *names):
        more = tuple(rng.sample([name for name in names if name != first], rng.choice((0, 1, 2, 3))))
        own = f"{seed}{rng.random()}"
        yield first, _kinds((first, *more), own), rng.choice(CITIES), rng.randint(2015, 2022)


def _template(name: str, seed: str) -> Tell:
    return lambda bureau, year: from_template(name, bureau, year, seed)


def _kinds(names: tuple[str, ...], seed: str) -> Tell:
    return lambda bureau, year: from_kinds(names, bureau, year, seed)


# What a site does to a copy


def sentences(text: Text) -> list[list[str]]:
    return [[f"{part}。" for part in line.removesuffix("。").split("。")] for line in text.paragraphs]


def shortened(text: Text, rng: Random, share: float) -> Text:
    """Keep about *share* of the text: its beginning, or paragraphs or sentences from all of it."""
    wanted = share * len(text.body)
    way = rng.choice(("head", "paragraphs", "sentences"))
    parts = [(at, part) for at, line in enumerate(sentences(text)) for part in line]
    if way == "head":
        chosen, size = 0, 0
        while chosen < len(parts) and size + len(parts[chosen][1]) / 2 < wanted:
            size += len(parts[chosen][1])
            chosen += 1
        kept = set(range(chosen))
    else:
        units = [[at] for at in range(len(parts))]
        if way == "paragraphs":
            units = [
                [at for at, (line, _) in enumerate(parts) if line == wanted_line]
                for wanted_line in range(len(text.paragraphs))
            ]
        rng.shuffle(units)
        kept, size = set[int](), 0
        for unit in units:
            if size < wanted:
                kept.update(unit)
                size += sum(len(parts[at][1]) for at in unit)
    lines = [
        "".join(part for at, (line, part) in enumerate(parts) if line == number and at in kept)
        for number in range(len(text.paragraphs))
    ]
    return text.but(paragraphs=tuple(filter(None, lines)))


def reordered(text: Text, rng: Random) -> Text:
    lines = list(text.paragraphs)
    rng.shuffle(lines)
    return text.but(paragraphs=tuple(lines))


def retitled(text: Text, rng: Random) -> Text:
    return text.but(title=rng.choice(("用心服务再获认可", "记者走基层", f"{text.bureau}这样做", "电力要闻")))


def wide(text: Text, rng: Random) -> Text:
    """Print digits, letters and signs at full width, or everything at half width."""
    if rng.random() < 0.6:
        return text.but(paragraphs=tuple(line.translate(WIDE) for line in text.paragraphs))
    return text.but(paragraphs=tuple(unicodedata.normalize("NFKC", line) for line in text.paragraphs))


def sourced(text: Text, rng: Random) -> Text:
    line = rng.choice(("来源：南方日报", "（本文转自羊城晚报，作者授权发布）", "原标题：" + text.title))
    return text.but(paragraphs=rng.choice(((line, *text.paragraphs), (*text.paragraphs, line))))


def mistyped(text: Text, rng: Random) -> Text:
    """Change one character in a hundred; digits stay."""

    def line(old: str) -> str:
        return "".join(rng.choice(TYPO) if rng.random() < 0.01 and sign >= "\u4e00" else sign for sign in old)

    return text.but(paragraphs=tuple(map(line, text.paragraphs)))


def captioned(text: Text, rng: Random) -> Text:
    lines = list(text.paragraphs)
    for caption in rng.sample(FURNITURE, 2):
        lines.insert(rng.randint(0, len(lines)), caption)
    return text.but(paragraphs=tuple(lines))


def headless(text: Text, rng: Random) -> Text:
    return text.but(paragraphs=text.paragraphs[1:])


def updated(text: Text, rng: Random) -> Text:
    more = f"截至发稿时，{text.bureau}又有{rng.randint(11, 99)}个台区完成改造，受益居民{rng.randint(1000, 9000)}户，比原计划提前了{rng.randint(2, 9)}天。"
    return text.but(paragraphs=(*text.paragraphs, more))


def boilerplated(text: Text, rng: Random) -> Text:
    return text.but(paragraphs=(*text.paragraphs, *BOILERPLATE))


LIGHT = (reordered, retitled, wide, sourced, mistyped, captioned, updated, boilerplated)


def later(text: Text, rng: Random, days: int = 20) -> Text:
    """Print it some days later; now and then the date is not known."""
    if text.published is None or rng.random() < 0.2:
        return text.but(published=None)
    return text.but(published=text.published + timedelta(hours=rng.randint(1, days * 24)))


# Pairs


def copies(text: Text, rng: Random) -> Iterator[tuple[str, Text, Text]]:
    """Yield pairs that are copies of one story."""
    for share in (0.4, 0.6, 0.8):
        cut = shortened(text, rng, share)
        for change in rng.sample(LIGHT, 2):
            cut = change(cut, rng)
        yield f"shortened to {share:.0%}", text, later(cut, rng)
    for change in rng.sample(LIGHT, 3):
        yield change.__name__, text, later(change(text, rng), rng)
    yield "headless", text, later(retitled(headless(text, rng), rng), rng)
    yield (
        "two copies",
        later(sourced(shortened(text, rng, 0.8), rng), rng),
        later(mistyped(reordered(shortened(text, rng, 0.8), rng), rng), rng),
    )


def lookalikes(tell: Tell, bureau: Bureau, year: int, rng: Random) -> Iterator[tuple[str, Text, Text]]:
    """Yield pairs of one template that tell of two years or of two bureaus."""
    text, other = tell(bureau, year), rng.choice([one for one in CITIES if one is not bureau])
    for what, twin in (("next year", tell(bureau, year + 1)), ("other bureau", tell(other, year))):
        yield what, text, twin
        # A wrong date of the site, or none.
        yield f"{what}, same date", text, later(twin.but(published=text.published), rng)
        cut = rng.choice(LIGHT)(shortened(twin, rng, rng.choice((0.5, 0.7, 0.9))), rng)
        yield f"{what}, shortened", text, later(cut.but(published=text.published), rng)


def neighbours(seed: str) -> Iterator[tuple[str, Text, Text]]:
    """Yield pairs that share paragraphs, a bureau or a month, and no story."""
    rng = Random(f"{seed}neighbours")
    for number in range(24):
        bureau, year, own = rng.choice(CITIES), rng.randint(2015, 2022), f"{seed}{number}"
        name = rng.choice(("monthly_supply", "charging_route", "green_trade"))
        month = rng.randint(3, 9)
        one, next_month = (from_template(name, bureau, year, own, at) for at in (month, month + 1))
        yield "next month", one, next_month
        yield "next month, shortened", one, shortened(next_month, rng, 0.6)
        first, second = (
            from_template(name, bureau, year, own) for name in rng.sample(sorted(templates()), 2)
        )
        day = first.published
        yield (
            "same bureau, other topic",
            boilerplated(first, rng),
            boilerplated(second, rng).but(published=day),
        )
        intro = first.but(paragraphs=(*BOILERPLATE, *first.paragraphs[:2]))
        yield (
            "same intro",
            intro,
            second.but(paragraphs=(*BOILERPLATE, *second.paragraphs[:2]), published=day),
        )
        others = [
            from_template(rng.choice(sorted(templates())), each, year, own)
            for each in rng.sample(CITIES, 2)
            if each is not bureau
        ]
        parts = [first, *others]
        rng.shuffle(parts)
        digest = tuple(line for part in parts for line in part.paragraphs)
        yield "digest of several bureaus", first, first.but(title="各地简讯", paragraphs=digest)


def tells_apart(a: Text, b: Text) -> bool:
    """Whether a reader could tell two stories apart: each holds digits that the other one has not, or names its bureau."""
    if a.bureau != b.bureau and all(text.bureau.removesuffix("供电局") in text.body for text in (a, b)):
        return True
    mine, theirs = ({*digits(text.body)} - {"95598"} for text in (a, b))
    return bool(mine - theirs and theirs - mine)


def digits(body: str) -> Iterator[str]:
    run = ""
    for sign in unicodedata.normalize("NFKC", body) + "\n":
        if sign.isdecimal():
            run += sign
        elif run:
            yield run
            run = ""


def pairs(seed: str = "pairs") -> list[Pair]:
    """Return the hard pairs of a seed, the same in every run."""
    found = []
    for number, (_, tell, bureau, year) in enumerate(stories(seed)):
        rng = Random(f"{seed}{number}")
        text = tell(bureau, year)
        found += [Pair(what, a, b, True) for what, a, b in copies(text, rng)]
        found += [Pair(*pair, False) for pair in lookalikes(tell, bureau, year, rng)]
    found += [Pair(*pair, False) for pair in neighbours(seed)]
    return [
        pair
        for pair in found
        if min(len(pair.a.body), len(pair.b.body)) >= 110
        and (pair.same or "digest" in pair.what or tells_apart(pair.a, pair.b))
    ]
