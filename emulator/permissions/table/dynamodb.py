"""Amazon DynamoDB."""

from moto.dynamodb.models import dynamodb_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import DECRYPT, is_ours, through
from permissions.lines import Line, nothing, on, tagging

# "DynamoDB encryption at rest: usage notes", DynamoDB developer guide: the permissions needed to name a key for a
# table.
CHOOSES_KEY = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:DescribeKey",
    "kms:CreateGrant",
)


def table_arn(call: Call, name: str) -> str:
    return name if name.startswith("arn:") else call.arn("dynamodb", f"table/{name}")


def table(call: Call) -> str:
    """A query of an index is checked against the index."""
    name = call.params.get("TableName") or call.params["ResourceArn"]
    index = call.params.get("IndexName")
    return f"{table_arn(call, name)}/index/{index}" if index else table_arn(call, name)


def stored(call: Call, name: str):
    return dynamodb_backends[call.account][call.region].tables.get(name.split("table/")[-1].split("/")[0])


def encryption(call: Call, name: str) -> dict[str, str]:
    return {"aws:dynamodb:tableName": name.split("table/")[-1], "aws:dynamodb:subscriberId": call.account}


def key_of(call: Call, name: str) -> str | None:
    found = stored(call, name)
    specification = (found.sse_specification or {}) if found else {}
    return specification.get("KMSMasterKeyId") if specification.get("Enabled") else None


def reads_key(call: Call) -> list[Check]:
    """DynamoDB reads the table's key in the caller's name ("Using the table key", DynamoDB developer guide)."""
    name = call.params.get("TableName")
    return through(call, key_of(call, name), DECRYPT, "dynamodb", encryption(call, name)) if name else []


def chooses_key(call: Call) -> list[Check]:
    key = (call.params.get("SSESpecification") or {}).get("KMSMasterKeyId")
    name = call.params["TableName"]
    checks = through(call, key, CHOOSES_KEY, "dynamodb", encryption(call, name))
    for check in checks:
        check.context["kms:GrantIsForAWSResource"] = ["true"]
    return checks if is_ours(key) else []


def creates(call: Call) -> list[Check]:
    return chooses_key(call) + tagging("dynamodb:TagResource", table)(call)


def keys_of_items(call: Call) -> Context:
    """dynamodb:LeadingKeys: the partition keys of a request."""
    found = stored(call, call.params["TableName"])
    if found is None:
        return {}
    items = [call.params.get("Key") or call.params.get("Item") or {}]
    values = [next(iter(item[found.hash_key_attr].values())) for item in items if found.hash_key_attr in item]
    return {"dynamodb:LeadingKeys": [str(value) for value in values]} if values else {}


def batch(call: Call) -> list[str]:
    return [table_arn(call, name) for name in call.params["RequestItems"]]


def transacted(call: Call) -> list[Check]:
    """A transaction is checked like its parts ("Managing transactions", DynamoDB developer guide)."""
    names = {"Put": "PutItem", "Update": "UpdateItem", "Delete": "DeleteItem", "ConditionCheck": "ConditionCheckItem"}
    found = []
    for item in call.params["TransactItems"]:
        kind, body = next(iter(item.items()))
        found.append(Check(f"dynamodb:{names.get(kind, 'GetItem')}", table_arn(call, body["TableName"])))
        key = key_of(call, body["TableName"])
        found += through(call, key, DECRYPT, "dynamodb", encryption(call, body["TableName"]))
    return found


LINES: dict[str, Line] = {
    **on(nothing, "ListTables DescribeLimits"),
    **on(table, "CreateTable", also=creates),
    **on(table, "UpdateTable", also=chooses_key),
    **on(
        table,
        "DeleteTable DescribeContinuousBackups DescribeContributorInsights DescribeKinesisStreamingDestination "
        "DescribeTable DescribeTimeToLive ListTagsOfResource TagResource UntagResource UpdateContinuousBackups "
        "UpdateTimeToLive GetResourcePolicy",
    ),
    **on(table, "DeleteItem GetItem PutItem UpdateItem", context=keys_of_items, also=reads_key),
    **on(table, "Query Scan", also=reads_key),
    **on(batch, "BatchGetItem BatchWriteItem"),
    **on(lambda call: [], "TransactWriteItems TransactGetItems", also=transacted),
}
