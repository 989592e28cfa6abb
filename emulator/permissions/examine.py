"""What a line of the table finds in a request; a request in which it finds nothing is carried out for nobody."""

import sys
import traceback

from moto.core.utils import get_service_model

from permissions.calls import MODELS, Call
from permissions.checks import Check
from permissions.lines import Handover, Line, checks_of

ABSENT_CODES = {"ec2": "MissingParameter", "query": "ValidationError", "rest-xml": "MalformedXML"}
EMPTY = (None, "", [], {})


class Absent(Exception):
    """The request lacks what its service cannot do without, and says so before it looks at permissions."""

    def __init__(self, call: Call, names: list[str]):
        super().__init__(f"The request must contain the parameter {' and '.join(names)}")
        self.code = ABSENT_CODES.get(call.protocol, "ValidationException")


class Unexamined(Exception):
    """The line does not say what this request is to be checked against."""


def examine(line: Line, call: Call, prefix: str) -> tuple[list[Check], list[Handover]]:
    """
    :raises Absent: where AWS refuses the request for what it lacks
    :raises Unexamined: where the line finds nothing to check, or cannot read the request
    """
    try:
        checks, handovers = checks_of(line, call, prefix), line.handovers(call)
        if line.unchecked or (checks and all(check.resource for check in checks)):
            return checks, handovers
        reason = "because the emulator's table of permissions finds no resource in this request"
    except Exception as error:
        reason = f"because the emulator's table of permissions cannot read this request ({error!r})"
        fault = traceback.format_exc()
    else:
        fault = None
    absent = absent_parameters(call)
    if absent:
        raise Absent(call, absent)
    if fault:
        print(fault, file=sys.stderr)
    raise Unexamined(reason)


def absent_parameters(call: Call) -> list[str]:
    """Of those that botocore's model requires; what is sent as CBOR nobody has read."""
    if call.protocol == "cbor":
        return []
    if call.service == "s3":
        return ["Delete"] if call.operation == "DeleteObjects" and not call.params["Objects"] else []
    shape = get_service_model(MODELS.get(call.service, call.service)).operation_model(call.operation).input_shape
    return [name for name in (shape.required_members if shape else []) if call.params.get(name) in EMPTY]
