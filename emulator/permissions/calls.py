"""A request's call: a service's operation and its parameters, read by botocore's models."""

import dataclasses
import functools
import io
import re
from urllib.parse import parse_qs, unquote

import xmltodict
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.utils import get_service_model
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Request

# Services sign with names that botocore's models do not always have.
MODELS = {"states": "stepfunctions", "monitoring": "cloudwatch"}
# S3's operations are distinguished by these parts of the query; common parts come last.
S3_DEFAULTS = {
    ("GET", "service"): "ListBuckets",
    ("GET", "bucket"): "ListObjects",
    ("HEAD", "bucket"): "HeadBucket",
    ("PUT", "bucket"): "CreateBucket",
    ("DELETE", "bucket"): "DeleteBucket",
    ("GET", "object"): "GetObject",
    ("HEAD", "object"): "HeadObject",
    ("PUT", "object"): "PutObject",
    ("DELETE", "object"): "DeleteObject",
    ("POST", "object"): "CompleteMultipartUpload",
}


@dataclasses.dataclass(frozen=True)
class Call:
    service: str
    region: str
    operation: str
    protocol: str
    params: dict
    # With names in lower case, and the query: S3's condition keys are made from them.
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    account: str = DEFAULT_ACCOUNT_ID

    def arn(self, service: str, resource: str) -> str:
        return f"arn:aws:{service}:{self.region}:{self.account}:{resource}"

    def iam(self, resource: str) -> str:
        return f"arn:aws:iam::{self.account}:{resource}"


@dataclasses.dataclass(frozen=True)
class Signature:
    """A request's signature, in a header or, presigned, in its address."""

    access_key: str
    token: str | None
    region: str
    service: str


def signature_of(request: Request) -> Signature | None:
    header = re.search(r"Credential=([^,\s]+)", request.headers.get("Authorization", ""))
    scope = header[1] if header else request.args.get("X-Amz-Credential")
    if scope is None or scope.count("/") < 4:
        return None
    access_key, _, region, service, _ = scope.rsplit("/", 4)
    token = request.headers.get("X-Amz-Security-Token") or request.args.get("X-Amz-Security-Token")
    return Signature(access_key, token, region, {"eventbridge": "events"}.get(service, service))


def read_call(environ: dict, request: Request, signature: Signature) -> Call | None:
    """None if the service has no such operation."""
    service, region = signature.service, signature.region
    if service == "s3":
        return s3_call(environ, request, region)
    body = read_body(environ)
    model = get_service_model(MODELS.get(service, service))
    path = raw_path(environ)
    target = request.headers.get("X-Amz-Target")
    form = MultiDict(
        (key, value) for key, values in parse_qs(body.decode("utf-8", "replace")).items() for value in values
    )
    url_params: dict[str, str] = {}
    if target:
        operation, protocol = target.rsplit(".", 1)[1], "json"
    elif "/operation/" in path:
        return Call(service, region, path.rsplit("/", 1)[1], "cbor", {})
    elif model.protocol in ("rest-json", "rest-xml"):
        found = match_path(MODELS.get(service, service), request.method, path, request.args)
        if found is None:
            return None
        (operation, url_params), protocol = found, model.protocol
    else:
        form = form if "Action" in form else request.args
        operation, protocol = form.get("Action", ""), "ec2" if service == "ec2" else "query"
    if operation not in model.operation_names:
        return None
    parser = PROTOCOL_PARSERS[protocol](model.operation_model(operation))
    params = parser.parse(
        {
            "method": request.method,
            "values": request.args if protocol.startswith("rest-") else form,
            "headers": request.headers,
            "body": body,
            "url_path": path,
            "url_params": url_params,
        }
    )
    return Call(service, region, operation, protocol, params)


def raw_path(environ: dict) -> str:
    """The path as sent: PATH_INFO is already percent-decoded, including characters that are part of a name."""
    return re.sub(r"^https?://[^/]+", "", environ["RAW_URI"]).split("?", 1)[0]


def read_body(environ: dict) -> bytes:
    """The body, which can be read again."""
    length = environ.get("CONTENT_LENGTH")
    stream = environ["wsgi.input"]
    body = stream.read(int(length)) if length else stream.read() if environ.get("wsgi.input_terminated") else b""
    environ["wsgi.input"] = io.BytesIO(body)
    if not length:
        environ["CONTENT_LENGTH"] = str(len(body))
    return body


@functools.cache
def paths_of(service: str) -> list[tuple[str, re.Pattern, dict[str, list[str]], str, int]]:
    model = get_service_model(service)
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        uri, _, query = http["requestUri"].partition("?")
        uri = uri.rstrip("/")
        pattern = re.sub(r"\\\{(\w+)\\\+\\\}", r"(?P<\1>.+)", re.escape(uri))
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", pattern)
        fixed = len(re.sub(r"\{.*?\}", "", uri)) + len(query)
        found.append(
            (http["method"], re.compile(f"^{pattern}/?$"), parse_qs(query, keep_blank_values=True), name, fixed)
        )
    # The more of an address is fixed, the more specific it is.
    return sorted(found, key=lambda entry: -entry[4])


def match_path(service: str, method: str, path: str, args: MultiDict) -> tuple[str, dict[str, str]] | None:
    for expected, pattern, query, name, _ in paths_of(service):
        match = pattern.match(path) if expected == method else None
        if match and all(args.get(key) == values[0] for key, values in query.items()):
            return name, {key: unquote(value) for key, value in match.groupdict().items()}
    return None


@functools.cache
def s3_markers() -> list[tuple[str, str, str, str]]:
    """Method, kind of resource, the word of the query, operation."""
    model = get_service_model("s3")
    found = []
    for name in model.operation_names:
        http = model.operation_model(name).http
        uri, _, query = http["requestUri"].partition("?")
        if query:
            found.append(
                (http["method"], "object" if "{Key+}" in uri else "bucket", query.split("=")[0].split("&")[0], name)
            )
    return found


def s3_call(environ: dict, request: Request, region: str) -> Call:
    bucket, _, key = unquote(raw_path(environ)).lstrip("/").partition("/")
    kind = "object" if key else "bucket" if bucket else "service"
    headers = {name.lower(): value for name, value in request.headers.items()}
    params = {**request.args.to_dict(), "Bucket": bucket, "Key": key}
    operation = s3_operation(request, kind, headers)
    if operation == "DeleteObjects":
        objects = (xmltodict.parse(read_body(environ)).get("Delete") or {}).get("Object") or []
        params["Objects"] = objects if isinstance(objects, list) else [objects]
    if operation == "PutBucketLogging":
        status = xmltodict.parse(read_body(environ)).get("BucketLoggingStatus") or {}
        params |= status.get("LoggingEnabled") or {}
    return Call("s3", region, operation, "rest-xml", params, headers)


def s3_operation(request: Request, kind: str, headers: dict[str, str]) -> str:
    for method, of, word, name in s3_markers():
        # If a request has two names, the newer one is longer.
        if method == request.method and of == kind and word in request.args:
            return {
                "GetBucketLifecycle": "GetBucketLifecycleConfiguration",
                "PutBucketLifecycle": "PutBucketLifecycleConfiguration",
                "GetBucketNotification": "GetBucketNotificationConfiguration",
                "PutBucketNotification": "PutBucketNotificationConfiguration",
            }.get(name, name)
    if kind == "object" and "uploadId" in request.args:
        by_method = {"GET": "ListParts", "DELETE": "AbortMultipartUpload", "POST": "CompleteMultipartUpload"}
        copies = "x-amz-copy-source" in headers
        return by_method.get(request.method, "UploadPartCopy" if copies else "UploadPart")
    if kind == "object" and request.method == "PUT" and "x-amz-copy-source" in headers:
        return "CopyObject"
    return S3_DEFAULTS.get((request.method, kind), f"{request.method} {kind}")
