"""The tags of an ARN's resource, from moto."""

from collections.abc import Callable

from moto.awslambda.models import lambda_backends
from moto.cloudfront.models import cloudfront_backends
from moto.cloudwatch.models import cloudwatch_backends
from moto.dynamodb.models import dynamodb_backends
from moto.ec2.models import ec2_backends
from moto.events.models import events_backends
from moto.iam.models import iam_backends
from moto.kms.models import kms_backends
from moto.logs.models import logs_backends
from moto.rds.models import rds_backends
from moto.s3.models import s3_backends
from moto.scheduler.models import scheduler_backends
from moto.secretsmanager.models import secretsmanager_backends
from moto.sns.models import sns_backends
from moto.sqs.models import sqs_backends
from moto.stepfunctions.models import stepfunctions_backends

from permissions.roles import tags_of

Tags = dict[str, str]


def resource_tags(arn: str, account: str) -> Tags:
    parts = arn.split(":", 5)
    find = FINDERS.get(parts[2]) if len(parts) == 6 else None
    if find is None:
        return {}
    try:
        return dict(find(parts[4] or account, parts[3], parts[5], arn) or {})
    except Exception:  # A missing resource has no tags; each of moto's services reports that in its own way.
        return {}


def as_dict(tags, key: str = "Key", value: str = "Value") -> Tags:
    return {tag[key]: tag[value] for tag in tags or []}


def tagger_of(backends, by: Callable[[str, str], str] = lambda name, arn: arn):
    return lambda account, region, name, arn: backends[account][region].tagger.get_tag_dict_for_resource(by(name, arn))


def _role_or_policy(account: str, _region: str, name: str, arn: str):
    backend = iam_backends[account]["aws"]
    kind, _, _ = name.partition("/")
    if kind == "role":
        found = next(role for role in list(backend.roles.values()) if role.arn == arn)
        return tags_of(found)
    if kind == "policy":
        return as_dict(backend.managed_policies[arn].get_tags())
    if kind == "oidc-provider":
        return as_dict(backend.open_id_providers[arn].get_tags())
    return {}


def _function(account: str, region: str, name: str, _arn: str):
    if name.startswith("event-source-mapping:"):
        return lambda_backends[account][region]._event_source_mappings[name.split(":")[1]].tags
    return lambda_backends[account][region]._lambdas._functions[name.split(":")[1]]["latest"].tags


FINDERS = {
    "cloudfront": lambda account, _region, _name, arn: cloudfront_backends[account][
        "aws"
    ].tagger.get_tag_dict_for_resource(arn),
    "cloudwatch": tagger_of(cloudwatch_backends),
    "dynamodb": lambda account, region, name, _: as_dict(
        dynamodb_backends[account][region].tables[name.split("/")[1]].tags
    ),
    "ec2": lambda account, region, name, _: ec2_backends[account][region].tags.get(name.rsplit("/", 1)[1]),
    "events": tagger_of(events_backends),
    "iam": _role_or_policy,
    "kms": lambda account, region, name, _: as_dict(
        kms_backends[account][region].list_resource_tags(name.removeprefix("key/"))["Tags"], "TagKey", "TagValue"
    ),
    "lambda": _function,
    "logs": lambda account, region, name, _: logs_backends[account][region].list_tags_log_group(name.split(":")[1]),
    "rds": lambda account, region, _, arn: as_dict(rds_backends[account][region].list_tags_for_resource(arn)),
    "s3": lambda account, _region, name, _arn: s3_backends[account]["aws"].tagger.get_tag_dict_for_resource(
        f"arn:aws:s3:::{name.split('/')[0]}"
    ),
    "scheduler": lambda account, region, name, arn: scheduler_backends[account][
        region
    ].tagger.get_tag_dict_for_resource(
        arn if name.startswith("schedule-group/") else f"{arn.rsplit(':', 1)[0]}:schedule-group/{name.split('/')[1]}"
    ),
    "secretsmanager": lambda account, region, _, arn: as_dict(
        secretsmanager_backends[account][region].secrets.get(arn).tags
    ),
    "sns": lambda account, region, _, arn: sns_backends[account][region].topics[":".join(arn.split(":")[:6])]._tags,
    "sqs": lambda account, region, name, _: sqs_backends[account][region].queues[name].tags,
    "states": tagger_of(stepfunctions_backends),
}
