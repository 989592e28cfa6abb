"""Amazon EventBridge."""

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import service_key
from permissions.lines import Handover, Line, nothing, on, passes, tagging
from permissions.table.sns import key_of as sns_key
from permissions.table.sqs import key_of as sqs_key

SERVICE = "events.amazonaws.com"


def bus(call: Call) -> str:
    name = call.params.get("EventBusName") or "default"
    return name if name.startswith("arn:") else call.arn("events", f"event-bus/{name}")


def rule(call: Call) -> str:
    name = call.params.get("Rule") or call.params["Name"]
    bus_name = (call.params.get("EventBusName") or "default").split("event-bus/")[-1]
    return call.arn("events", f"rule/{name}" if bus_name == "default" else f"rule/{bus_name}/{name}")


def targets(call: Call) -> Context:
    return {"events:TargetArn": [target["Arn"] for target in call.params.get("Targets") or []]}


def gives_roles(call: Call) -> list[Check]:
    given = call.params.get("Targets") or []
    return [check for target in given for check in passes(target.get("RoleArn"), SERVICE)]


def rule_source(rule_arn: str) -> Context:
    return {"aws:SourceArn": [rule_arn], "aws:SourceAccount": [rule_arn.split(":")[4]]}


def sends(rule_arn: str, target_arn: str) -> tuple[Check, ...]:
    """A rule's calls of a queue or a topic in its own name.

    Keys do not learn which rule it is ("Key management", SQS developer guide; landing-zone-accelerator#407 for topics).
    """
    source = rule_source(rule_arn)
    if ":sqs:" in target_arn:
        key = service_key(sqs_key(target_arn), target_arn, "sqs")
        return Check("sqs:SendMessage", target_arn, source), *key
    if ":sns:" in target_arn:
        key = service_key(sns_key(target_arn), target_arn, "sns")
        return Check("sns:Publish", target_arn, source), *key
    return ()


def dead_letters(call: Call) -> list[Handover]:
    """Events that fail to reach their target go to the target's dead-letter queue later."""
    queues = [(target.get("DeadLetterConfig") or {}).get("Arn") for target in call.params.get("Targets") or []]
    return [Handover(None, SERVICE, tries=sends(rule(call), queue)) for queue in queues if queue]


def sources(call: Call) -> Context:
    entries = call.params.get("Entries") or []
    return {
        "events:source": [entry["Source"] for entry in entries if "Source" in entry],
        "events:detail-type": [entry["DetailType"] for entry in entries if "DetailType" in entry],
    }


def buses(call: Call) -> list[str]:
    names = {(entry.get("EventBusName") or "default").split("event-bus/")[-1] for entry in call.params["Entries"]}
    return [call.arn("events", f"event-bus/{name}") for name in sorted(names)]


LINES: dict[str, Line] = {
    **on(nothing, "ListEventBuses ListRuleNamesByTarget"),
    **on(nothing, "ListRules"),
    **on(bus, "DescribeEventBus"),
    **on(rule, "PutRule", also=tagging("events:TagResource", rule)),
    **on(rule, "PutTargets", context=targets, also=gives_roles, handovers=dead_letters),
    **on(rule, "DeleteRule DescribeRule DisableRule EnableRule ListTargetsByRule RemoveTargets"),
    **on(lambda call: call.params["ResourceARN"], "ListTagsForResource TagResource UntagResource"),
    **on(buses, "PutEvents", context=sources),
}
