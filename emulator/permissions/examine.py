"""A table line's checks of a request; a request for which it finds no check is refused to everybody."""

import sys
import traceback

from moto.core.utils import get_service_model

from permissions.calls import MODELS, Call
from permissions.checks import Check
from permissions.lines import Handover, Line, checks_of

ABSENT_CODES = {"ec2": "MissingParameter", "query": "ValidationError", "rest-xml": "MalformedXML"}
EMPTY = (None, "", [], {})


class Absent(Exception):
    """The request lacks a required parameter, which its service reports before it checks permissions."""

    def __init__(self, call: Call, names: list[str]):
        super().__init__(f"The request must contain the parameter {' and '.join(names)}")
        self.code = ABSENT_CODES.get(call.protocol, "ValidationException")


class Unexamined(Exception):
    """The line yields no check for this request."""


def examine(line: Line, call: Call, prefix: str) -> tuple[list[Check], list[Handover]]:
    """
    :raises Absent: if AWS refuses the request for a missing parameter
    :raises Unexamined: if the line finds nothing to check, or cannot read the request
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
    """Those of the parameters that botocore's model requires; bodies in CBOR are not read."""
    if call.protocol == "cbor":
        return []
    if call.service == "s3":
        return ["Delete"] if call.operation == "DeleteObjects" and not call.params["Objects"] else []
    shape = get_service_model(MODELS.get(call.service, call.service)).operation_model(call.operation).input_shape
    return [name for name in (shape.required_members if shape else []) if call.params.get(name) in EMPTY]
