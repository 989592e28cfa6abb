"""A refusal with the message and the protocol of its service."""

import json
import uuid
from xml.sax.saxutils import escape

from permissions.calls import Call

Answer = tuple[str, list[tuple[str, str]], bytes]

# Its code in services that speak XML; the others say AccessDeniedException.
QUERY_CODES = {"ec2": "UnauthorizedOperation", "sns": "AuthorizationError"}
DENIED = "AccessDenied"


def access_denied(call: Call, message: str) -> Answer:
    if call.protocol == "ec2":
        return refusal(call, QUERY_CODES["ec2"], f"You are not authorized to perform this operation. {message}")
    xml = call.protocol in ("query", "rest-xml")
    return refusal(call, QUERY_CODES.get(call.service, DENIED) if xml else f"{DENIED}Exception", message)


def refusal(call: Call, code: str, message: str, status: str = "403 Forbidden") -> Answer:
    request_id = str(uuid.uuid4())
    if call.protocol in ("query", "rest-xml", "ec2"):
        body = XML[call.protocol].format(code=escape(code), message=escape(message), id=request_id)
        return status, [("Content-Type", "text/xml"), ("x-amzn-RequestId", request_id)], body.encode()
    headers = [("Content-Type", "application/x-amz-json-1.1"), ("x-amzn-RequestId", request_id)]
    if call.protocol == "rest-json":
        headers = [("Content-Type", "application/json"), ("x-amzn-ErrorType", code), ("x-amzn-RequestId", request_id)]
    if call.service == "sqs":
        # SQS formerly spoke XML, and its clients still look for that error's name.
        headers.append(("x-amzn-query-error", f"{code.removesuffix('Exception')};Sender"))
        code = f"com.amazon.coral.service#{code}"
    body = json.dumps({"__type": code, "message": message, "Message": message})
    # Lambda's and JSON 1.1's refusals differ only in the status.
    return status if call.protocol == "rest-json" else "400 Bad Request", headers, body.encode()


XML = {
    "query": (
        "<ErrorResponse><Error><Type>Sender</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        "<RequestId>{id}</RequestId></ErrorResponse>"
    ),
    "ec2": (
        "<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
        "<RequestID>{id}</RequestID></Response>"
    ),
    "rest-xml": "<Error><Code>{code}</Code><Message>{message}</Message><RequestId>{id}</RequestId></Error>",
}
