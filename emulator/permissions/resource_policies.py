"""The policy of an ARN's resource, or None if there is none."""

from moto.awslambda.models import lambda_backends
from moto.dynamodb.models import dynamodb_backends
from moto.kms.models import kms_backends
from moto.s3.models import s3_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends

from permissions.checks import read_policy


def resource_policy(arn: str, account: str) -> dict | None:
    parts = arn.split(":", 5)
    if len(parts) < 6:
        return None
    _, _, service, region, _, name = parts
    find = FINDERS.get(service)
    found = find(owner_of(arn, account), region, name, arn) if find else None
    if isinstance(found, bytes):
        found = found.decode()
    document = read_policy(found) if isinstance(found, str) and found else found
    return document or None


def owner_of(arn: str, default: str) -> str:
    """A resource's account: a bucket's ARN does not have it."""
    parts = arn.split(":", 5)
    if len(parts) == 6 and parts[2] == "s3":
        return s3_backends.bucket_accounts.get(parts[5].split("/", 1)[0], (None, default))[1]
    return parts[4] if len(parts) == 6 and parts[4].isdigit() else default


def account_decides(account: str) -> dict:
    """KMS' default key policy: the account's own policies decide."""
    root = {"AWS": f"arn:aws:iam::{account}:root"}
    statement = {"Effect": "Allow", "Principal": root, "Action": "kms:*", "Resource": "*"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _bucket(account: str, _region: str, name: str, _arn: str):
    bucket = s3_backends[account]["aws"].buckets.get(name.split("/", 1)[0])
    return bucket.policy if bucket else None


def _key(account: str, region: str, name: str, _arn: str):
    if name == "key/new":
        # The tagging of a key during its creation is decided by the account, whatever the key's policy.
        return account_decides(account)
    key = kms_backends[account][region].keys.get(name.removeprefix("key/"))
    return key.policy if key else None


def _queue(account: str, region: str, name: str, _arn: str):
    queue = sqs_backends[account][region].queues.get(name)
    return queue.policy if queue else None


def _topic(account: str, region: str, _name: str, arn: str):
    # A subscription's ARN is its topic's and an id.
    topic = sns_backends[account][region].topics.get(":".join(arn.split(":")[:6]))
    return topic.policy if topic else None


def _function(account: str, region: str, name: str, arn: str):
    if not name.startswith("function:"):
        return None
    # For any called version: the policy is the function's.
    named = lambda_backends[account][region]._lambdas._functions.get(name.split(":")[1])
    statements = named["latest"].policy.statements if named else []
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def _secret(account: str, region: str, _name: str, arn: str):
    secret = secretsmanager_backends[account][region].secrets.get(arn)
    return getattr(secret, "policy", None)


def _table(account: str, region: str, _name: str, arn: str):
    found = dynamodb_backends[account][region].resource_policies.get(arn)
    return found.policy_doc if found else None


FINDERS = {
    "s3": _bucket,
    "kms": _key,
    "sqs": _queue,
    "sns": _topic,
    "lambda": _function,
    "secretsmanager": _secret,
    "dynamodb": _table,
}
