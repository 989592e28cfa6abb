"""What moto 5.2.1 lacks of CloudFront for this project."""

from moto.cloudfront import urls
from moto.cloudfront.exceptions import CloudFrontException
from moto.cloudfront.models import (
    CloudFrontBackend,
    DefaultCacheBehaviour,
    Distribution,
    KeyGroup,
    Origin,
    PublicKey,
    ViewerCertificate,
    random_id,
)
from moto.cloudfront.responses import CloudFrontResponse
from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.utilities.utils import get_partition

BASE = "{0}/2020-05-31"
# Operations that moto has no address for.
PATHS = (
    "key-group/(?P<key_name>[^/]+)/config$",
    "public-key/(?P<key_name>[^/]+)/config$",
    "response-headers-policy$",
    "response-headers-policy/(?P<policy_id>[^/]+)$",
    "response-headers-policy/(?P<policy_id>[^/]+)/config$",
)


def close() -> None:
    for path in PATHS:
        urls.url_paths[f"{BASE}/{path}"] = CloudFrontResponse.dispatch
    keep_access_controls_of_origins()
    name_distributions()
    leave_out_what_a_cache_policy_replaces()
    keep_comments()
    name_no_certificate_but_its_own()
    have_response_headers_policies()
    change_keys_and_groups()


def keep_access_controls_of_origins() -> None:
    init = Origin.__init__

    def __init__(self, origin):
        init(self, origin)
        self.origin_access_control_id = origin.get("OriginAccessControlId") or ""

    Origin.__init__ = __init__


def name_distributions() -> None:
    """moto leaves out the region's part in their ARNs."""
    init = Distribution.__init__

    def __init__(self, account_id, region_name, config):
        init(self, account_id, region_name, config)
        self.arn = f"arn:{get_partition(region_name)}:cloudfront::{account_id}:distribution/{self.distribution_id}"

    Distribution.__init__ = __init__


def leave_out_what_a_cache_policy_replaces() -> None:
    init = DefaultCacheBehaviour.__init__

    def __init__(self, config):
        init(self, config)
        if self.cache_policy_id:
            self.forwarded_values = None

    DefaultCacheBehaviour.__init__ = __init__


def keep_comments() -> None:
    """For keys and groups, moto accepts them and does not keep them."""
    create_key, create_group = CloudFrontResponse.create_public_key, CloudFrontResponse.create_key_group
    key_config, group_config = PublicKey.public_key_config.fget, KeyGroup.key_group_config.fget

    def create_public_key(self):
        answer = create_key(self)
        answer.result["PublicKey"].comment = self._get_param("PublicKeyConfig.Comment") or ""
        return answer

    def create_key_group(self):
        answer = create_group(self)
        answer.result["KeyGroup"].comment = self._get_param("KeyGroupConfig.Comment") or ""
        return answer

    CloudFrontResponse.create_public_key = create_public_key
    CloudFrontResponse.create_key_group = create_key_group
    PublicKey.public_key_config = property(lambda self: {**key_config(self), "Comment": self.comment})
    KeyGroup.key_group_config = property(lambda self: {**group_config(self), "Comment": self.comment})


def name_no_certificate_but_its_own() -> None:
    """With CloudFront's own certificate, moto also returns empty ones of other kinds, a change for Terraform."""
    init = ViewerCertificate.__init__

    def __init__(self, config):
        init(self, config)
        if str(self.cloud_front_default_certificate).lower() == "true":
            self.iam_certificate_id = self.acm_certificate_arn = self.certificate = None

    ViewerCertificate.__init__ = __init__


def have_response_headers_policies() -> None:
    init = CloudFrontBackend.__init__

    def __init__(self, *args, **kwargs):
        init(self, *args, **kwargs)
        self.response_headers_policies = {}

    def told(policy: dict) -> ActionResult:
        return ActionResult({"ResponseHeadersPolicy": policy, "ETag": policy["ETag"], "Location": policy["Id"]})

    def keep(self, policy_id: str) -> ActionResult:
        config = self._get_param("ResponseHeadersPolicyConfig")
        policy = {
            "Id": policy_id,
            "ETag": random_id(),
            "LastModifiedTime": utcnow(),
            "ResponseHeadersPolicyConfig": config,
        }
        self.backend.response_headers_policies[policy_id] = policy
        return told(policy)

    def find(self) -> dict:
        policy = self.backend.response_headers_policies.get(self._get_param("Id"))
        return known(policy, "NoSuchResponseHeadersPolicy", "response headers policy")

    def delete(self) -> EmptyResult:
        del self.backend.response_headers_policies[find(self)["Id"]]
        return EmptyResult()

    CloudFrontBackend.__init__ = __init__
    CloudFrontResponse.create_response_headers_policy = lambda self: keep(self, random_id())
    CloudFrontResponse.get_response_headers_policy = lambda self: told(find(self))
    CloudFrontResponse.update_response_headers_policy = lambda self: keep(self, find(self)["Id"])
    CloudFrontResponse.delete_response_headers_policy = delete


def change_keys_and_groups() -> None:
    """moto creates and returns them; for a deleted one it fails."""

    def find(kind: str, code: str):
        def found(self, **named):
            [its_id] = named.values()
            return known(getattr(self, kind).get(its_id), code, kind)

        return found

    def update_group(self) -> ActionResult:
        group = self.backend.get_key_group(group_id=self._get_param("Id"))
        group.name, group.items = self._get_param("KeyGroupConfig.Name"), self._get_param("KeyGroupConfig.Items", [])
        group.comment, group.etag = self._get_param("KeyGroupConfig.Comment") or "", random_id()
        return ActionResult({"KeyGroup": group, "ETag": group.etag})

    def delete_group(self) -> EmptyResult:
        del self.backend.key_groups[self.backend.get_key_group(group_id=self._get_param("Id")).id]
        return EmptyResult()

    def delete_key(self) -> EmptyResult:
        key = self.backend.get_public_key(key_id=self._get_param("Id"))
        if any(key.id in group.items for group in self.backend.key_groups.values()):
            raise CloudFrontException("PublicKeyInUse", "The specified public key is in use.")
        del self.backend.public_keys[key.id]
        return EmptyResult()

    CloudFrontBackend.get_public_key = find("public_keys", "NoSuchPublicKey")
    CloudFrontBackend.get_key_group = find("key_groups", "NoSuchResource")
    CloudFrontResponse.update_key_group = update_group
    CloudFrontResponse.delete_key_group = delete_group
    CloudFrontResponse.delete_public_key = delete_key


def known(found, code: str, what: str):
    if found is None:
        raise CloudFrontException(code, f"The specified {what} does not exist.")
    return found
