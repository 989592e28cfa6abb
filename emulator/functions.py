"""Invocations like those of Lambda's own front end: synchronous or queued, throttled, retried, logged."""

import base64
import dataclasses
import hashlib
import json
import math
import threading
import time
import uuid

from failures import failed_event, send
from function_log import FunctionLog
from function_settings import dead_letter_target, keep_settings
from moto.awslambda.exceptions import LambdaClientError
from moto.awslambda.models import LambdaFunction
from permissions.setup import credentials_environment
from sandbox import Outcome, Sandbox, SandboxSettings

# Lambda waits one and then two minutes before it tries an event again; here there is no such wait.
RETRY_SECONDS = 1
DEFAULT_RETRIES = 2


class TooManyRequests(LambdaClientError):
    code = 429

    def __init__(self) -> None:
        super().__init__("TooManyRequestsException", "Rate Exceeded.")


@dataclasses.dataclass
class Pool:
    """The warm sandboxes of one version of a function's code and configuration."""

    version: str
    idle: list[Sandbox]
    busy: int = 0


class Functions:
    def __init__(self, settings: SandboxSettings, permissions):
        self._settings = settings
        self._permissions = permissions
        self._pools: dict[str, Pool] = {}
        self._lock = threading.Lock()
        self._stopped = False

    def install(self) -> None:
        """Replaces moto's invocations, which need Docker, by these."""
        functions = self

        def invoke(function, body, request_headers, response_headers):
            event = body.decode() if isinstance(body, bytes) else body or "{}"
            # moto's own services (SNS, EventBridge, S3) invoke without headers: on AWS they are asynchronous, too.
            kind = request_headers.get("x-amz-invocation-type", "RequestResponse") if request_headers else "Event"
            if kind == "Event":
                threading.Thread(target=functions.deliver, args=(function, event), daemon=True).start()
                return b""
            outcome, log = functions.invoke(function, event)
            if outcome.error is not None:
                response_headers["x-amz-function-error"] = "Unhandled"
            response_headers["x-amz-log-result"] = base64.b64encode(log[-4096:].encode()).decode()
            return outcome.payload.encode()

        LambdaFunction.invoke = invoke
        keep_settings()

    def invoke(self, function, event: str) -> tuple[Outcome, str]:
        """One synchronous invocation, and its log. @raises TooManyRequests"""
        pool = self._enter(function)
        sandbox = None
        outcome = None
        try:
            with self._lock:
                sandbox = pool.idle.pop() if pool.idle else None
            log = FunctionLog(function, self._permissions) if sandbox is None else sandbox.log
            if sandbox is None:
                credentials = credentials_environment(self._permissions.of_function(function))
                sandbox = Sandbox(function, self._settings, credentials, log.stream, log.write)
                sandbox.log = log
            outcome, text = self._run(function, sandbox, event)
            return outcome, text
        finally:
            self._leave(function, pool, sandbox, outcome is not None and outcome.alive)

    def _run(self, function, sandbox: Sandbox, event: str) -> tuple[Outcome, str]:
        log = sandbox.log
        request_id = str(uuid.uuid4())
        begin = log.begin(f"START RequestId: {request_id} Version: $LATEST")
        started = time.monotonic()
        outcome = sandbox.invoke(request_id, event, function.function_arn, float(function.timeout))
        milliseconds = (time.monotonic() - started) * 1000
        sandbox.settle_output()
        if outcome.error in ("Sandbox.Timedout", "Runtime.ExitError"):
            log.write(json.loads(outcome.payload)["errorMessage"])
        log.write(f"END RequestId: {request_id}")
        log.write(
            f"REPORT RequestId: {request_id}\tDuration: {milliseconds:.2f} ms\tBilled Duration: {math.ceil(milliseconds)} ms"
            f"\tMemory Size: {function.memory_size} MB\tMax Memory Used: {outcome.memory_used_mb} MB"
        )
        return outcome, log.end(begin)

    def deliver(self, function, event: str) -> None:
        """An asynchronous event: retried, and then sent to the function's failure destination."""
        config = function.event_invoke_config[0].config if function.event_invoke_config else {}
        retries = config.get("MaximumRetryAttempts", DEFAULT_RETRIES)
        outcome = None
        for attempt in range(retries + 1):
            if attempt > 0:
                time.sleep(RETRY_SECONDS)
            try:
                outcome, _ = self.invoke(function, event)
            except TooManyRequests:
                continue
            if outcome.error is None:
                return
        destination = config.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination")
        if destination:
            send(function, destination, failed_event(function, event, outcome, retries + 1), self._permissions)
        elif dead_letter_target(function):
            send(function, dead_letter_target(function), event, self._permissions)

    def _enter(self, function) -> Pool:
        version = version_of(function)
        stale = []
        with self._lock:
            pool = self._pools.get(function.function_arn)
            if pool is None or pool.version != version:
                stale = pool.idle if pool else []
                pool = self._pools[function.function_arn] = Pool(version, [])
            limit = function.reserved_concurrency
            if limit is not None and pool.busy >= int(limit):
                raise TooManyRequests()
            pool.busy += 1
        for sandbox in stale:
            sandbox.stop()
        return pool

    def _leave(self, function, pool: Pool, sandbox: Sandbox | None, alive: bool) -> None:
        with self._lock:
            pool.busy -= 1
            keep = alive and not self._stopped and self._pools.get(function.function_arn) is pool
            if keep and sandbox is not None:
                pool.idle.append(sandbox)
        if sandbox is not None and not keep:
            sandbox.stop()

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            idle = [sandbox for pool in self._pools.values() for sandbox in pool.idle]
        for sandbox in idle:
            sandbox.stop()


def version_of(function) -> str:
    """Changes with everything that a warm sandbox was made from."""
    made_from = [
        function.code_sha_256,
        function.handler,
        function.memory_size,
        function.environment_vars,
        [layer["Arn"] for layer in function.layers],
        bool(function.vpc_config),
        function.role,
    ]
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()
