"""What an account has once: Security Hub's settings and standards, and AWS Config. Neither checks anything here."""

import json

from moto.config.models import Scope
from moto.iam.models import SERVICE_NAME_CONVERSION
from moto.securityhub import urls
from moto.securityhub.exceptions import SecurityHubClientError
from moto.securityhub.models import SecurityHubBackend
from moto.securityhub.responses import SecurityHubResponse

BASE = "{0}/standards"


def close() -> None:
    # AWSServiceRoleForConfig.
    SERVICE_NAME_CONVERSION["config"] = "Config"
    begin = Scope.__init__

    def begin_as_given(self, *given, **named) -> None:
        """A rule's tag comes back as it was given."""
        begin(self, *given, **named)
        if self.tags:
            ((self.tag_key, self.tag_value),) = self.tags.items()
            self.tags = None

    Scope.__init__ = begin_as_given
    for path in ("register", "deregister", "get"):
        urls.url_paths[f"{BASE}/{path}$"] = SecurityHubResponse.dispatch
    describe, disable = SecurityHubBackend.describe_hub, SecurityHubBackend.disable_security_hub

    def describe_hub(self, hub_arn: str | None = None) -> dict:
        return {**describe(self, hub_arn), **settings_of(self)}

    def disable_security_hub(self) -> dict:
        for state in (settings_of(self), standards_of(self)):
            state.clear()
        return disable(self)

    SecurityHubBackend.describe_hub = describe_hub
    SecurityHubBackend.disable_security_hub = disable_security_hub
    SecurityHubResponse.update_security_hub_configuration = update_configuration
    SecurityHubResponse.batch_enable_standards = enable_standards
    SecurityHubResponse.batch_disable_standards = disable_standards
    SecurityHubResponse.get_enabled_standards = enabled_standards


def settings_of(backend: SecurityHubBackend) -> dict:
    return backend.__dict__.setdefault("settings", {})


def standards_of(backend: SecurityHubBackend) -> dict[str, dict]:
    """By the ARN of the subscription."""
    return backend.__dict__.setdefault("standards", {})


def hub_of(response: SecurityHubResponse) -> SecurityHubBackend:
    backend = response.securityhub_backend
    if not backend.enabled:
        raise SecurityHubClientError(
            "InvalidAccessException", f"Account {backend.account_id} is not subscribed to AWS Security Hub"
        )
    return backend


def update_configuration(self) -> str:
    settings_of(hub_of(self)).update(json.loads(self.body))
    return "{}"


def enable_standards(self) -> str:
    hub = hub_of(self)
    asked = [request["StandardsArn"] for request in json.loads(self.body)["StandardsSubscriptionRequests"]]
    for standard in asked:
        name = standard.split("standards/", 1)[1]
        arn = f"arn:aws:securityhub:{hub.region_name}:{hub.account_id}:subscription/{name}"
        standards_of(hub)[arn] = {
            "StandardsSubscriptionArn": arn,
            "StandardsArn": standard,
            "StandardsInput": {},
            "StandardsStatus": "READY",
        }
    return subscriptions([one for one in standards_of(hub).values() if one["StandardsArn"] in asked])


def disable_standards(self) -> str:
    standards = standards_of(hub_of(self))
    gone = [standards.pop(arn, None) for arn in json.loads(self.body)["StandardsSubscriptionArns"]]
    return subscriptions([{**one, "StandardsStatus": "DELETING"} for one in gone if one])


def enabled_standards(self) -> str:
    """Only those that the request names, if it names some."""
    asked = json.loads(self.body or "{}").get("StandardsSubscriptionArns")
    return subscriptions([one for arn, one in standards_of(hub_of(self)).items() if not asked or arn in asked])


def subscriptions(found: list[dict]) -> str:
    return json.dumps({"StandardsSubscriptions": found})
