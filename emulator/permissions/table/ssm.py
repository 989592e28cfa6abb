"""AWS Systems Manager: only the inventory of remaining resources lists parameters."""

from permissions.lines import Line, nothing, on

LINES: dict[str, Line] = {**on(nothing, "DescribeParameters")}
