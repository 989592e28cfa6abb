"""Amazon SQS."""

from moto.sqs.models import sqs_backends

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import DECRYPT, ENCRYPT, through
from permissions.lines import Line, nothing, on, tagging

KEYS = '"Key management", SQS developer guide: a sender makes data keys and reads them, a receiver reads them'


def queue(call: Call) -> str:
    return call.arn("sqs", call.params["QueueUrl"].rsplit("/", 1)[1])


def named_queue(call: Call) -> str:
    return call.arn("sqs", call.params["QueueName"])


def key_of(queue_arn: str) -> str | None:
    _, _, _, region, account, name = queue_arn.split(":")
    found = sqs_backends[account][region].queues.get(name)
    return found.kms_master_key_id if found else None


def uses_key(actions: tuple[str, ...]):
    return lambda call: queue_key_checks(call, queue(call), actions)


def queue_key_checks(call: Call, queue_arn: str, actions: tuple[str, ...]) -> list[Check]:
    return through(call, key_of(queue_arn), actions, "sqs", {"aws:sqs:arn": queue_arn})


LINES: dict[str, Line] = {
    **on(nothing, "ListQueues"),
    **on(named_queue, "CreateQueue", also=tagging("sqs:TagQueue", named_queue)),
    **on(named_queue, "GetQueueUrl"),
    **on(
        queue,
        "AddPermission ChangeMessageVisibility DeleteMessage DeleteQueue GetQueueAttributes ListDeadLetterSourceQueues "
        "ListQueueTags PurgeQueue RemovePermission SetQueueAttributes TagQueue UntagQueue",
    ),
    # Batches are checked like single messages.
    **on(queue, "ChangeMessageVisibilityBatch", action="sqs:ChangeMessageVisibility"),
    **on(queue, "DeleteMessageBatch", action="sqs:DeleteMessage"),
    **on(queue, "SendMessage SendMessageBatch", action="sqs:SendMessage", also=uses_key(ENCRYPT), source=KEYS),
    **on(queue, "ReceiveMessage", also=uses_key(DECRYPT), source=KEYS),
    **on(
        lambda call: call.params["SourceArn"],
        "StartMessageMoveTask",
        also=lambda call: move_checks(call, call.params["SourceArn"]),
        source='"Configuring queue permissions for a dead-letter queue redrive", SQS developer guide',
    ),
}


def move_checks(call: Call, source: str) -> list[Check]:
    """Reading and deleting in the dead-letter queue, sending to where the messages go."""
    region, account = source.split(":")[3:5]
    dead = sqs_backends[account][region].queues.get(source.rsplit(":", 1)[1])
    queues = list(sqs_backends[account][region].queues.values())
    back = [found.queue_arn for found in queues if dead is not None and found.dead_letter_queue is dead]
    named = call.params.get("DestinationArn")
    reads = [Check(f"sqs:{name}", source) for name in ("ReceiveMessage", "DeleteMessage", "GetQueueAttributes")]
    sends = [Check("sqs:SendMessage", target) for target in ([named] if named else back)]
    keys = [
        *queue_key_checks(call, source, DECRYPT),
        *(check for target in ([named] if named else back) for check in queue_key_checks(call, target, ENCRYPT)),
    ]
    return [*reads, *sends, *keys]
