"""Amazon CloudWatch."""

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import service_key
from permissions.lines import Handover, Line, nothing, on, tagging
from permissions.table.sns import key_of


def alarm(call: Call) -> str:
    return call.arn("cloudwatch", f"alarm:{call.params['AlarmName']}")


def alarms(call: Call) -> list[str]:
    names = call.params.get("AlarmNames")
    return [call.arn("cloudwatch", f"alarm:{name}") for name in names or ["*"]]


def dashboard(call: Call) -> str:
    return f"arn:aws:cloudwatch::{call.account}:dashboard/{call.params['DashboardName']}"


def dashboards(call: Call) -> list[str]:
    return [f"arn:aws:cloudwatch::{call.account}:dashboard/{name}" for name in call.params["DashboardNames"]]


def actions(call: Call) -> Context:
    return {"cloudwatch:AlarmActions": call.params.get("AlarmActions") or []} if call.params.get("AlarmActions") else {}


def alerts(call: Call) -> list[Handover]:
    """An alarm's later calls: it publishes to its topics, whose policies and keys must admit it."""
    source = {"aws:SourceArn": [alarm(call)], "aws:SourceAccount": [call.account]}
    names = ("AlarmActions", "OKActions", "InsufficientDataActions")
    topics = {arn for name in names for arn in call.params.get(name) or [] if ":sns:" in arn}
    return [
        Handover(
            None,
            "cloudwatch.amazonaws.com",
            tries=(Check("sns:Publish", topic, source), *service_key(key_of(topic), topic, "sns", source)),
        )
        for topic in sorted(topics)
    ]


LINES: dict[str, Line] = {
    **on(nothing, "GetMetricData GetMetricStatistics ListMetrics PutMetricData ListDashboards"),
    **on(alarm, "PutMetricAlarm", context=actions, also=tagging("cloudwatch:TagResource", alarm), handovers=alerts),
    **on(alarms, "DeleteAlarms DescribeAlarms SetAlarmState"),
    **on(dashboard, "GetDashboard PutDashboard"),
    **on(dashboards, "DeleteDashboards"),
    **on(lambda call: call.params["ResourceARN"], "ListTagsForResource TagResource UntagResource"),
}
