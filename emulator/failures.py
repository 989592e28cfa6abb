"""Where Lambda puts an event after all tries failed: an on-failure destination, or a dead-letter queue."""

import json
import sys
import uuid

from moto.core.utils import utcnow
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import ENCRYPT
from permissions.table.sns import topic_key_checks
from permissions.table.sqs import queue_key_checks
from sandbox import Outcome


def failed_event(function, event: str, outcome: Outcome | None, attempts: int) -> str:
    """The record for an on-failure destination (AWS Lambda Developer Guide, "Capturing records of asynchronous
    invocations").
    """
    return json.dumps(
        {
            "version": "1.0",
            "timestamp": f"{utcnow():%Y-%m-%dT%H:%M:%S.000Z}",
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": f"{function.function_arn}:$LATEST",
                "condition": "RetriesExhausted",
                "approximateInvokeCount": attempts,
            },
            "requestPayload": json.loads(event),
            "responseContext": {"statusCode": 200, "executedVersion": "$LATEST", "functionError": "Unhandled"},
            "responsePayload": json.loads(outcome.payload) if outcome else None,
        }
    )


def send(function, arn: str, body: str, permissions) -> None:
    """Sends to the queue or topic of an ARN, by the function's role."""
    action = "sqs:SendMessage" if ":sqs:" in arn else "sns:Publish"
    call = Call(arn.split(":")[2], function.region, action.split(":")[1], "json", {}, account=function.account_id)
    keys = queue_key_checks(call, arn, ENCRYPT) if ":sqs:" in arn else topic_key_checks(call, arn)
    if not permissions.may(function.role, "lambda.amazonaws.com", Check(action, arn), *keys):
        return
    _, _, service, region, account, name = arn.split(":", 5)
    if service == "sqs":
        sqs_backends[account][region].send_message(name, body)
    elif service == "sns":
        sns_backends[account]["aws"].publish(body, arn=arn)
    else:
        print(f"emulator: {service} cannot be a failure destination here: {arn}", file=sys.stderr)
