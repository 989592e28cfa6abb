"""The edge: answers for `<distribution>.cloudfront.net`, the Host of a request, with objects of a bucket.

It speaks HTTP, like the whole emulator; requests count as HTTPS, for which the links are signed.
"""

import dataclasses
import time
from urllib.parse import quote, unquote

from moto.cloudfront.models import CloudFrontBackend, Distribution, cloudfront_backends
from moto.core import DEFAULT_ACCOUNT_ID
from moto.moto_server.werkzeug_app import DomainDispatcherApplication
from permissions.calls import Call, raw_path
from permissions.checks import Check, Context
from permissions.table import s3
from werkzeug.wrappers import Request, Response

from cloudfront.response_headers import response_headers
from cloudfront.signed_links import DENIED, Forbidden, check_link

SERVICE = "cloudfront.amazonaws.com"
DOMAIN = ".cloudfront.net"


def install(permissions) -> None:
    let_in = DomainDispatcherApplication.__call__

    def __call__(self, environ, start_response):
        host = environ.get("HTTP_HOST", "").split(":")[0]
        if not host.endswith(DOMAIN):
            return let_in(self, environ, start_response)
        return answer(permissions, host, environ)(environ, start_response)

    DomainDispatcherApplication.__call__ = __call__


def answer(permissions, host: str, environ: dict) -> Response:
    backend = cloudfront_backends[DEFAULT_ACCOUNT_ID]["aws"]
    distribution = next((one for one in backend.distributions.values() if one.domain_name == host), None)
    if distribution is None:
        return refusal(Forbidden("AccessDenied", "The request could not be satisfied."))
    headers = response_headers(backend, distribution)
    try:
        found = open_object(permissions, backend, distribution, environ)
    except Forbidden as forbidden:
        refused = refusal(forbidden)
        refused.headers.update(headers)
        return refused
    return Response(found.value, content_type=found.metadata.get("Content-Type"), headers=headers)


def open_object(permissions, backend: CloudFrontBackend, distribution: Distribution, environ: dict):
    """@raises Forbidden"""
    request, path = Request(environ), raw_path(environ)
    config = distribution.distribution_config
    behaviour = config.DefaultCacheBehavior
    if not is_true(config.Enabled) or request.method not in behaviour.allowed_methods.items:
        raise Forbidden(*DENIED)
    address = f"https://{distribution.domain_name}{path}"
    keys = trusted_keys(backend, behaviour)
    if keys is not None:
        check_link(keys, address, environ["QUERY_STRING"], request.remote_addr or "", time.time())
    return read(permissions, backend, distribution, unquote(path).lstrip("/"))


def trusted_keys(backend: CloudFrontBackend, behaviour) -> dict[str, str] | None:
    """None if everybody has access."""
    groups = behaviour.trusted_key_groups.items
    if not groups:
        return None
    ids = [key for group in groups for key in backend.get_key_group(group_id=group).items]
    return {key: backend.get_public_key(key_id=key).encoded_key for key in ids}


def read(permissions, backend: CloudFrontBackend, distribution: Distribution, key: str):
    """Reads from the bucket, in CloudFront's name if the origin has a signing access control; else anonymously."""
    [origin] = distribution.distribution_config.Origins["Items"]
    control = backend.origin_access_controls.get(origin.origin_access_control_id)
    if control is None or control.signing_behavior != "always":
        raise Forbidden(*DENIED)
    bucket, _, rest = origin.domain_name.partition(".s3.")
    call = Call("s3", rest.split(".")[0], "GetObject", "rest-xml", {"Bucket": bucket, "Key": key})
    source: Context = {"aws:SourceArn": [distribution.arn], "aws:SourceAccount": [call.account]}
    asked = [Check("s3:GetObject", f"arn:aws:s3:::{bucket}/{quote(key)}"), *s3.reads(call)]
    checks = [dataclasses.replace(check, context={**check.context, **source}) for check in asked]
    found = s3.stored_object(call)
    # A caller that may not list does not learn whether it exists.
    if not permissions.may(None, SERVICE, *checks) or found is None:
        raise Forbidden(*DENIED)
    return found


def is_true(value) -> bool:
    return str(value).lower() == "true"


def refusal(forbidden: Forbidden) -> Response:
    body = f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{forbidden.code}</Code><Message>{forbidden}</Message></Error>'
    return Response(body, status=403, content_type="text/xml")
