"""AWS Security Hub."""

from permissions.calls import Call
from permissions.lines import Line, on


def hub(call: Call) -> str:
    return call.arn("securityhub", "hub/default")


LINES: dict[str, Line] = on(
    hub,
    "BatchDisableStandards BatchEnableStandards DescribeHub DisableSecurityHub EnableSecurityHub "
    "GetEnabledStandards ListTagsForResource UpdateSecurityHubConfiguration",
)
