"""AWS Systems Manager: the inventory of what is left asks for parameters, and nothing else does."""

from permissions.lines import Line, nothing, on

LINES: dict[str, Line] = {**on(nothing, "DescribeParameters")}
