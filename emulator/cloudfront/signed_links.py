"""The check of signed links ("Use signed URLs", CloudFront developer guide), and CloudFront's refusals."""

import base64
import fnmatch
import ipaddress
import json
import re
from urllib.parse import parse_qs

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1, SHA256
from cryptography.hazmat.primitives.serialization import load_pem_public_key

OWN = ("Policy", "Expires", "Signature", "Key-Pair-Id", "Hash-Algorithm")
HASHES = {"SHA1": SHA1, "SHA256": SHA256}


class Forbidden(Exception):
    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code = code


DENIED = ("AccessDenied", "Access denied")


def check_link(keys: dict[str, str], address: str, query: str, caller: str, now: float) -> None:
    """
    :param keys: id of each trusted key, and its PEM
    :param address: without its query, for example `https://d111111abcdef8.cloudfront.net/index.html`
    :raises Forbidden:
    """
    given = {name: values[0] for name, values in parse_qs(query).items()}
    if "Key-Pair-Id" not in given:
        raise Forbidden("MissingKey", "Missing Key-Pair-Id query parameter or cookie value")
    if given["Key-Pair-Id"] not in keys:
        raise Forbidden("InvalidKey", "Unknown Key")
    if "Signature" not in given or ("Policy" in given) == ("Expires" in given):
        raise Forbidden(*DENIED)
    url = with_query(address, query)
    policy = decode(given["Policy"]) if "Policy" in given else canned_policy(url, given["Expires"])
    verify(keys[given["Key-Pair-Id"]], decode(given["Signature"]), policy, given.get("Hash-Algorithm", "SHA1"))
    if not permits(policy, url, caller, now):
        raise Forbidden(*DENIED)


def with_query(address: str, query: str) -> str:
    """The requested address, without CloudFront's own parameters."""
    others = [part for part in query.split("&") if part and part.split("=")[0] not in OWN]
    return f"{address}?{'&'.join(others)}" if others else address


def canned_policy(url: str, expires: str) -> bytes:
    if not re.fullmatch(r"\d{1,10}", expires):
        raise Forbidden(*DENIED)
    condition = {"DateLessThan": {"AWS:EpochTime": int(expires)}}
    return json.dumps({"Statement": [{"Resource": url, "Condition": condition}]}, separators=(",", ":")).encode()


def verify(pem: str, signature: bytes, policy: bytes, algorithm: str) -> None:
    if algorithm not in HASHES:
        raise Forbidden(*DENIED)
    try:
        load_pem_public_key(pem.encode()).verify(signature, policy, PKCS1v15(), HASHES[algorithm]())
    except InvalidSignature:
        raise Forbidden(*DENIED) from None


def permits(policy: bytes, url: str, caller: str, now: float) -> bool:
    """A signed policy: one statement, all of whose conditions must hold; it must have an end."""
    try:
        [statement] = json.loads(policy)["Statement"]
        conditions = statement["Condition"]
        ends = conditions["DateLessThan"]["AWS:EpochTime"]
        begins = conditions.get("DateGreaterThan", {}).get("AWS:EpochTime", 0)
        network = conditions.get("IpAddress", {}).get("AWS:SourceIp", "0.0.0.0/0")
        inside = ipaddress.ip_address(caller) in ipaddress.ip_network(network, strict=False)
        return matches(statement["Resource"], url) and begins <= now < ends and inside
    except (ValueError, KeyError, TypeError, AttributeError):
        return False


def matches(pattern: str, url: str) -> bool:
    """Only `*` and `?` are wildcards."""
    return fnmatch.fnmatchcase(url, pattern.replace("[", "[[]"))


def decode(text: str) -> bytes:
    plain = text.replace("-", "+").replace("_", "=").replace("~", "/")
    try:
        return base64.b64decode(plain, validate=True)
    except ValueError:
        raise Forbidden(*DENIED) from None
