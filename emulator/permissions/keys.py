"""The permissions on a customer key that a caller needs if a service encrypts or decrypts for it."""

from moto.kms.models import kms_backends

from permissions.calls import Call
from permissions.checks import Check, Context

# "Service", KMS developer guide: the calls of KMS that services make in their caller's name.
ENCRYPT = ("kms:GenerateDataKey", "kms:Decrypt")
DECRYPT = ("kms:Decrypt",)


def key_arn(call: Call, key: str) -> str:
    """Of an id, an ARN or an alias."""
    if ":alias/" in key or key.startswith("alias/"):
        backend = kms_backends[call.account][call.region]
        found = backend.get_key_id_from_alias(key[key.index("alias/") :])
        return call.arn("kms", f"key/{found}") if found else call.arn("kms", key[key.index("alias/") :])
    return key if key.startswith("arn:") else call.arn("kms", f"key/{key}")


def key_aliases(arn: str) -> Context:
    """The values for a condition on a key's aliases; none if it is not a key, or has none."""
    _, _, service, region, account, name = f"{arn}:::::".split(":", 5)
    if service != "kms":
        return {}
    key = kms_backends[account][region].keys.get(name.rstrip(":").removeprefix("key/"))
    aliases = sorted(alias.alias_name for alias in list(key.aliases.values())) if key else []
    return {"kms:ResourceAliases": aliases} if aliases else {}


def is_ours(key: str | None) -> bool:
    """AWS's own keys allow everybody in the account to use them through their service."""
    return bool(key) and "alias/aws/" not in key


def through(
    call: Call, key: str | None, actions: tuple[str, ...], service: str, encryption: dict[str, str]
) -> list[Check]:
    """Checks of the caller for a service that uses the key in the caller's name."""
    if not is_ours(key):
        return []
    context = via(call, service) | encryption_context(encryption)
    return [Check(action, key_arn(call, key), context, forwarded=True) for action in actions]


def via(call: Call, service: str) -> Context:
    return {"kms:ViaService": [f"{service}.{call.region}.amazonaws.com"], "kms:CallerAccount": [call.account]}


def encryption_context(encryption: dict[str, str]) -> Context:
    context = {f"kms:EncryptionContext:{name}": [value] for name, value in encryption.items()}
    return context | ({"kms:EncryptionContextKeys": list(encryption)} if encryption else {})


def service_key(key: str | None, resource: str, service: str, source: Context | None = None) -> list[Check]:
    """For a service that sends to an encrypted queue or topic in its own name: the key's policy must admit it.

    :param source: the source that the service reports to the key
    """
    if not is_ours(key):
        return []
    _, _, _, region, account, _ = resource.split(":", 5)
    arn = key_arn(Call(service, region, "", "json", {}, account=account), key)
    name = {"sqs": "aws:sqs:arn", "sns": "aws:sns:topicArn"}[service]
    context = {
        "kms:ViaService": [f"{service}.{region}.amazonaws.com"],
        **encryption_context({name: resource}),
        **(source or {}),
    }
    return [Check(action, arn, context, forwarded=True) for action in ENCRYPT]
