"""AssumeRoleWithWebIdentity like STS: the token's signature and claims, and the role's trust in them."""

import base64
import fnmatch
import json
import pathlib
import time

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from moto.iam.models import iam_backends

from permissions.roles import find_role, statements
from permissions.session_length import too_long

ACTION = "sts:AssumeRoleWithWebIdentity"


class WebIdentityError(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


class WebIdentities:
    def __init__(self, key_file: pathlib.Path | None):
        self._key = serialization.load_pem_public_key(key_file.read_bytes()) if key_file else None

    def check(self, params: dict) -> None:
        """@raises WebIdentityError if STS refuses the session"""
        claims = self._claims(params["WebIdentityToken"])
        issuer = claims.get("iss", "").removeprefix("https://")
        role_arn = params["RoleArn"]
        account = role_arn.split(":")[4]
        provider_arn = f"arn:aws:iam::{account}:oidc-provider/{issuer}"
        provider = iam_backends[account]["aws"].open_id_providers.get(provider_arn)
        if provider is None:
            raise WebIdentityError(
                "InvalidIdentityToken", f"No OpenIDConnect provider found in your account for https://{issuer}"
            )
        if claims.get("exp", 0) < time.time():
            raise WebIdentityError(
                "ExpiredTokenException", "Token must be redeemed within its life time; it has expired"
            )
        if claims.get("aud") not in provider.client_id_list:
            raise WebIdentityError("InvalidIdentityToken", "Incorrect token audience")
        role = find_role(role_arn)
        if role is None or not is_trusted(role.trust, provider_arn, issuer, claims):
            raise WebIdentityError("AccessDenied", f"Not authorized to perform {ACTION}")
        reason = too_long(params.get("DurationSeconds"), role.max_session_seconds)
        if reason:
            raise WebIdentityError("ValidationError", reason)

    def _claims(self, token: str) -> dict:
        try:
            head, body, signature = token.split(".")
            header = json.loads(decode(head))
            if self._key is None or header.get("alg") != "RS256":
                raise ValueError("no key, or another algorithm")
            self._key.verify(decode(signature), f"{head}.{body}".encode(), padding.PKCS1v15(), hashes.SHA256())
            return json.loads(decode(body))
        except (ValueError, InvalidSignature) as error:
            raise WebIdentityError(
                "InvalidIdentityToken", "Couldn't retrieve verification key from your identity provider"
            ) from error


def decode(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def is_trusted(trust: dict, provider_arn: str, issuer: str, claims: dict) -> bool:
    """The simulator does not know the condition keys of other identity providers."""
    matching = [
        statement["Effect"]
        for statement in statements(trust)
        if names(statement.get("Principal"), provider_arn)
        and ACTION in as_list(statement.get("Action"))
        and all(
            holds(operator, claims.get(key.removeprefix(f"{issuer}:")), as_list(expected))
            for operator, keys in statement.get("Condition", {}).items()
            for key, expected in keys.items()
        )
    ]
    return "Allow" in matching and "Deny" not in matching


def names(principal, provider_arn: str) -> bool:
    return isinstance(principal, dict) and provider_arn in as_list(principal.get("Federated"))


def holds(operator: str, value: str | None, expected: list[str]) -> bool:
    if operator == "StringEquals":
        return value in expected
    if operator == "StringLike":
        return value is not None and any(like(value, pattern) for pattern in expected)
    # If trust cannot be judged, it is refused.
    raise WebIdentityError("InternalFailure", f"The emulator does not know {operator} in the trust of a web identity")


def like(value: str, pattern: str) -> bool:
    """IAM's patterns have * and ?; brackets are themselves."""
    return fnmatch.fnmatchcase(value, pattern.replace("[", "[[]"))


def as_list(value) -> list:
    return value if isinstance(value, list) else [] if value is None else [value]
