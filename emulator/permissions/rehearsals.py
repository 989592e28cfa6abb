"""A service's later calls, such as an alarm's message to a topic, decided when they are set up.

Terraform sets things up in any order, so the policy that allows a call may come a little later: a refused call is tried
again, until it is allowed or the emulator ends, which makes the refusal final.
"""

import sys
import threading
import time

from permissions.checks import Refused
from permissions.engine import Engine
from permissions.lines import Handover
from permissions.principals import Principals

PAUSE_SECONDS = 2


class Rehearsals:
    def __init__(self, engine: Engine, principals: Principals):
        self._engine = engine
        self._principals = principals
        self._open: dict[str, Handover] = {}
        self._lock = threading.Lock()
        threading.Thread(target=self._run, daemon=True).start()

    def add(self, handover: Handover) -> None:
        with self._lock:
            self._open[repr(handover)] = handover

    def _run(self) -> None:
        while True:
            time.sleep(PAUSE_SECONDS)
            self._try_all(record=False)

    def finish(self) -> None:
        self._try_all(record=True)

    def _try_all(self, record: bool) -> None:
        with self._lock:
            waiting = dict(self._open)
        for name, handover in waiting.items():
            if self._try(handover, record):
                with self._lock:
                    self._open.pop(name, None)

    def _try(self, handover: Handover, record: bool) -> bool:
        try:
            principal = self._principals.acting(handover.role, handover.service, handover.source, record)
            self._engine.require(principal, *handover.tries, record=record)
        except Refused as refused:
            if record:
                print(f"emulator: {refused}", file=sys.stderr)
            return False
        if not record:
            # Allowed now: for the record.
            self._engine.require(principal, *handover.tries)
        return True
