"""Conditions of bucket policies, as far as this project's policies use them.

The endpoint is plain HTTP on the loopback and stands for S3 behind TLS, so aws:SecureTransport is true. An operator
that is not known here makes its statement not apply, and says so on standard error.
"""

import fnmatch
import sys

from flask import has_request_context, request


def statement_applies(statement: dict) -> bool:
    """Whether all conditions of a statement hold for the request that is being answered."""
    for operator, keys in statement.get("Condition", {}).items():
        if_exists = operator.endswith("IfExists")
        name = operator.removesuffix("IfExists")
        for key, expected in keys.items():
            if not _holds(name, _value(key), expected if isinstance(expected, list) else [expected], if_exists):
                return False
    return True


def _value(key: str) -> str | None:
    """The value of a condition key in this request; None when the request does not have it."""
    if key == "aws:SecureTransport":
        return "true"
    if key.startswith("s3:x-amz-") and has_request_context():
        return request.headers.get(key.removeprefix("s3:"))
    return None


def _holds(operator: str, value: str | None, expected: list, if_exists: bool) -> bool:
    wanted = [str(item) for item in expected]
    if operator == "Null":
        return (value is None) == (wanted[0].lower() == "true")
    if value is None:
        # A key that a request lacks fails every operator but the negated ones and those that end in IfExists.
        return if_exists or "Not" in operator
    if operator == "Bool":
        return value.lower() in [item.lower() for item in wanted]
    if operator in ("StringEquals", "ArnEquals"):
        return value in wanted
    if operator in ("StringNotEquals", "ArnNotEquals"):
        return value not in wanted
    if operator in ("StringLike", "ArnLike"):
        return any(fnmatch.fnmatchcase(value, item) for item in wanted)
    if operator in ("StringNotLike", "ArnNotLike"):
        return not any(fnmatch.fnmatchcase(value, item) for item in wanted)
    print(f"emulator: the policy condition {operator} is not known, its statement does not apply", file=sys.stderr)
    return False
