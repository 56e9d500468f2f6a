"""Which columns a table of an answer has: what each holds, its type, and where it lies in a document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from svcsat_crawler.metrics.labels import label
from svcsat_crawler.storage.documents import beijing

Document = dict[str, Any]
Kind = Literal["text", "whole", "number", "day", "moment", "link", "sentence"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column.  *about* says in Chinese and English what it holds; *get* takes it from a document.

    A sentence leads to the page whose address is in the column *page*.
    """

    name: str
    kind: Kind
    about: str
    get: Callable[[Document], Any]
    page: str = ""


def at(path: str) -> Callable[[Document], Any]:
    """Return a getter; what is not there is None.

    >>> at("survey.name")({"survey": None}), at("survey.name")({"survey": {"name": "x"}})
    (None, 'x')
    """
    names = path.split(".")

    def get(document: Document) -> Any:
        found: Any = document
        for name in names:
            if not isinstance(found, dict):
                return None
            found = found.get(name)
        return found

    return get


def _survey(document: Document) -> str | None:
    survey = document.get("survey") or {}
    return survey.get("org") or survey.get("name") or survey.get("id") or _bare(document.get("survey_key"))


def _bare(key: str | None) -> str | None:
    return key.partition(":")[2] or key if key else None


def _flags(document: Document) -> str | None:
    return ", ".join(document.get("flags") or ()) or None


def _where(document: Document) -> str | None:
    told = (f"{place['source']} {place['column'] or ''}".strip() for place in document["where"])
    return ", ".join(told) or None


def _moment(path: str) -> Callable[[Document], Any]:
    get = at(path)
    return lambda document: beijing(get(document))


def is_day(moment: datetime) -> bool:
    """Whether a time in Beijing is a day without a clock: sites that print none are stored with midnight."""
    return not (moment.hour or moment.minute or moment.second)


def _column(name: str, kind: Kind, about: str, path: str | None = None, page: str = "") -> Column:
    return Column(name, kind, about, at(path or name), page)


# What a person reads comes first, keys for programs last.
ABOUT = (
    _column("bureau", "text", "供电局 whose number it is", "subject.name"),
    _column("province", "text", "省份 province"),
    Column(
        "metric_name",
        "text",
        "指标名称 Chinese name of the metric",
        lambda document: label(document["metric"]),
    ),
    _column("year", "whole", "年份 year in which the period ends"),
)
KEYS = (
    _column(
        "bureau_id",
        "text",
        "供电局编号 id of the bureau; empty for whom the table does not know",
        "subject.id",
    ),
    _column("metric", "text", "指标 metric id, see docs/metrics.md"),
)
SURVEY = Column("survey", "text", "调查机构 who asked the customers", _survey)
SURVEY_KEY = _column("survey_key", "text", "调查编号 key of the survey")
VALUE = (
    _column("period", "text", "时段 period as printed", "period.label"),
    _column("value", "number", "数值 value; empty when only a change is printed"),
    _column("unit", "text", "单位 unit of the value"),
    _column("qualifier", "text", "限定 eq about over under at_least at_most"),
)
SCOPE = (
    _column("segment", "text", "客户类别 high_voltage, low_voltage, residential …"),
    _column("scope", "text", "口径 what it is limited to"),
)
PROOF = (
    _column("raw", "text", "原文数字 number and unit as printed"),
    _column("title", "text", "标题 title of the article"),
    Column("published", "moment", "发布时间 when the article was printed", _moment("published")),
    _column("source", "text", "来源 site"),
    _column("url", "link", "链接 address of the article"),
    Column("flags", "text", "疑点 what the audit found odd", _flags),
    *KEYS,
    SURVEY_KEY,
    _column("article", "text", "文章编号 key of the article"),
)
ROW = (
    *ABOUT,
    *VALUE,
    _column("of", "whole", "总数 of how many, for ranks"),
    _column("change", "number", "变化 value minus the value of the year before, in the unit", "delta"),
    _column(
        "change_by", "text", "变化依据 rows: of two values here; stated: as the article says", "delta_by"
    ),
    _column("previous", "number", "上年 value of the year before", "previous.value"),
    SURVEY,
    _column("peers", "text", "同类 among whom a rank counts", "rank_kind"),
    *SCOPE,
    _column("state", "text", "状态 single, agreed, conflict or several"),
    _column("clusters", "whole", "独立报道数 independent stories that say so"),
    _column("printings", "whole", "刊登次数 articles that print it, reprints too"),
    _column("sentence", "sentence", "原句 the sentence as printed", page="url"),
    *PROOF,
)
FACT = (
    *ABOUT,
    *VALUE,
    _column("of", "whole", "总数 of how many, for ranks", "rank.of"),
    _column("change", "number", "变化 size of the change as printed", "comparison.value"),
    _column("change_direction", "text", "变化方向 up, down or flat", "comparison.direction"),
    _column("change_unit", "text", "变化单位 unit of the change", "comparison.unit"),
    SURVEY,
    _column("peers", "text", "同类 among whom a rank counts", "rank.kind"),
    *SCOPE,
    _column("status", "text", "性质 measured, planned, forecast, target, standard, hypothetical"),
    _column("confidence", "number", "可信度 0 to 1"),
    _column("sentence", "sentence", "原句 the sentence as printed", "evidence.sentence", "url"),
    *PROOF,
)
COLUMNS: dict[str, tuple[Column, ...]] = {
    "series": ROW,
    "league": (
        _column("place", "whole", "名次 place among those listed; equal values share one"),
        _column("listed", "whole", "上榜数 how many of the level are listed"),
        _column("level", "text", "层级 prefecture (city bureaus), county, province …"),
        *ROW,
    ),
    "streaks": (
        _column("since", "whole", "起始年 first year of the streak", "streak.began"),
        _column("streak_survey", "text", "连冠调查 key of its survey, also where only other years tell it", "streak.survey_key"),
        *ROW,
    ),
    "movers": ROW,
    "conflicts": (
        *ROW[: len(ABOUT)],
        _column("shown", "text", "采用 yes for the value that is shown elsewhere"),
        *ROW[len(ABOUT) :],
    ),
    "facts": FACT,
    "gaps": (
        *ABOUT,
        SURVEY,
        _column("why", "text", "依据 why it is expected"),
        Column("where", "text", "何处 which lists have carried it", _where),
        _column("from", "text", "最早 first day on which it would usually be printed", "usual.from"),
        _column("to", "text", "最晚 last such day", "usual.to"),
        _column("due", "text", "期限 day after which it counts as missing"),
        Column("first_seen", "moment", "发现时间 when it was first expected", _moment("first_seen")),
        *KEYS,
        SURVEY_KEY,
    ),
    "audit": (
        _column("kind", "text", "类别 kind of finding"),
        *ABOUT,
        SURVEY,
        _column("message", "text", "说明 what does not fit"),
        _column("value", "number", "数值 the one value"),
        _column("sentence", "sentence", "原句 its sentence", page="url"),
        _column("url", "link", "链接 its article"),
        _column("other_year", "whole", "另一年份 year of the other value"),
        _column("other_value", "number", "另一数值 the other value"),
        _column("other_sentence", "sentence", "另一原句 its sentence", page="other_url"),
        _column("other_url", "link", "另一链接 its article"),
        Column("first_seen", "moment", "发现时间 when it was found", _moment("first_seen")),
        *KEYS,
        SURVEY_KEY,
    ),
    "watch": (
        Column("at", "moment", "时间 when the change was seen", _moment("at")),
        _column("kind", "text", "类别 number_changed, number_gone or number_added"),
        *(column for column in ABOUT if column.name != "province"),
        _column("value_before", "number", "原数值 value before", "before.value"),
        _column("value_after", "number", "现数值 value after", "after.value"),
        _column("sentence_before", "sentence", "原句 sentence before", "before.sentence"),
        _column("sentence_after", "sentence", "现句 sentence after", "after.sentence", "url"),
        _column("url", "link", "链接 address of the article"),
        *KEYS,
        _column("article", "text", "文章编号 key of the article"),
    ),
    "articles": (
        _column("article", "text", "文章编号 key of the article", "_id"),
        Column("published", "moment", "发布时间 when it was printed", _moment("published")),
        _column("source", "text", "来源 site"),
        _column("title", "text", "标题 title"),
        _column("url", "link", "链接 address"),
        _column("facts", "whole", "数字条数 how many facts it states"),
        _column("origin", "text", "出处 来源 as printed"),
        _column("byline", "text", "记者 reporters as printed"),
        _column("column", "text", "栏目 list or column"),
        _column("cluster", "text", "同一报道 key of the first article of the story"),
        _column("duplicate_of", "text", "转载自 key of the article with exactly this text"),
    ),
    "runs": (
        _column("run", "text", "运行编号 id of the run", "_id"),
        _column("spider", "text", "来源 spider"),
        Column("started", "moment", "开始 when it was started", _moment("started")),
        Column("finished", "moment", "结束 when it ended", _moment("finished")),
        _column("verdict", "text", "结论 good, no news, incomplete, broken or running"),
        _column("cause", "text", "原因 cause of the verdict"),
        *(
            _column(name, "whole", f"{chinese} {name} articles" if name != "facts" else "数字 facts", f"counts.{name}")
            for name, chinese in (("new", "新增"), ("changed", "变更"), ("known", "已知"), ("facts", ""))
        ),
    ),
}  # fmt: skip


def columns_of(question: str) -> tuple[Column, ...]:
    """Return the columns of the table that answers a question."""
    return COLUMNS[question]


def records(question: str, documents: Iterable[Document]) -> Iterator[list[Any]]:
    """Yield the cells of each line of the table, in the order of the columns."""
    columns = columns_of(question)
    for document in documents:
        for line in _lines(question, document):
            yield [column.get(line) for column in columns]


def _lines(question: str, document: Document) -> Iterator[Document]:
    """Yield what becomes a line each: a conflict has one a value."""
    if question == "conflicts":
        yield {**document, "shown": "yes"}
        for other in document["conflicts"]:
            said = other["support"][0]
            yield {
                **document,
                "delta": None,
                "delta_by": None,
                "previous": None,
                **said,
                "clusters": other["clusters"],
                "shown": "no",
            }
    elif question == "audit":
        one, other = [*document["sides"], {}, {}][:2]
        others = {f"other_{name}": other.get(name) for name in ("year", "value", "sentence", "url")}
        yield {**document, **{name: one.get(name) for name in ("value", "sentence", "url")}, **others}
    else:
        yield document
