"""AWS Secrets Manager."""

from moto.secretsmanager.models import secretsmanager_backends

from permissions.calls import Call
from permissions.checks import Check, Context
from permissions.keys import DECRYPT, ENCRYPT, through
from permissions.lines import Line, nothing, on, tagging


def stored(call: Call):
    return secretsmanager_backends[call.account][call.region].secrets.get(call.params["SecretId"])


def secret(call: Call) -> str:
    """By its whole ARN, which ends with six characters that its name does not have."""
    found = stored(call)
    named = call.params["SecretId"]
    return found.arn if found else named if named.startswith("arn:") else call.arn("secretsmanager", f"secret:{named}")


def new_secret(call: Call) -> str:
    return call.arn("secretsmanager", f"secret:{call.params['Name']}-??????".replace("?", "x"))


def uses_key(actions: tuple[str, ...]):
    """In the caller's name ("Secret encryption and decryption", Secrets Manager user guide)."""

    def checks(call: Call) -> list[Check]:
        found = stored(call)
        key = found.kms_key_id if found else None
        return through(call, key, actions, "secretsmanager", {"SecretARN": found.arn if found else ""})

    return checks


def creates(call: Call) -> list[Check]:
    tags = tagging("secretsmanager:TagResource", new_secret)(call)
    return tags + through(call, call.params.get("KmsKeyId"), ENCRYPT, "secretsmanager", {"SecretARN": new_secret(call)})


def named(call: Call) -> Context:
    return {"secretsmanager:SecretId": [call.params["SecretId"]]}


LINES: dict[str, Line] = {
    **on(nothing, "ListSecrets GetRandomPassword"),
    **on(new_secret, "CreateSecret", context=lambda call: {"secretsmanager:Name": [call.params["Name"]]}, also=creates),
    **on(secret, "GetSecretValue", context=named, also=uses_key(DECRYPT)),
    **on(secret, "PutSecretValue UpdateSecret", context=named, also=uses_key(ENCRYPT)),
    **on(
        secret,
        "CancelRotateSecret DeleteResourcePolicy DeleteSecret DescribeSecret GetResourcePolicy ListSecretVersionIds "
        "PutResourcePolicy RestoreSecret RotateSecret TagResource UntagResource UpdateSecretVersionStage",
        context=named,
    ),
}
