"""AWS CloudTrail.

A trail is created only if its bucket, its key and the role for its log group admit it: "Amazon S3 bucket policy for
CloudTrail", "Configure AWS KMS key policies for CloudTrail", "Role policy document for CloudTrail to use CloudWatch
Logs for monitoring", CloudTrail user guide.
"""

from permissions.calls import Call
from permissions.checks import Check
from permissions.keys import is_ours, key_arn
from permissions.lines import Handover, Line, nothing, on, passes, tagging

SERVICE = "cloudtrail.amazonaws.com"


def trail(call: Call) -> str:
    named = call.params.get("Name") or call.params.get("TrailName") or call.params.get("ResourceId")
    return named if named.startswith("arn:") else call.arn("cloudtrail", f"trail/{named}")


def listed(call: Call) -> list[str]:
    return call.params["ResourceIdList"]


def delivers(call: Call) -> list[Handover]:
    source = {"aws:SourceArn": [trail(call)], "aws:SourceAccount": [call.account]}
    return [*into_bucket(call, source), *with_key(call, source), *into_log(call)]


def into_bucket(call: Call, source: dict) -> list[Handover]:
    bucket = call.params.get("S3BucketName")
    if not bucket:
        return []
    prefix = f"{call.params['S3KeyPrefix']}/" if call.params.get("S3KeyPrefix") else ""
    file = f"arn:aws:s3:::{bucket}/{prefix}AWSLogs/{call.account}/CloudTrail/{call.region}/file.json.gz"
    tries = (
        Check("s3:GetBucketAcl", f"arn:aws:s3:::{bucket}", source),
        Check("s3:PutObject", file, {**source, "s3:x-amz-acl": ["bucket-owner-full-control"]}),
        # A digest, which has S3's own encryption.
        Check(
            "s3:PutObject",
            file.replace("/CloudTrail/", "/CloudTrail-Digest/"),
            {
                **source,
                "s3:x-amz-acl": ["bucket-owner-full-control"],
                "s3:x-amz-server-side-encryption": ["AES256"],
            },
        ),
    )
    said = f"Incorrect S3 bucket policy is detected for bucket: {bucket}"
    return [Handover(None, SERVICE, source, tries, ("InsufficientS3BucketPolicyException", said))]


def with_key(call: Call, source: dict) -> list[Handover]:
    key = call.params.get("KmsKeyId")
    if not is_ours(key):
        return []
    arn = key_arn(call, key)
    tries = tuple(Check(f"kms:{name}", arn, source) for name in ("DescribeKey", "GenerateDataKey"))
    said = f"Insufficient permissions to access S3 bucket {call.params.get('S3BucketName')} or KMS key {arn}."
    return [Handover(None, SERVICE, source, tries, ("InsufficientEncryptionPolicyException", said))]


def into_log(call: Call) -> list[Handover]:
    role, group = call.params.get("CloudWatchLogsRoleArn"), call.params.get("CloudWatchLogsLogGroupArn")
    if not role or not group:
        return []
    stream = f"{group.removesuffix(':*')}:log-stream:{call.account}_CloudTrail_{call.region}"
    tries = tuple(Check(f"logs:{name}", stream) for name in ("CreateLogStream", "PutLogEvents"))
    said = ("InvalidCloudWatchLogsLogGroupArnException", "Access denied. Check the permissions for your role.")
    return [Handover(role, SERVICE, {}, tries, said)]


def gives_role(call: Call) -> list[Check]:
    return passes(call.params.get("CloudWatchLogsRoleArn"), SERVICE)


def creates(call: Call) -> list[Check]:
    return [*tagging("cloudtrail:AddTags", trail)(call), *gives_role(call)]


LINES: dict[str, Line] = {
    **on(trail, "CreateTrail", also=creates, handovers=delivers),
    **on(trail, "UpdateTrail", also=gives_role, handovers=delivers),
    **on(
        trail,
        "AddTags DeleteTrail GetEventSelectors GetInsightSelectors GetTrail GetTrailStatus PutEventSelectors "
        "RemoveTags StartLogging StopLogging",
    ),
    **on(nothing, "DescribeTrails ListTrails"),
    **on(listed, "ListTags"),
}
