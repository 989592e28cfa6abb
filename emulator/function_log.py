"""A function's output, in CloudWatch Logs."""

import sys
import threading
import uuid

from moto.core.utils import unix_time_millis, utcnow
from permissions.checks import Check


class FunctionLog:
    """The log stream of one sandbox."""

    def __init__(self, function, permissions):
        now = utcnow()
        self.stream = f"{now:%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        self._group = function.logs_group_name
        self._backend = function.logs_backend
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._writes = self._may_write(function, permissions)
        if self._writes:
            self._backend.ensure_log_group(self._group)
            self._backend.create_log_stream(self._group, self.stream)

    def _may_write(self, function, permissions) -> bool:
        """By the function's role; without the permission, a function's output is lost, on AWS too."""
        group = f"arn:aws:logs:{function.region}:{function.account_id}:log-group:{self._group}:log-stream:"
        new = [] if self._group in self._backend.groups else [Check("logs:CreateLogGroup", group)]
        stream = [Check(f"logs:{name}", f"{group}{self.stream}") for name in ("CreateLogStream", "PutLogEvents")]
        return permissions.may(function.role, "lambda.amazonaws.com", *new, *stream)

    def write(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)
        if not self._writes:
            return
        try:
            events = [{"timestamp": int(unix_time_millis()), "message": line}]
            self._backend.put_log_events(self._group, self.stream, events)
        except Exception as error:  # The group may have been destroyed while a sandbox is still warm.
            print(f"emulator: a line for {self._group} is lost: {error!r}", file=sys.stderr)

    def begin(self, line: str) -> int:
        with self._lock:
            position = len(self._lines)
        self.write(line)
        return position

    def end(self, position: int) -> str:
        with self._lock:
            return "\n".join(self._lines[position:])
