"""Counts of what the service does, in the text format of Prometheus."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass, field

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)


@dataclass
class Metrics:
    """Requests by part of the service and status, their times, and queries that were stopped, by cause."""

    requests: Counter[tuple[str, int]] = field(default_factory=Counter)
    stopped: Counter[str] = field(default_factory=Counter)
    _times: list[int] = field(default_factory=lambda: [0] * (len(BUCKETS) + 1))
    _seconds: float = 0.0

    def answered(self, part: str, status: int, seconds: float) -> None:
        self.requests[part, status] += 1
        self._times[bisect_left(BUCKETS, seconds)] += 1
        self._seconds += seconds

    def text(self, running: int) -> str:
        """All counts; `running` is the number of queries that run now."""
        lines = ["# TYPE tongbao_requests_total counter"]
        lines += [
            f'tongbao_requests_total{{part="{part}",status="{status}"}} {count}'
            for (part, status), count in sorted(self.requests.items())
        ]
        lines.append("# TYPE tongbao_queries_stopped_total counter")
        lines += [
            f'tongbao_queries_stopped_total{{cause="{cause}"}} {self.stopped[cause]}' for cause in sorted(self.stopped)
        ]
        lines += ["# TYPE tongbao_queries_running gauge", f"tongbao_queries_running {running}"]
        lines.append("# TYPE tongbao_request_seconds histogram")
        total = 0
        for bound, count in zip((*map(str, BUCKETS), "+Inf"), self._times, strict=True):
            total += count
            lines.append(f'tongbao_request_seconds_bucket{{le="{bound}"}} {total}')
        lines += [f"tongbao_request_seconds_sum {self._seconds:.6f}", f"tongbao_request_seconds_count {total}"]
        return "\n".join(lines) + "\n"
