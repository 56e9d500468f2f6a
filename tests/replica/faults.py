"""Faults that a test can order for a part of a site."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.replica.answers import HTML, Answer


@dataclass(slots=True)
class Fault:
    """What happens to requests under ``path_prefix`` of ``host``.

    ``times`` counts down with each request it strikes; None means for ever.  ``delay`` is in
    seconds, ``drip`` in bytes a tenth of a second.  With ``status`` or ``body`` the answer is
    replaced, otherwise it is only late, slow or cut off (``close``).
    """

    host: str
    path_prefix: str
    status: int | None = None
    body: bytes | None = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0
    drip: int = 0
    close: bool = False
    times: int | None = None

    def strikes(self, host: str, target: str) -> bool:
        if self.times == 0 or host != self.host or not target.startswith(self.path_prefix):
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def spoil(self, answer: Answer) -> Answer:
        """Return *answer* as this fault leaves it."""
        if self.status is None and self.body is None:
            return Answer(answer.body, answer.status, {**answer.headers, **self.headers})
        status = self.status or answer.status
        body = self.body if self.body is not None else f"{status}\n".encode()
        return Answer(body, status, {"Content-Type": HTML, **self.headers})
