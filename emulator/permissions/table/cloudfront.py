"""Amazon CloudFront, whose resources are in no region; the reference names none for keys, groups and new resources."""

from moto.cloudfront.models import cloudfront_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.lines import Line, nothing, on

LOGGING = '"Standard logging (legacy)", CloudFront developer guide: the creator of a distribution lets it set the ACL'
UNNAMED = ["KeyGroup", "PublicKey"]


def arn(call: Call, resource: str) -> str:
    return f"arn:aws:cloudfront::{call.account}:{resource}"


def by_id(kind: str):
    return lambda call: arn(call, f"{kind}/{call.params['Id']}")


def named(call: Call) -> str:
    return call.params["Resource"]


def given_tags(call: Call) -> Context:
    """Tags are in a structure of their own here."""
    given = call.params.get("Tags") or (call.params.get("DistributionConfigWithTags") or {}).get("Tags") or {}
    tags = {tag["Key"]: [tag.get("Value") or ""] for tag in given.get("Items") or [] if "Key" in tag}
    removed = ((call.params.get("TagKeys") or {}) if isinstance(call.params.get("TagKeys"), dict) else {}).get("Items")
    names = [*tags, *(removed or [])]
    return {f"aws:RequestTag/{key}": value for key, value in tags.items()} | ({"aws:TagKeys": names} if names else {})


def creates(call: Call) -> list[Check]:
    tagged = Check("cloudfront:TagResource", arn(call, "distribution/new"), given_tags(call))
    config = call.params["DistributionConfigWithTags"]["DistributionConfig"]
    return [tagged, *sets_log_acl(config)]


def sets_log_acl(config: dict) -> list[Check]:
    bucket = (config.get("Logging") or {}).get("Bucket")
    if not bucket:
        return []
    resource = f"arn:aws:s3:::{bucket.split('.s3.')[0]}"
    return [Check("s3:GetBucketAcl", resource), Check("s3:PutBucketAcl", resource)]


def updates(call: Call) -> list[Check]:
    """Only if it is to log to another bucket."""
    config = call.params["DistributionConfig"]
    stored = cloudfront_backends[call.account]["aws"].distributions.get(call.params["Id"])
    logs_to = stored.distribution_config.Logging.bucket if stored else None
    return [] if (config.get("Logging") or {}).get("Bucket") in ("", None, logs_to) else sets_log_acl(config)


LINES: dict[str, Line] = {
    **on(
        nothing,
        "CreateDistributionWithTags",
        action="cloudfront:CreateDistribution",
        context=given_tags,
        also=creates,
        source=LOGGING,
    ),
    **on(by_id("distribution"), "GetDistribution DeleteDistribution"),
    **on(by_id("distribution"), "UpdateDistribution", also=updates, source=LOGGING),
    **on(named, "ListTagsForResource"),
    **on(named, "TagResource UntagResource", context=given_tags),
    **on(nothing, "CreateOriginAccessControl CreateResponseHeadersPolicy"),
    **on(by_id("origin-access-control"), "GetOriginAccessControl UpdateOriginAccessControl DeleteOriginAccessControl"),
    **on(
        by_id("response-headers-policy"),
        "GetResponseHeadersPolicy UpdateResponseHeadersPolicy DeleteResponseHeadersPolicy",
    ),
    **on(nothing, " ".join(f"{verb}{noun}" for noun in UNNAMED for verb in ("Create", "Get", "Update", "Delete"))),
}
