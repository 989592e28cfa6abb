"""Amazon CloudWatch Logs."""

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import encryption_context, is_ours, key_arn
from permissions.lines import Handover, Line, nothing, on, tagging


def name_of(call: Call) -> str:
    named = call.params.get("logGroupName") or call.params.get("logGroupIdentifier") or call.params.get("resourceArn")
    return named.split("log-group:")[-1].split(":")[0]


def group(call: Call) -> str:
    """Followed by an empty stream, so that a grant for only the group's name does not match."""
    return call.arn("logs", f"log-group:{name_of(call)}:log-stream:")


def tagged(call: Call) -> str:
    """The newer actions on tags take only the group's name."""
    return call.arn("logs", f"log-group:{name_of(call)}")


def stream(call: Call) -> str:
    return call.arn("logs", f"log-group:{name_of(call)}:log-stream:{call.params['logStreamName']}")


def queried(call: Call) -> list[str]:
    names = [call.params.get("logGroupName"), *(call.params.get("logGroupNames") or [])]
    names += [named.split("log-group:")[-1].split(":")[0] for named in call.params.get("logGroupIdentifiers") or []]
    return [call.arn("logs", f"log-group:{name}:log-stream:") for name in names if name]


def encrypts(call: Call) -> list[Handover]:
    """ "Encrypt log data", CloudWatch Logs user guide: the service tries the key when it is set for a group."""
    key = call.params.get("kmsKeyId")
    if not is_ours(key):
        return []
    context = encryption_context({"aws:logs:arn": call.arn("logs", f"log-group:{name_of(call)}")})
    names = ("Encrypt", "Decrypt", "ReEncryptFrom", "GenerateDataKey", "DescribeKey")
    tries = tuple(Check(f"kms:{name}", key_arn(call, key), context) for name in names)
    refusal = (
        "AccessDeniedException",
        f"The specified KMS key does not exist or is not allowed to be used with Arn '{tagged(call)}'",
    )
    return [Handover(None, f"logs.{call.region}.amazonaws.com", tries=tries, refusal=refusal)]


LINES: dict[str, Line] = {
    **on(nothing, "DeleteResourcePolicy DescribeLogGroups DescribeResourcePolicies PutResourcePolicy"),
    **on(group, "CreateLogGroup", also=tagging("logs:TagResource", tagged), handovers=encrypts),
    **on(group, "AssociateKmsKey", handovers=encrypts),
    **on(
        group,
        "DeleteLogGroup DeleteMetricFilter DeleteRetentionPolicy "
        "DescribeLogStreams DescribeMetricFilters DescribeSubscriptionFilters DisassociateKmsKey FilterLogEvents "
        "ListTagsLogGroup PutMetricFilter PutRetentionPolicy PutSubscriptionFilter TagLogGroup UntagLogGroup",
        source="Refusals name log-group:NAME:log-stream: (terraform-provider-aws#14997, serverless#2341)",
    ),
    **on(tagged, "ListTagsForResource TagResource UntagResource"),
    **on(stream, "CreateLogStream DeleteLogStream GetLogEvents PutLogEvents"),
    **on(queried, "StartQuery"),
}
