"""SQS event source mappings as Lambda polls them: batches, partial batch responses, redelivery, a limit of workers.

moto's own invoke a function inside SendMessage, one message at a time, without partial batch responses.
"""

import base64
import json
import sys
import threading
import time

from functions import Functions, TooManyRequests
from moto.awslambda.models import LambdaBackend, lambda_backends
from moto.sqs.models import sqs_backends
from permissions.calls import Call
from permissions.keys import DECRYPT
from permissions.table.lambda_ import polls
from permissions.table.sqs import queue_key_checks

POLL_SECONDS = 0.1
# Lambda starts with five pollers on a standard queue.
DEFAULT_WORKERS = 5
MOST_PER_RECEIVE = 10


def poll_queues(functions: Functions, permissions, redelivery_seconds: int) -> None:
    """Runs for the lifetime of the emulator."""
    poller = QueuePoller(functions, permissions, redelivery_seconds)
    take_queues_from_moto()
    while True:
        try:
            poller.poll()
        except Exception as error:  # A queue or a function can be deleted during a poll; the others continue.
            print(f"emulator: polling queues: {error!r}", file=sys.stderr)
        time.sleep(POLL_SECONDS)


def take_queues_from_moto() -> None:
    create = LambdaBackend.create_event_source_mapping

    def create_event_source_mapping(self, spec):
        mapping = create(self, spec)
        for queue in sqs_backends[self.account_id][self.region_name].queues.values():
            queue.lambda_event_source_mappings.clear()
        return mapping

    LambdaBackend.create_event_source_mapping = create_event_source_mapping


class QueuePoller:
    def __init__(self, functions: Functions, permissions, redelivery_seconds: int):
        self._functions = functions
        self._permissions = permissions
        self._redelivery_seconds = redelivery_seconds
        self._working: dict[str, int] = {}
        self._lock = threading.Lock()

    def poll(self) -> None:
        for account in list(lambda_backends.values()):
            for backend in list(account.values()):
                for mapping in backend.list_event_source_mappings(None, None):
                    if mapping.enabled and ":sqs:" in mapping.event_source_arn:
                        self._poll_mapping(backend, mapping)

    def _poll_mapping(self, backend, mapping) -> None:
        sqs = sqs_backends[backend.account_id][backend.region_name]
        name = mapping.event_source_arn.rsplit(":", 1)[1]
        limit = (mapping.scaling_config or {}).get("MaximumConcurrency", DEFAULT_WORKERS)
        while self._working.get(mapping.uuid, 0) < limit:
            queue = sqs.get_queue(name)
            if not queue.messages or not self._may_poll(backend, mapping):
                return
            messages = sqs.receive_message(
                name, min(mapping.batch_size, MOST_PER_RECEIVE), 0, int(queue.visibility_timeout), ["All"]
            )
            if not messages:
                return
            with self._lock:
                self._working[mapping.uuid] = self._working.get(mapping.uuid, 0) + 1
            threading.Thread(target=self._work, args=(backend, sqs, mapping, queue, messages), daemon=True).start()

    def _may_poll(self, backend, mapping) -> bool:
        """By the function's role, which also needs the right to the queue's key."""
        queue = mapping.event_source_arn
        call = Call("sqs", backend.region_name, "ReceiveMessage", "json", {}, account=backend.account_id)
        role = backend.get_function(mapping.function_arn).role
        checks = [*polls(queue), *queue_key_checks(call, queue, DECRYPT)]
        return self._permissions.may(role, "lambda.amazonaws.com", *checks)

    def _work(self, backend, sqs, mapping, queue, messages) -> None:
        try:
            failed = self._failures(backend, mapping, messages)
            for message in messages:
                if message.id not in failed:
                    sqs.delete_message(queue.name, message.receipt_handle)
                elif int(queue.visibility_timeout) > self._redelivery_seconds:
                    sqs.change_message_visibility(queue.name, message.receipt_handle, self._redelivery_seconds)
        except Exception as error:  # The queue may have been destroyed meanwhile.
            print(f"emulator: {queue.name}: {error!r}", file=sys.stderr)
        finally:
            with self._lock:
                self._working[mapping.uuid] -= 1

    def _failures(self, backend, mapping, messages) -> set[str]:
        """The ids of the messages that stay in the queue."""
        everything = {message.id for message in messages}
        function = backend.get_function(mapping.function_arn)
        event = {"Records": [record(message, mapping.event_source_arn, backend.region_name) for message in messages]}
        try:
            outcome, _ = self._functions.invoke(function, json.dumps(event))
        except TooManyRequests:
            return everything
        except Exception as error:  # The emulator's own fault must not hide messages for hours.
            print(f"emulator: {function.function_name}: {error!r}", file=sys.stderr)
            return everything
        if outcome.error is not None:
            return everything
        if "ReportBatchItemFailures" not in (mapping.function_response_types or []):
            return set()
        response = json.loads(outcome.payload)
        failures = response.get("batchItemFailures") if isinstance(response, dict) else None
        failed = {failure.get("itemIdentifier") for failure in failures or []}
        # An identifier that is not in this batch makes the whole batch a failure.
        return min(failed, everything)


def record(message, queue_arn: str, region: str) -> dict:
    attributes = {
        "ApproximateReceiveCount": str(message.approximate_receive_count),
        "SentTimestamp": str(message.sent_timestamp),
        "SenderId": message.sender_id,
        "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
    }
    if queue_arn.endswith(".fifo"):
        attributes |= {
            "MessageGroupId": message.group_id,
            "MessageDeduplicationId": message.deduplication_id,
            "SequenceNumber": message.sequence_number,
        }
    return {
        "messageId": message.id,
        "receiptHandle": message.receipt_handle,
        "body": message.body,
        "attributes": attributes,
        "messageAttributes": {name: attribute(value) for name, value in (message.message_attributes or {}).items()},
        "md5OfBody": message.body_md5,
        "eventSource": "aws:sqs",
        "eventSourceARN": queue_arn,
        "awsRegion": region,
    }


def attribute(value: dict) -> dict:
    binary = value.get("BinaryValue")
    return {
        "dataType": value.get("DataType"),
        "stringListValues": [],
        "binaryListValues": [],
        **({"stringValue": value["StringValue"]} if value.get("StringValue") is not None else {}),
        **(
            {"binaryValue": base64.b64encode(binary).decode() if isinstance(binary, bytes) else binary}
            if binary
            else {}
        ),
    }
