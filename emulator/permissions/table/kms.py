"""AWS Key Management Service."""

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import encryption_context, key_arn
from permissions.lines import Line, nothing, on, tagging


def key(call: Call) -> str:
    return key_arn(call, call.params["KeyId"])


def alias(call: Call) -> str:
    return call.arn("kms", call.params["AliasName"])


def target(call: Call) -> list[Check]:
    """Actions on aliases are checked against the alias and against its key."""
    return [Check(f"kms:{call.operation}", key_arn(call, call.params["TargetKeyId"]))]


def old_target(call: Call) -> list[Check]:
    arn = key_arn(call, call.params["AliasName"])
    return [Check(f"kms:{call.operation}", arn)] if ":key/" in arn else []


def created(call: Call) -> Context:
    return {
        "kms:KeySpec": [call.params.get("KeySpec") or "SYMMETRIC_DEFAULT"],
        "kms:KeyUsage": [call.params.get("KeyUsage") or "ENCRYPT_DECRYPT"],
        "kms:BypassPolicyLockoutSafetyCheck": [str(bool(call.params.get("BypassPolicyLockoutSafetyCheck"))).lower()],
        "kms:MultiRegion": [str(bool(call.params.get("MultiRegion"))).lower()],
    }


def tags_new_key(call: Call) -> list[Check]:
    """A key created with tags is tagged in the same call ("CreateKey", KMS API reference)."""
    return tagging("kms:TagResource", lambda made: made.arn("kms", "key/new"))(call)


def deletion(call: Call) -> Context:
    return {"kms:ScheduleKeyDeletionPendingWindowInDays": [str(call.params.get("PendingWindowInDays") or 30)]}


def encryption(call: Call) -> Context:
    return encryption_context(call.params.get("EncryptionContext") or {})


LINES: dict[str, Line] = {
    **on(nothing, "CreateKey", context=created, also=tags_new_key),
    **on(nothing, "ListKeys ListAliases"),
    **on(alias, "CreateAlias", also=target),
    **on(alias, "UpdateAlias", also=lambda call: [*target(call), *old_target(call)]),
    **on(alias, "DeleteAlias", also=old_target),
    **on(
        key,
        "CancelKeyDeletion DescribeKey DisableKey DisableKeyRotation EnableKey EnableKeyRotation GetKeyPolicy "
        "GetKeyRotationStatus ListGrants ListKeyPolicies ListResourceTags PutKeyPolicy TagResource UntagResource "
        "UpdateKeyDescription CreateGrant RevokeGrant RetireGrant",
    ),
    **on(key, "ScheduleKeyDeletion", context=deletion),
    **on(key, "Decrypt Encrypt GenerateDataKey GenerateDataKeyWithoutPlaintext", context=encryption),
}
