"""State machines as targets of EventBridge rules, which moto 5.2.1 lacks: an event is the input of an execution."""

import copy
import datetime
import json
import uuid

from moto.events.models import Rule
from moto.stepfunctions.parser.models import stepfunctions_parser_backends


def install() -> None:
    send = Rule.send_to_targets

    def send_to_targets(self, original_event, transform_input=True):
        machines = [target["Arn"] for target in self.targets if ":states:" in target["Arn"]]
        others = copy.copy(self)
        others.targets = [target for target in self.targets if target["Arn"] not in machines]
        send(others, original_event, transform_input)
        if self.event_pattern.matches_event(original_event):
            backend = stepfunctions_parser_backends[self.account_id][self.region_name]
            for machine in machines:
                backend.start_execution(machine, str(uuid.uuid4()), json.dumps(as_sent(original_event)))

    Rule.send_to_targets = send_to_targets


def as_sent(event: dict) -> dict:
    """moto keeps the time of an event as seconds since 1970."""
    if not isinstance(event.get("time"), (int, float)):
        return event
    time = datetime.datetime.fromtimestamp(event["time"], datetime.timezone.utc)
    return {**event, "time": time.strftime("%Y-%m-%dT%H:%M:%SZ")}
