"""Targets of EventBridge rules: state machines, which moto 5.2.1 lacks, and the permissions to send to targets."""

import copy
import datetime
import json
import uuid

from moto.events.models import Rule
from moto.stepfunctions.parser.models import stepfunctions_parser_backends
from permissions.checks import Check
from permissions.table.events import SERVICE, rule_source, sends


def install(permissions) -> None:
    send = Rule.send_to_targets

    def send_to_targets(self, original_event, transform_input=True):
        if not self.event_pattern.matches_event(original_event):
            return
        others = copy.copy(self)
        allowed = [target for target in self.targets if may_reach(permissions, self, target)]
        others.targets = [target for target in allowed if ":states:" not in target["Arn"]]
        send(others, original_event, transform_input)
        backend = stepfunctions_parser_backends[self.account_id][self.region_name]
        for target in allowed:
            if ":states:" in target["Arn"]:
                backend.start_execution(target["Arn"], str(uuid.uuid4()), json.dumps(as_sent(original_event)))

    Rule.send_to_targets = send_to_targets


def may_reach(permissions, rule, target: dict) -> bool:
    """A state machine is started by the target's role; a queue's policy admits the rule itself."""
    source = rule_source(rule.arn)
    if ":states:" in target["Arn"]:
        return permissions.may(target["RoleArn"], SERVICE, Check("states:StartExecution", target["Arn"]), source=source)
    return permissions.may(None, SERVICE, *sends(rule.arn, target["Arn"]))


def as_sent(event: dict) -> dict:
    """moto keeps the time of an event as seconds since 1970."""
    if not isinstance(event.get("time"), (int, float)):
        return event
    time = datetime.datetime.fromtimestamp(event["time"], datetime.timezone.utc)
    return {**event, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ")}
