"""The process that decides, and a cache of its decisions."""

import itertools
import json
import pathlib
import subprocess
import threading
from concurrent.futures import Future

from permissions.checks import digest

SCRIPT = pathlib.Path(__file__).parent.parent / "node" / "simulate.mjs"


class Simulator:
    """Thread-safe. Equal questions are asked once; policies are sent once and named by their hash afterwards."""

    def __init__(self, node: str, modules: pathlib.Path):
        self._process = subprocess.Popen(
            [node, str(SCRIPT), str(modules)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._lock = threading.Lock()
        self._ids = itertools.count()
        self._sent: set[str] = set()
        self._answers: dict[str, Future] = {}
        self._waiting: dict[int, Future] = {}
        threading.Thread(target=self._read, daemon=True).start()

    def decide(self, question: dict, documents: dict[str, dict]) -> tuple[str, str]:
        """
        :param question: as described in simulate.mjs, without `id` and `documents`
        :param documents: the question's policies, by their hashes
        """
        key = digest(question)
        with self._lock:
            answer = self._answers.get(key)
            if answer is None:
                answer = self._answers[key] = Future()
                self._ask(
                    question, {hash: document for hash, document in documents.items() if hash not in self._sent}, answer
                )
                self._sent.update(documents)
        return answer.result(timeout=60)

    def _ask(self, question: dict, documents: dict[str, dict], answer: Future) -> None:
        number = next(self._ids)
        self._waiting[number] = answer
        self._process.stdin.write(json.dumps({"id": number, **question, "documents": documents}) + "\n")
        self._process.stdin.flush()

    def _read(self) -> None:
        for line in self._process.stdout:
            answer = json.loads(line)
            self._waiting.pop(answer["id"]).set_result((answer["decision"], answer["reason"]))
        for future in self._waiting.values():
            future.set_exception(RuntimeError("the simulator of permissions ended"))

    def stop(self) -> None:
        self._process.kill()
        self._process.wait()
