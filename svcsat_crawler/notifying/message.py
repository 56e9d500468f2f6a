"""What a message says, in Chinese and in lines that read well on a phone: pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from svcsat_crawler.notifying.states import GOOD, State
from svcsat_crawler.text.times import BEIJING
from svcsat_crawler.verdict.causes import Kind

# What each cause is called, and what to look at first.
CAUSES: dict[Kind, tuple[str, str]] = {
    "host_gone": ("网站无法连接", "scrapy health {spider}"),
    "moved": ("网站转到了别的主机", "scrapy health {spider}"),
    "blocked": ("网站拒绝访问", "scrapy health {spider}"),
    "robots": ("robots.txt 不允许", "scrapy health {spider}"),
    "server_error": ("网站服务器出错", "scrapy health {spider}"),
    "slow": ("网站响应超时", "scrapy health {spider}"),
    "soft_404": ("返回的是错误页或被转走", "scrapy health {spider}"),
    "gone": ("列出的文章已不存在", "scrapy health {spider}"),
    "empty_list": ("列表页没有任何条目", "scrapy health {spider}"),
    "pager_lost": ("列表找不到下一页", "scrapy health {spider}"),
    "pager_loops": ("列表翻页绕圈", "scrapy health {spider}"),
    "layout": ("网页版式已改变", "scrapy propose {spider}"),
    "charset": ("网页编码无法识别", "scrapy health {spider}"),
    "api_renamed": ("接口返回格式已改变", "scrapy health {spider}"),
    "silent": ("栏目异常长时间没有新文章", "scrapy health {spider}"),
    "flood": ("新文章数量异常增多", "scrapy query articles --source {spider}"),
    "no_figures": ("新文章异常长时间没有指标", "scrapy query articles --source {spider}"),
    "store_away": ("数据库无法连接", "scrapy store check"),
    "stopped": ("采集中途停止", "scrapy query runs --source {spider}"),
    "program_error": ("程序出错，详见日志", "scrapy query runs --source {spider}"),
}
WORDS = {"good": "正常", "no news": "正常，无新文章", "incomplete": "未完成", "broken": "故障"}
COUNTS = {
    "new": "新增",
    "changed": "更新",
    "known": "已知",
    "duplicate": "重复",
    "gone": "消失",
    "quarantined": "隔离",
    "facts": "指标",
}
_CAUSE_LENGTH = 300
_MOST_CAUSES = 4


@dataclass(frozen=True, slots=True)
class Message:
    """A title, and lines of (label, text); *data* is the same for programs."""

    title: str
    lines: tuple[tuple[str, str], ...]
    good: bool
    data: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """The lines as plain text, without the title."""
        return "\n".join(f"{label}：{text}" for label, text in self.lines)


def _time(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M")


def _shortened(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _CAUSE_LENGTH else f"{text[: _CAUSE_LENGTH - 1]}…"


def _names(state: State) -> str:
    return "、".join(CAUSES[kind][0] for kind in state.kinds if kind in CAUSES) or "原因见记录"


def _list_lines(lists: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return the list that stopped badly, and its page; the address stands alone, to be tapped."""
    bad = [walk for walk in lists if walk["stopped"] in ("failed", "not finished", "repeat")]
    if not bad:
        return []
    walk = bad[0]
    others = f"（另有 {len(bad) - 1} 个栏目）" if len(bad) > 1 else ""
    page = walk["pages"] + (walk["stopped"] == "failed")
    return [("栏目", f"{walk['name']} 第 {page} 页{others}"), ("网址", walk.get("last_url") or walk["url"])]


def changed(run: dict[str, Any], state: State, before: State, since: datetime) -> Message:
    """Return what is to be said of a spider whose state is no longer that of *before*.

    *run* is the record of the run that shows it, *since* when the state began.
    """
    spider, found = run["spider"], run.get("counts") or {}
    good = state.word == GOOD
    if good:
        title = f"【采集恢复】{spider} 已恢复正常"
        head = [("此前", f"{WORDS[before.word]}：{_names(before)}")]
    else:
        title = f"【采集{WORDS[state.word]}】{spider}：{_names(state)}"
        causes = [cause["text"] for cause in run.get("causes") or ()] or [run["cause"]]
        head = [("原因", _shortened(text)) for text in causes[:_MOST_CAUSES]]
        if len(causes) > _MOST_CAUSES:
            head.append(("原因", f"另有 {len(causes) - _MOST_CAUSES} 条"))
        head += _list_lines(run.get("lists") or [])
    kind = next(iter(state.kinds), None)
    look = CAUSES[kind][1] if kind in CAUSES else "scrapy query runs --source {spider}"
    numbers = " · ".join(f"{name} {found[key]}" for key, name in COUNTS.items() if found.get(key))
    lines = [
        ("站点", spider),
        ("结论", f"{WORDS[run['verdict']]}（{run['verdict']}）"),
        *head,
        ("本次", numbers or "没有取到文章"),
        ("开始于", _time(since)),
        ("运行", run["_id"]),
        ("查看", look.format(spider=spider)),
    ]
    data = {
        "event": "state_changed",
        "spider": spider,
        "state": state.key,
        "before": before.key,
        "verdict": run["verdict"],
        "causes": run.get("causes") or [],
        "since": since.isoformat(),
        "run": run["_id"],
        "counts": found,
    }
    return Message(title, tuple(lines), good, data)


def trial(at: datetime, host: str) -> Message:
    """Return the message of ``scrapy notify --test``."""
    lines = (("来自", host), ("时间", _time(at)), ("说明", "收到这条消息，说明通知已配置好。"))
    data = {"event": "test", "host": host, "at": at.isoformat()}
    return Message("【采集通知】测试消息", lines, good=True, data=data)
