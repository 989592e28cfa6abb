"""Amazon EventBridge Scheduler."""

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import ENCRYPT, is_ours, key_arn, via
from permissions.lines import Handover, Line, nothing, on, passes, tagging
from permissions.table.sqs import queue_key_checks

SERVICE = "scheduler.amazonaws.com"


def group(call: Call) -> str:
    return call.arn("scheduler", f"schedule-group/{call.params['Name']}")


def schedule(call: Call) -> str:
    return call.arn("scheduler", f"schedule/{call.params.get('GroupName') or 'default'}/{call.params['Name']}")


def sets_up(call: Call) -> list[Check]:
    """ "Data encryption", Scheduler user guide: a caller that sets a customer key describes it and makes a data key."""
    key = call.params.get("KmsKeyArn")
    names = ("kms:DescribeKey", "kms:GenerateDataKey", "kms:Decrypt") if is_ours(key) else ()
    keys = [Check(name, key_arn(call, key), via(call, "scheduler"), forwarded=True) for name in names]
    return [*passes((call.params.get("Target") or {}).get("RoleArn"), SERVICE), *keys]


def takes_role(call: Call) -> list[Handover]:
    """ "Confused deputy prevention", Scheduler user guide: the source is the schedule's group."""
    arn = call.arn("scheduler", f"schedule-group/{call.params.get('GroupName') or 'default'}")
    source = {"aws:SourceAccount": [call.account], "aws:SourceArn": [arn]}
    message = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
    target = call.params["Target"]
    return [
        Handover(target["RoleArn"], SERVICE, source, refusal=("ValidationException", message)),
        Handover(target["RoleArn"], SERVICE, source, fires(call, target)),
    ]


def fires(call: Call, target: dict) -> tuple[Check, ...]:
    """The schedule's later calls: its input is decrypted, and its target called, or its dead-letter queue."""
    names = {"states": "states:StartExecution", "lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage"}
    dead = (target.get("DeadLetterConfig") or {}).get("Arn")
    key = call.params.get("KmsKeyArn")
    sends = [Check("sqs:SendMessage", dead), *queue_key_checks(call, dead, ENCRYPT)] if dead else []
    reads = [Check("kms:Decrypt", key_arn(call, key), via(call, "scheduler"), forwarded=True)] if is_ours(key) else []
    return Check(names[target["Arn"].split(":")[2]], target["Arn"]), *sends, *reads


LINES: dict[str, Line] = {
    **on(nothing, "ListScheduleGroups ListSchedules"),
    **on(group, "CreateScheduleGroup", also=tagging("scheduler:TagResource", group)),
    **on(group, "DeleteScheduleGroup GetScheduleGroup"),
    **on(schedule, "CreateSchedule UpdateSchedule", also=sets_up, handovers=takes_role),
    **on(schedule, "DeleteSchedule GetSchedule"),
    **on(lambda call: call.params["ResourceArn"], "ListTagsForResource TagResource UntagResource"),
}
