"""Amazon S3."""

from urllib.parse import parse_qs, unquote

from moto.s3.models import FakeKey, s3_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import DECRYPT, ENCRYPT, through
from permissions.lines import Handover, Line, nothing, on

# Headers that are condition keys by the same name, for actions that write objects.
CONDITION_HEADERS = (
    "x-amz-acl",
    "x-amz-copy-source",
    "x-amz-metadata-directive",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-storage-class",
    "if-none-match",
    "if-match",
)


def bucket(call: Call) -> str:
    return f"arn:aws:s3:::{call.params['Bucket']}"


def an_object(call: Call) -> str:
    return f"{bucket(call)}/{call.params['Key']}"


def header_context(call: Call) -> Context:
    context = {f"s3:{name}": [call.headers[name]] for name in CONDITION_HEADERS if name in call.headers}
    tags = parse_qs(call.headers.get("x-amz-tagging", ""), keep_blank_values=True)
    return context | {f"s3:RequestObjectTag/{key}": values for key, values in tags.items()}


def listing(call: Call) -> Context:
    names = {"prefix": "s3:prefix", "delimiter": "s3:delimiter", "max-keys": "s3:max-keys"}
    return {key: [call.params.get(name, "")] for name, key in names.items() if name in call.params or name == "prefix"}


def version(call: Call) -> Context:
    return {"s3:versionid": [call.params["versionId"]]} if "versionId" in call.params else {}


def stored_bucket(call: Call, name: str | None = None):
    return s3_backends[call.account]["aws"].buckets.get(name or call.params["Bucket"])


def stored_object(call: Call, name: str | None = None, key: str | None = None):
    """The version that a request reads: the newest, or the one that it names; None if it was deleted."""
    found = stored_bucket(call, name)
    versions = found.keys.getlist(key or call.params["Key"], default=[]) if found else []
    wanted = call.params.get("versionId") if key is None else None
    read = [one for one in versions if wanted in (None, str(one.version_id))][-1:]
    return read[0] if read and isinstance(read[0], FakeKey) else None


def default_key(call: Call, name: str | None = None) -> tuple[str | None, bool]:
    """The key that a bucket encrypts with by default, and whether it is a bucket key."""
    found = stored_bucket(call, name)
    rule = (found.encryption or {}).get("Rule", {}) if found else {}
    default = rule.get("ApplyServerSideEncryptionByDefault", {})
    key = default.get("KMSMasterKeyID") if default.get("SSEAlgorithm") == "aws:kms" else None
    return key, str(rule.get("BucketKeyEnabled", "")).lower() == "true"


def key_checks(call: Call, actions: tuple[str, ...], key: str | None, name: str, object_key: str) -> list[Check]:
    """The encryption context is the object, or with a bucket key the bucket ("Using SSE-KMS", S3 user guide)."""
    arn = f"arn:aws:s3:::{name}"
    _, by_bucket = default_key(call, name)
    return through(call, key, actions, "s3", {"aws:s3:arn": arn if by_bucket else f"{arn}/{object_key}"})


def reads(call: Call, name: str | None = None, object_key: str | None = None) -> list[Check]:
    name, object_key = name or call.params["Bucket"], object_key or call.params["Key"]
    found = stored_object(call, name, object_key)
    if found is None:
        # A caller that may not list gets 403, not 404 ("GetObject", S3 API reference).
        return [Check("s3:ListBucket", f"arn:aws:s3:::{name}")] if stored_bucket(call, name) else []
    key = found.kms_key_id or default_key(call, name)[0]
    encrypted = found.encryption in ("aws:kms", None)
    return key_checks(call, DECRYPT, key, name, object_key) if encrypted else []


def writing_key(call: Call) -> str | None:
    algorithm = call.headers.get("x-amz-server-side-encryption")
    named = call.headers.get("x-amz-server-side-encryption-aws-kms-key-id")
    if algorithm == "aws:kms":
        # Without a key's name it is AWS's own, whatever the bucket's default is ("PutObject", S3 API reference).
        return named or "alias/aws/s3"
    return None if algorithm else named or default_key(call)[0]


def writes(call: Call) -> list[Check]:
    """PutObject needs only the right to make data keys ("Protecting data with SSE-KMS", S3 user guide)."""
    checks = key_checks(call, ENCRYPT[:1], writing_key(call), call.params["Bucket"], call.params["Key"])
    if "x-amz-tagging" in call.headers:
        checks.append(Check("s3:PutObjectTagging", an_object(call), header_context(call)))
    if "x-amz-acl" in call.headers:
        checks.append(Check("s3:PutObjectAcl", an_object(call), header_context(call)))
    return checks


def writes_parts(call: Call) -> list[Check]:
    """Parts are decrypted again when they are put together ("Multipart upload API and permissions")."""
    return key_checks(call, ENCRYPT, writing_key(call), call.params["Bucket"], call.params["Key"])


def copies(call: Call) -> list[Check]:
    path, _, query = call.headers["x-amz-copy-source"].partition("?")
    name, _, key = unquote(path).lstrip("/").partition("/")
    action = "s3:GetObjectVersion" if query else "s3:GetObject"
    source = Check(action, f"arn:aws:s3:::{name}/{key}")
    return [source, *reads(call, name, key), *writes(call)]


def by_version(noun: str, verb: str):
    """Calls on a version of an object are separate actions: GetObject, GetObjectVersion."""
    return lambda call: f"s3:{verb}ObjectVersion{noun}" if "versionId" in call.params else f"s3:{verb}Object{noun}"


def deleted(call: Call) -> list[str]:
    return [f"{bucket(call)}/{item['Key']}" for item in call.params["Objects"] if "VersionId" not in item]


def deleted_versions(call: Call) -> list[Check]:
    versions = [item for item in call.params["Objects"] if "VersionId" in item]
    return [Check("s3:DeleteObjectVersion", f"{bucket(call)}/{item['Key']}") for item in versions]


def on_bucket(action: str, operations: str) -> dict[str, Line]:
    return on(bucket, operations, action=f"s3:{action}")


def creates(call: Call) -> list[Check]:
    ownership = "x-amz-object-ownership" in call.headers
    return [Check("s3:PutBucketOwnershipControls", bucket(call))] if ownership else []


def delivers_logs(call: Call) -> list[Handover]:
    """ "Permissions for log delivery", S3 user guide."""
    target, prefix = call.params.get("TargetBucket"), call.params.get("TargetPrefix") or ""
    if not target:
        return []
    source = {"aws:SourceArn": [bucket(call)], "aws:SourceAccount": [call.account]}
    check = Check("s3:PutObject", f"arn:aws:s3:::{target}/{prefix}any", source)
    return [Handover(None, "logging.s3.amazonaws.com", tries=(check,))]


LINES: dict[str, Line] = {
    **on(nothing, "ListBuckets", action="s3:ListAllMyBuckets"),
    **on(bucket, "CreateBucket", context=header_context, also=creates),
    **on(
        bucket,
        "DeleteBucket DeleteBucketPolicy GetBucketAcl GetBucketLocation GetBucketLogging GetBucketOwnershipControls "
        "GetBucketPolicy GetBucketPolicyStatus GetBucketRequestPayment GetBucketTagging GetBucketVersioning "
        "GetBucketWebsite PutBucketAcl PutBucketOwnershipControls PutBucketPolicy PutBucketTagging PutBucketVersioning",
    ),
    **on(bucket, "PutBucketLogging", handovers=delivers_logs),
    # Where action and operation differ: "Required permissions for Amazon S3 API operations", S3 user guide.
    **on_bucket("ListBucket", "HeadBucket"),
    **on(bucket, "ListObjects ListObjectsV2", action="s3:ListBucket", context=listing),
    **on(bucket, "ListObjectVersions", action="s3:ListBucketVersions", context=listing),
    **on(bucket, "ListMultipartUploads", action="s3:ListBucketMultipartUploads"),
    **on_bucket("PutBucketTagging", "DeleteBucketTagging"),
    **on_bucket("GetBucketCORS", "GetBucketCors"),
    **on_bucket("PutBucketCORS", "PutBucketCors DeleteBucketCors"),
    **on_bucket("GetBucketNotification", "GetBucketNotificationConfiguration"),
    **on_bucket("PutBucketNotification", "PutBucketNotificationConfiguration"),
    **on_bucket("GetLifecycleConfiguration", "GetBucketLifecycleConfiguration"),
    **on_bucket("PutLifecycleConfiguration", "PutBucketLifecycleConfiguration DeleteBucketLifecycle"),
    **on_bucket("GetEncryptionConfiguration", "GetBucketEncryption"),
    **on_bucket("PutEncryptionConfiguration", "PutBucketEncryption DeleteBucketEncryption"),
    **on_bucket("GetBucketPublicAccessBlock", "GetPublicAccessBlock"),
    **on_bucket("PutBucketPublicAccessBlock", "PutPublicAccessBlock DeletePublicAccessBlock"),
    **on_bucket("PutBucketOwnershipControls", "DeleteBucketOwnershipControls"),
    **on_bucket("GetReplicationConfiguration", "GetBucketReplication"),
    **on_bucket("GetAccelerateConfiguration", "GetBucketAccelerateConfiguration"),
    **on_bucket("GetBucketObjectLockConfiguration", "GetObjectLockConfiguration"),
    **on(an_object, "GetObject HeadObject", action=by_version("", "Get"), context=version, also=reads),
    **on(an_object, "GetObjectTagging", action=by_version("Tagging", "Get"), context=version),
    **on(an_object, "PutObjectTagging", action=by_version("Tagging", "Put"), context=version),
    **on(an_object, "DeleteObjectTagging", action=by_version("Tagging", "Delete"), context=version),
    **on(an_object, "GetObjectAcl", action=by_version("Acl", "Get"), context=version),
    **on(an_object, "PutObjectAcl", action=by_version("Acl", "Put"), context=header_context),
    **on(an_object, "PutObject", context=header_context, also=writes),
    **on(an_object, "CopyObject", action="s3:PutObject", context=header_context, also=copies),
    **on(an_object, "CreateMultipartUpload", action="s3:PutObject", context=header_context, also=writes),
    **on(an_object, "UploadPart CompleteMultipartUpload", action="s3:PutObject", also=writes_parts),
    **on(an_object, "UploadPartCopy", action="s3:PutObject", also=copies),
    **on(an_object, "AbortMultipartUpload"),
    **on(an_object, "ListParts", action="s3:ListMultipartUploadParts"),
    **on(an_object, "DeleteObject", action=by_version("", "Delete"), context=version),
    **on(deleted, "DeleteObjects", action="s3:DeleteObject", also=deleted_versions),
}
