"""Amazon RDS."""

from moto.rds.models import rds_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import is_ours, key_arn, via
from permissions.lines import Handover, Line, nothing, on, tagging

WITHOUT_NAME = (
    "Without an identifier, and by a filter such as dbi-resource-id, against db:* "
    "(terraform-provider-aws#35737, LeanerCloud/CUDly#1698)"
)
TAG = "rds:AddTagsToResource"
# "Permissions required for Secrets Manager integration", RDS user guide.
SECRET_ACTIONS = ("secretsmanager:CreateSecret", "secretsmanager:TagResource")


def of(kind: str, parameter: str):
    """A resource by its name; all of them if none is named, which only a grant for all matches."""
    return lambda call: call.arn("rds", f"{kind}:{(call.params.get(parameter) or '*').split(':')[-1]}")


db = of("db", "DBInstanceIdentifier")
subnet_group = of("subgrp", "DBSubnetGroupName")
parameter_group = of("pg", "DBParameterGroupName")
snapshot = of("snapshot", "DBSnapshotIdentifier")


def creates(call: Call) -> list[str]:
    """The instance and its parts, including defaults ("Identity-based policy examples for Amazon RDS")."""
    engine, version = call.params["Engine"], str(call.params.get("EngineVersion") or "15").split(".")[0]
    groups = {
        "subgrp": call.params.get("DBSubnetGroupName") or "default",
        "pg": call.params.get("DBParameterGroupName") or f"default.{engine}{version}",
        "og": call.params.get("OptionGroupName") or f"default:{engine}-{version}",
    }
    return [db(call), *(call.arn("rds", f"{kind}:{name}") for kind, name in groups.items())]


def modifies(call: Call) -> list[str]:
    named = {"pg": call.params.get("DBParameterGroupName"), "subgrp": call.params.get("DBSubnetGroupName")}
    return [db(call), *(call.arn("rds", f"{kind}:{name}") for kind, name in named.items() if name)]


def manages_password(call: Call) -> Context:
    given = call.params.get("ManageMasterUserPassword")
    public = call.params.get("PubliclyAccessible")
    context = {} if given is None else {"rds:ManageMasterUserPassword": [str(given).lower()]}
    return context | ({} if public is None else {"rds:PubliclyAccessible": [str(public).lower()]})


def sets_up(call: Call) -> list[Check]:
    checks = tagging(TAG, db)(call)
    role = call.params.get("MonitoringRoleArn")
    if role:
        checks.append(Check("iam:PassRole", role, {"iam:PassedToService": ["monitoring.rds.amazonaws.com"]}))
    checks += keeps_password(call)
    for parameter in ("KmsKeyId", "PerformanceInsightsKMSKeyId"):
        checks += uses_key(call, call.params.get(parameter), "rds", KEY_ACTIONS)
    return checks


def keeps_password(call: Call) -> list[Check]:
    if not call.params.get("ManageMasterUserPassword"):
        return []
    arn = call.arn("secretsmanager", "secret:rds!db-new")
    key = uses_key(call, call.params.get("MasterUserSecretKmsKeyId"), "secretsmanager", SECRET_KEY_ACTIONS)
    return [*(Check(action, arn, forwarded=True) for action in SECRET_ACTIONS), *key]


# "AWS KMS key management", RDS user guide: the caller that names the key grants its use to RDS.
KEY_ACTIONS = ("kms:DescribeKey", "kms:CreateGrant")
SECRET_KEY_ACTIONS = ("kms:DescribeKey", "kms:Decrypt", "kms:GenerateDataKey")


def uses_key(call: Call, key: str | None, service: str, actions: tuple[str, ...]) -> list[Check]:
    if not is_ours(key):
        return []
    context = via(call, service) | {"kms:GrantIsForAWSResource": ["true"]}
    return [Check(action, key_arn(call, key), context, forwarded=True) for action in actions]


def monitors(call: Call) -> list[Handover]:
    """Enhanced monitoring's calls with its role ("Turning Enhanced Monitoring on and off", RDS user guide)."""
    role = call.params.get("MonitoringRoleArn")
    if not role:
        return []
    source = {"aws:SourceAccount": [call.account], "aws:SourceArn": [db(call)]}
    stream = call.arn("logs", "log-group:RDSOSMetrics:log-stream:any")
    tries = tuple(Check(f"logs:{name}", stream) for name in ("CreateLogStream", "PutLogEvents"))
    return [Handover(role, "monitoring.rds.amazonaws.com", source, tries)]


def restores(call: Call) -> list[str]:
    """The new instance, its origin, and its parts, as the reference lists them for both ways."""
    target = call.params.get("TargetDBInstanceIdentifier") or call.params.get("DBInstanceIdentifier")
    named = {
        "pg": call.params.get("DBParameterGroupName"),
        "subgrp": call.params.get("DBSubnetGroupName"),
        "snapshot": call.params.get("DBSnapshotIdentifier"),
        "db": call.params.get("SourceDBInstanceIdentifier"),
    }
    return [
        call.arn("rds", f"db:{target}"),
        *(call.arn("rds", f"{kind}:{name}") for kind, name in named.items() if name),
    ]


def sets_up_restored(call: Call) -> list[Check]:
    """Its tags, its password's secret, and the key of its origin ("AWS KMS key management", RDS user guide)."""
    target = call.params.get("TargetDBInstanceIdentifier") or call.params.get("DBInstanceIdentifier")
    backend = rds_backends[call.account][call.region]
    source = backend.databases.get(
        call.params.get("SourceDBInstanceIdentifier") or ""
    ) or backend.database_snapshots.get(call.params.get("DBSnapshotIdentifier") or "")
    key = getattr(source, "kms_key_id", None)
    named = key if key and key.startswith("arn:") else None
    tags = tagging(TAG, lambda each: each.arn("rds", f"db:{target}"))(call)
    return [*tags, *keeps_password(call), *uses_key(call, named, "rds", KEY_ACTIONS)]


LINES: dict[str, Line] = {
    **on(
        restores,
        "RestoreDBInstanceToPointInTime RestoreDBInstanceFromDBSnapshot",
        context=manages_password,
        also=sets_up_restored,
    ),
    **on(nothing, "DescribeDBEngineVersions DescribeOrderableDBInstanceOptions DescribeCertificates DescribeEvents"),
    **on(creates, "CreateDBInstance", context=manages_password, also=sets_up, handovers=monitors),
    **on(modifies, "ModifyDBInstance", context=manages_password, also=sets_up, handovers=monitors),
    **on(db, "DescribeDBInstances", source=WITHOUT_NAME),
    **on(db, "DeleteDBInstance RebootDBInstance StartDBInstance StopDBInstance DescribeDBLogFiles"),
    **on(subnet_group, "CreateDBSubnetGroup", also=tagging(TAG, subnet_group)),
    **on(subnet_group, "DeleteDBSubnetGroup DescribeDBSubnetGroups ModifyDBSubnetGroup", source=WITHOUT_NAME),
    **on(parameter_group, "CreateDBParameterGroup", also=tagging(TAG, parameter_group)),
    **on(
        parameter_group,
        "DeleteDBParameterGroup DescribeDBParameterGroups DescribeDBParameters ModifyDBParameterGroup "
        "ResetDBParameterGroup",
        source=WITHOUT_NAME,
    ),
    **on(lambda call: [db(call), snapshot(call)], "CreateDBSnapshot", also=tagging(TAG, snapshot)),
    **on(snapshot, "DescribeDBSnapshots DeleteDBSnapshot", source=WITHOUT_NAME),
    **on(lambda call: call.params["ResourceName"], "AddTagsToResource ListTagsForResource RemoveTagsFromResource"),
}
