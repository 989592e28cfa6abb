"""AWS Config.

A delivery channel is created only if its bucket and its key admit AWS Config: "Permissions for the Amazon S3 Bucket for
the AWS Config Delivery Channel", "Permissions for the KMS Key for the AWS Config Delivery Channel", AWS Config
developer guide.
"""

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import is_ours, key_arn
from permissions.lines import Handover, Line, nothing, on, passes

SERVICE = "config.amazonaws.com"


def recorder(call: Call) -> list[str]:
    given = call.params.get("ConfigurationRecorder") or {}
    named = given.get("name") or call.params.get("ConfigurationRecorderName")
    names = [named] if named else call.params.get("ConfigurationRecorderNames") or ["*"]
    return [call.arn("config", f"configuration-recorder/{name}/*") for name in names]


def rule(call: Call) -> str:
    """By its id, which AWS gives it."""
    return call.arn("config", "config-rule/config-rule-sample")


def tagged(call: Call) -> str:
    return call.params["ResourceArn"]


def gives_role(call: Call) -> list[Check]:
    return passes(call.params["ConfigurationRecorder"].get("roleARN"), SERVICE)


def delivers(call: Call) -> list[Handover]:
    channel = call.params["DeliveryChannel"]
    source = {"aws:SourceAccount": [call.account]}
    bucket = f"arn:aws:s3:::{channel['s3BucketName']}"
    prefix = f"{channel['s3KeyPrefix']}/" if channel.get("s3KeyPrefix") else ""
    file = f"{bucket}/{prefix}AWSLogs/{call.account}/Config/ConfigWritabilityCheckFile"
    tries = (
        Check("s3:GetBucketAcl", bucket, source),
        Check("s3:ListBucket", bucket, source),
        Check("s3:PutObject", file, {**source, "s3:x-amz-acl": ["bucket-owner-full-control"]}),
        *encrypts(call, channel.get("s3KmsKeyArn"), source),
    )
    said = f"Insufficient delivery policy to s3 bucket: {channel['s3BucketName']}, unable to write to bucket."
    return [Handover(None, SERVICE, source, tries, ("InsufficientDeliveryPolicyException", said))]


def encrypts(call: Call, key: str | None, source: dict) -> list[Check]:
    if not is_ours(key):
        return []
    return [Check(f"kms:{name}", key_arn(call, key), source) for name in ("Decrypt", "GenerateDataKey")]


LINES: dict[str, Line] = {
    **on(recorder, "PutConfigurationRecorder", also=gives_role),
    **on(
        recorder,
        "DeleteConfigurationRecorder DescribeConfigurationRecorders DescribeConfigurationRecorderStatus "
        "StartConfigurationRecorder StopConfigurationRecorder",
    ),
    **on(nothing, "PutDeliveryChannel", handovers=delivers),
    **on(nothing, "DeleteDeliveryChannel DescribeDeliveryChannels DescribeConfigRules"),
    **on(rule, "DeleteConfigRule PutConfigRule"),
    **on(tagged, "ListTagsForResource"),
}
