"""StartMessageMoveTask, which moto 5.2.1 lacks: the messages of a dead-letter queue go back, here at once."""

import uuid

from moto.core.responses import ActionResult
from moto.sqs.exceptions import QueueDoesNotExist
from moto.sqs.responses import SQSResponse


def install() -> None:
    SQSResponse.start_message_move_task = start_message_move_task


def start_message_move_task(self) -> ActionResult:
    backend = self.sqs_backend
    source = find_queue(backend, self._get_param("SourceArn"))
    destination = self._get_param("DestinationArn")
    target = find_queue(backend, destination) if destination else only_source_of(backend, source)
    for message in list(source.messages):
        # A new message: SQS counts its receives from zero.
        backend.send_message(
            target.name,
            message.body,
            message_attributes=message.message_attributes,
            deduplication_id=message.deduplication_id,
            group_id=message.group_id,
        )
        source._messages.remove(message)
    return ActionResult({"TaskHandle": str(uuid.uuid4())})


def find_queue(backend, arn: str):
    return backend.get_queue(arn.rsplit(":", 1)[1])


def only_source_of(backend, dead_letters):
    sources = [queue for queue in backend.queues.values() if queue.dead_letter_queue is dead_letters]
    if len(sources) != 1:
        # moto does not keep where each message came from.
        raise QueueDoesNotExist()
    return sources[0]
