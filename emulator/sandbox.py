"""One execution environment of one function: a folder like Lambda's, and a Node process that stays warm."""

import dataclasses
import json
import os
import pathlib
import select
import shutil
import subprocess
import threading
import time

from function_folder import make_folder

NODE_FILES = pathlib.Path(__file__).parent / "node"
# Lambda's own limit for the code outside the handler.
INIT_SECONDS = 10
POLL_SECONDS = 0.05


@dataclasses.dataclass(frozen=True)
class SandboxSettings:
    endpoint: str
    home: pathlib.Path
    node: str
    runtime_modules: pathlib.Path
    ca: pathlib.Path | None
    database: str | None


@dataclasses.dataclass(frozen=True)
class Outcome:
    """The outcome of an invocation. `error` is the JSON that Lambda returns with x-amz-function-error, or None."""

    payload: str
    error: str | None
    memory_used_mb: int
    alive: bool


class Sandbox:
    """A process is used by one invocation at a time and thrown away after a time-out, a crash or too much memory."""

    def __init__(self, function, settings: SandboxSettings, credentials: dict[str, str], log_stream: str, write_log):
        self._memory_mb = int(function.memory_size)
        self._initialised = False
        self._stopped = False
        self._used_mb = 0
        self._folder = make_folder(function, settings.home, settings.runtime_modules)
        self._start(function, settings, {**self._environment(function, settings, log_stream), **credentials}, write_log)

    def _start(self, function, settings: SandboxSettings, environment: dict[str, str], write_log) -> None:
        requests, self._requests = os.pipe()
        self._responses, responses = os.pipe()
        network = {
            "endpoint": settings.endpoint,
            "database": settings.database,
            "ca": str(settings.ca) if settings.ca else None,
            "crash": str(settings.home / "crash-after"),
            "vpc": bool((function.vpc_config or {}).get("SubnetIds")),
        }
        self._process = subprocess.Popen(
            [
                settings.node,
                # The shares of the memory that Lambda's own Node runtime gives to V8.
                f"--max-semi-space-size={max(1, self._memory_mb * 5 // 100)}",
                f"--max-old-space-size={self._memory_mb * 90 // 100}",
                "--require",
                str(NODE_FILES / "sandbox.cjs"),
                "--require",
                str(NODE_FILES / "crash.cjs"),
                str(NODE_FILES / "runtime.cjs"),
                json.dumps({**network, "requests": requests, "responses": responses}),
            ],
            cwd=self._folder / "var" / "task",
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            pass_fds=(requests, responses),
        )
        os.close(requests)
        os.close(responses)
        self._reader = threading.Thread(target=self._forward_output, args=(write_log,), daemon=True)
        self._reader.start()

    def _environment(self, function, settings: SandboxSettings, log_stream: str) -> dict[str, str]:
        runtime = settings.home / "functions" / "node_modules"
        return {
            "PATH": os.environ.get("PATH", ""),
            "LANG": "en_US.UTF-8",
            "TZ": "UTC",
            "TMPDIR": str(self._folder / "tmp"),
            "LAMBDA_TASK_ROOT": str(self._folder / "var" / "task"),
            "NODE_PATH": f"{self._folder / 'opt' / 'nodejs' / 'node_modules'}{os.pathsep}{runtime}",
            "_HANDLER": function.handler,
            "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.run_time}",
            "AWS_REGION": function.region,
            "AWS_DEFAULT_REGION": function.region,
            "AWS_LAMBDA_FUNCTION_NAME": function.function_name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(self._memory_mb),
            "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
            "AWS_LAMBDA_LOG_GROUP_NAME": function.logs_group_name,
            "AWS_LAMBDA_LOG_STREAM_NAME": log_stream,
            "AWS_ENDPOINT_URL": settings.endpoint,
            # Lambda runs the function in Node 22, whichever Node this machine has.
            "AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED": "true",
            **{key: str(value) for key, value in (function.environment_vars or {}).items()},
        }

    def invoke(self, request_id: str, event: str, arn: str, timeout: float) -> Outcome:
        """Runs one invocation; kills the process if its time or its memory is used up."""
        try:
            if not self._initialised:
                self._read(INIT_SECONDS)
                self._initialised = True
            deadline = int((time.time() + timeout) * 1000)
            message = json.dumps({"requestId": request_id, "event": event, "arn": arn, "deadline": deadline})
            self._write(message.encode() + b"\n", time.monotonic() + timeout)
            return self._answered(request_id, self._read(timeout))
        except TimeoutError:
            text = f"RequestId: {request_id} Error: Task timed out after {timeout:.2f} seconds"
            return self._failed("Sandbox.Timedout", text)
        except MemoryError:
            return self._exited(request_id, "Runtime exited with error: signal: killed")
        except (BrokenPipeError, EOFError):
            return self._crashed(request_id)

    def _read(self, seconds: float) -> dict:
        """The process's next line. @raises TimeoutError, MemoryError, EOFError"""
        until = time.monotonic() + seconds
        answer = bytearray()
        while time.monotonic() < until:
            if select.select([self._responses], [], [], POLL_SECONDS)[0]:
                chunk = os.read(self._responses, 1 << 20)
                if not chunk:
                    raise EOFError()
                answer += chunk
                if chunk.endswith(b"\n"):
                    return json.loads(answer)
            elif self._peak_mb() > self._memory_mb:
                raise MemoryError()
        raise TimeoutError()

    def _write(self, data: bytes, until: float) -> None:
        """In pieces: a pipe buffers 64 KiB, and a process that does not read must not block the emulator."""
        os.set_blocking(self._requests, False)
        while data and time.monotonic() < until:
            if select.select([], [self._requests], [], POLL_SECONDS)[1]:
                data = data[os.write(self._requests, data[: 1 << 15]) :]

    def _answered(self, request_id: str, answer: dict) -> Outcome:
        self._used_mb = max(self._peak_mb(), answer["residentMb"])
        if self._used_mb > self._memory_mb:
            return self._exited(request_id, "Runtime exited with error: signal: killed")
        alive = not answer.get("exits", False)
        if not alive:
            self.stop()
        if "error" in answer:
            return Outcome(json.dumps(answer["error"]), answer["error"]["errorType"], self._used_mb, alive)
        return Outcome(answer["payload"], None, self._used_mb, alive)

    def _crashed(self, request_id: str) -> Outcome:
        try:
            code = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            code = 0
        reason = f"signal: {-code}" if code < 0 else f"exit status {code}"
        detail = "Runtime exited without providing a reason" if code == 0 else f"Runtime exited with error: {reason}"
        return self._exited(request_id, detail)

    def _exited(self, request_id: str, detail: str) -> Outcome:
        return self._failed("Runtime.ExitError", f"RequestId: {request_id} Error: {detail}")

    def _failed(self, kind: str, message: str) -> Outcome:
        used = max(self._used_mb, self._peak_mb())
        self.stop()
        return Outcome(json.dumps({"errorType": kind, "errorMessage": message}), kind, used, False)

    def _peak_mb(self) -> int:
        """Its peak memory, if the system reports it (Linux); else 0, where V8's own limit still applies."""
        try:
            status = pathlib.Path(f"/proc/{self._process.pid}/status").read_text()
            return int(status.split("VmHWM:")[1].split()[0]) // 1024
        except (OSError, IndexError):
            return 0

    def _forward_output(self, write_log) -> None:
        for line in self._process.stdout:
            write_log(line.decode("utf-8", "replace").rstrip("\n"))

    def settle_output(self) -> None:
        """Waits a moment for the output that the process wrote just before it answered or ended."""
        self._reader.join(timeout=0.5 if self._process.poll() is not None else 0.02)

    def stop(self) -> None:
        if self._stopped:
            return
        self._stopped = True
        self._process.kill()
        self._process.wait()
        self._reader.join(timeout=1)
        os.close(self._requests)
        os.close(self._responses)
        shutil.rmtree(self._folder, ignore_errors=True)
