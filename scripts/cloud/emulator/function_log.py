"""What a function writes, in CloudWatch Logs."""

import sys
import threading
import uuid

from moto.core.utils import unix_time_millis, utcnow


class FunctionLog:
    """The log stream of one sandbox."""

    def __init__(self, function):
        now = utcnow()
        self.stream = f"{now:%Y/%m/%d}/[$LATEST]{uuid.uuid4().hex}"
        self._group = function.logs_group_name
        self._backend = function.logs_backend
        self._lines: list[str] = []
        self._lock = threading.Lock()
        self._backend.ensure_log_group(self._group)
        self._backend.create_log_stream(self._group, self.stream)

    def write(self, line: str) -> None:
        with self._lock:
            self._lines.append(line)
        try:
            events = [{"timestamp": int(unix_time_millis()), "message": line}]
            self._backend.put_log_events(self._group, self.stream, events)
        except Exception as error:  # The group may have been destroyed under a sandbox that is still warm.
            print(f"emulator: a line for {self._group} is lost: {error!r}", file=sys.stderr)

    def begin(self, line: str) -> int:
        with self._lock:
            position = len(self._lines)
        self.write(line)
        return position

    def end(self, position: int) -> str:
        with self._lock:
            return "\n".join(self._lines[position:])
