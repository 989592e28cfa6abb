"""Objects uploaded by a form, as curl or a browser sends it ("Browser-based uploads using POST", S3 API reference).

moto accepts any form. Here it is checked against its policy, and a valid form continues as the PutObject that it means,
in the name of its signer: from there on the gate decides as for every request.
"""

import base64
import datetime
import hashlib
import hmac
import io
import json
from collections.abc import Callable
from urllib.parse import quote

from werkzeug.wrappers import Request

from permissions.calls import Call, read_body
from permissions.refusals import Answer, refusal

# Set in a request's environment: S3 answers a form by 204.
IS_FORM = "emulator.is_form"
BAD = "400 Bad Request"
SAID = Call("s3", "", "PutObject", "rest-xml", {})
# Fields that need no condition.
UNSIGNED = ("policy", "x-amz-signature", "file")
SIGNING = ("x-amz-credential", "x-amz-signature", "x-amz-algorithm", "x-amz-date")
BY_THE_POLICY = "Invalid according to Policy: "


class Refusal(Exception):
    def __init__(self, code: str, message: str, status: str = "403 Forbidden"):
        super().__init__(message)
        self.answer = refusal(SAID, code, message, status)


def take_form(environ: dict, secret_of: Callable[[str], str | None]) -> Answer | None:
    """Turns a form's request into one that puts an object; returns the answer if the form is invalid."""
    is_form = environ.get("CONTENT_TYPE", "").startswith("multipart/form-data")
    if environ["REQUEST_METHOD"] != "POST" or not is_form or "HTTP_AUTHORIZATION" in environ:
        return None
    read_body(environ)
    request = Request(dict(environ))
    fields = {name.lower(): value for name, value in request.form.items()}
    bucket, file = request.path.strip("/"), request.files.get("file")
    try:
        if file is None:
            raise Refusal("InvalidArgument", "POST requires exactly one file upload per request.", BAD)
        content = file.read()
        name = (file.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
        fields["key"] = fields.get("key", "").replace("${filename}", name)
        policy = signed_policy(fields, secret_of)
        check_policy(policy, {**fields, "bucket": bucket}, len(content))
    except Refusal as refused:
        return refused.answer
    put_instead(environ, bucket, fields, content)
    return None


def signed_policy(fields: dict[str, str], secret_of: Callable[[str], str | None]) -> dict:
    credential = fields.get("x-amz-credential", "")
    if "policy" not in fields or credential.count("/") < 4:
        raise Refusal("AccessDenied", "Access Denied")
    access_key, date, region, service, end = credential.rsplit("/", 4)
    secret = secret_of(access_key)
    if secret is None:
        raise Refusal("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    key = f"AWS4{secret}".encode()
    for part in (date, region, service, end):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    expected = hmac.new(key, fields["policy"].encode(), hashlib.sha256).hexdigest()
    if service != "s3" or not hmac.compare_digest(expected, fields.get("x-amz-signature", "")):
        raise Refusal("SignatureDoesNotMatch", "The request signature we calculated does not match the signature.")
    return json.loads(base64.b64decode(fields["policy"]))


def check_policy(policy: dict, fields: dict[str, str], size: int) -> None:
    if datetime.datetime.fromisoformat(policy["expiration"]) < datetime.datetime.now(datetime.timezone.utc):
        raise Refusal("AccessDenied", f"{BY_THE_POLICY}Policy expired.")
    named = set(UNSIGNED)
    for condition in policy["conditions"]:
        operator, name, value = as_list(condition)
        if operator == "content-length-range":
            check_size(size, int(name), int(value))
            continue
        field = name.removeprefix("$").lower()
        named.add(field)
        given = fields.get(field, "")
        if not (given == value if operator == "eq" else operator == "starts-with" and given.startswith(value)):
            raise Refusal("AccessDenied", f"{BY_THE_POLICY}Policy Condition failed: {json.dumps(condition)}")
    others = sorted(name for name in {*fields} - named - {"bucket"} if not name.startswith("x-ignore-"))
    if others or "bucket" not in named:
        raise Refusal("AccessDenied", f"{BY_THE_POLICY}Extra input fields: {', '.join(others or ['bucket'])}")


def as_list(condition: dict | list) -> list:
    """{"bucket": "x"} is short for ["eq", "$bucket", "x"]."""
    return ["eq", *next(iter(condition.items()))] if isinstance(condition, dict) else condition


def check_size(size: int, least: int, most: int) -> None:
    if size > most:
        raise Refusal("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", BAD)
    if size < least:
        raise Refusal("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", BAD)


def put_instead(environ: dict, bucket: str, fields: dict[str, str], content: bytes) -> None:
    path = f"/{bucket}/{fields['key']}"
    headers = {name: value for name, value in fields.items() if name.startswith("x-amz-") and name not in SIGNING}
    headers |= {f"x-amz-{name}": fields[name] for name in ("acl", "tagging") if name in fields}
    scope = f"Credential={fields['x-amz-credential']}, SignedHeaders=host, Signature={fields['x-amz-signature']}"
    environ |= {
        "REQUEST_METHOD": "PUT",
        "PATH_INFO": path.encode().decode("latin-1"),
        "RAW_URI": quote(path),
        "REQUEST_URI": quote(path),
        "QUERY_STRING": "",
        "CONTENT_TYPE": fields.get("content-type", "binary/octet-stream"),
        "CONTENT_LENGTH": str(len(content)),
        "wsgi.input": io.BytesIO(content),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 {scope}",
        IS_FORM: True,
        **{f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items()},
    }
