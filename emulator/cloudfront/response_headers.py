"""The headers that a response headers policy adds to an answer."""

from moto.cloudfront.models import CloudFrontBackend, Distribution


def response_headers(backend: CloudFrontBackend, distribution: Distribution) -> dict[str, str]:
    policy_id = distribution.distribution_config.DefaultCacheBehavior.response_headers_policy_id
    policy = backend.response_headers_policies.get(policy_id)
    if policy is None:
        return {}
    config = policy["ResponseHeadersPolicyConfig"]
    custom = (config.get("CustomHeadersConfig") or {}).get("Items") or []
    return security_headers(config.get("SecurityHeadersConfig") or {}) | {one["Header"]: one["Value"] for one in custom}


def security_headers(config: dict) -> dict[str, str]:
    headers = {}
    if transport := config.get("StrictTransportSecurity"):
        wide = "; includeSubDomains" if transport.get("IncludeSubdomains") else ""
        headers["Strict-Transport-Security"] = f"max-age={transport['AccessControlMaxAgeSec']}{wide}"
    if policy := config.get("ContentSecurityPolicy"):
        headers["Content-Security-Policy"] = policy["ContentSecurityPolicy"]
    if config.get("ContentTypeOptions"):
        headers["X-Content-Type-Options"] = "nosniff"
    if frame := config.get("FrameOptions"):
        headers["X-Frame-Options"] = frame["FrameOption"]
    if referrer := config.get("ReferrerPolicy"):
        headers["Referrer-Policy"] = referrer["ReferrerPolicy"]
    return headers
