"""One call of an SDK is carried out once, however often its connection breaks.

Under load a connection to moto's server now and then breaks after the call was carried out. The SDK then sends it
again, and a call that may succeed only once, such as taking a lock, fails. All attempts of a call have the same id.
"""

import collections
import re
import sys
import threading

from moto.moto_server.werkzeug_app import DomainDispatcherApplication

REMEMBERED = 1000


class Call:
    def __init__(self):
        self.done = threading.Event()
        self.answer = None


def replay_repeated_calls() -> None:
    calls: collections.OrderedDict[str, Call] = collections.OrderedDict()
    lock = threading.Lock()
    carry_out = DomainDispatcherApplication.__call__

    def __call__(self, environ, start_response):
        call_id = environ.get("HTTP_AMZ_SDK_INVOCATION_ID")
        if call_id is None or environ["REQUEST_METHOD"] in ("GET", "HEAD"):
            return carry_out(self, environ, start_response)
        with lock:
            earlier = calls.get(call_id) if attempt(environ) > 1 else None
            call = calls[call_id] = earlier or Call()
            if len(calls) > REMEMBERED:
                calls.popitem(last=False)
        if earlier is not None and earlier.done.wait(timeout=60) and earlier.answer is not None:
            target = environ.get("HTTP_X_AMZ_TARGET", environ["PATH_INFO"])
            print(f"emulator: {target} was sent again, and is answered as the first time", file=sys.stderr)
            status, headers, body = earlier.answer
            start_response(status, headers)
            return [body]
        try:
            head: list = []
            body = b"".join(carry_out(self, environ, lambda status, headers, _=None: head.extend((status, headers))))
            # Another try may succeed after a fault of the server.
            call.answer = None if head[0].startswith("5") else (*head, body)
        finally:
            call.done.set()
        start_response(*head)
        return [body]

    DomainDispatcherApplication.__call__ = __call__


def attempt(environ: dict) -> int:
    found = re.search(r"attempt=(\d+)", environ.get("HTTP_AMZ_SDK_REQUEST", ""))
    return int(found[1]) if found else 1
