import { ConfigError } from "../../config/config-error";
import type { Overrides } from "../../config/overrides";
import { prod } from "../../config/prod";
import { pagesWeb } from "./support/pages-web";
import { someBackend, synthesizeShipped } from "./support/synthesize";
import type { Template } from "./support/template";

const stacksOf = (pages?: Overrides) =>
  synthesizeShipped({ environment: prod, backend: someBackend, overrides: pages && { pages } });
const stacks = stacksOf({ web: pagesWeb });
const { etl } = stacks;
const plain = stacksOf();

const DISTRIBUTION = /^\$\{aws_cloudfront_distribution\.platform_web_distribution_\w+\.(\w+)\}$/;

/** The statements of a policy that admit CloudFront. */
function admitted(template: Template, place: RegExp) {
  return template
    .policies()
    .filter((policy) => place.test(policy.place))
    .flatMap(({ statements }) => statements)
    .filter(({ principals }) => principals.includes("Service:cloudfront.amazonaws.com"));
}

function statesOf(template: Template) {
  const [machine] = template.named("aws_sfn_state_machine", "covid");
  return JSON.parse(String(machine?.arguments.definition)).States;
}

describe("pages.web", () => {
  test("makes nothing where it is off, whatever else of it is set", () => {
    const off = stacksOf({ web: { ...pagesWeb, enabled: false } });

    for (const stack of ["state-backend", "network", "etl"] as const) {
      expect(off[stack].text).toBe(plain[stack].text);
      expect(plain[stack].text).not.toMatch(/cloudfront|pages-link|sign link/);
    }
  });

  test("opens the pages of the private bucket to one distribution, in CloudFront's own name", () => {
    const [bucket] = admitted(etl, /^aws_s3_bucket_policy\.platform_pages_/);
    const [key] = admitted(etl, /^aws_kms_key\.platform_key_/);

    expect(admitted(etl, /./)).toHaveLength(2);
    expect(bucket).toMatchObject({
      actions: ["s3:GetObject"],
      resources: [expect.stringMatching(/^\$\{aws_s3_bucket\.platform_pages_bucket_\w+\.arn\}\/pages\/\*$/)],
      conditions: { StringEquals: { "aws:SourceArn": [expect.stringMatching(DISTRIBUTION)] } },
    });
    expect(key).toMatchObject({
      actions: ["kms:Decrypt"],
      conditions: {
        ArnLike: { "aws:SourceArn": [expect.stringMatching(/:cloudfront::.*:distribution\/\*$/)] },
        StringEquals: { "kms:EncryptionContext:aws:s3:arn": [expect.stringMatching(/:s3:::millrace-prod-pages-/)] },
      },
    });
    expect(etl.only("aws_cloudfront_origin_access_control")).toMatchObject({
      origin_access_control_origin_type: "s3",
      signing_behavior: "always",
      signing_protocol: "sigv4",
    });
  });

  test("shows nothing without a signature by the configured key, and only over HTTPS", () => {
    const { default_cache_behavior: behaviour, ...distribution } = etl.only("aws_cloudfront_distribution");

    expect(behaviour).toMatchObject({
      allowed_methods: ["GET", "HEAD"],
      viewer_protocol_policy: "https-only",
      trusted_key_groups: [expect.stringMatching(/^\$\{aws_cloudfront_key_group\.platform_web/)],
      // AWS's own policy CachingDisabled.
      cache_policy_id: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
    });
    expect(distribution).not.toHaveProperty("ordered_cache_behavior");
    expect(etl.only("aws_cloudfront_key_group").items).toEqual([
      expect.stringMatching(/^\$\{aws_cloudfront_public_key\.platform_web/),
    ]);
    expect(etl.only("aws_cloudfront_public_key")).toMatchObject({
      encoded_key: pagesWeb.publicKey,
      lifecycle: { create_before_destroy: true },
    });
  });

  test("answers with HSTS, a policy that holds for every page, no referrer, and nothing that is kept", () => {
    const { security_headers_config: security, custom_headers_config: custom } = etl.only(
      "aws_cloudfront_response_headers_policy",
    );

    expect(security).toMatchObject({
      strict_transport_security: { access_control_max_age_sec: 63_072_000, override: true },
      content_security_policy: {
        content_security_policy: expect.stringMatching(/^default-src 'none'; .*frame-ancestors 'none'$/),
      },
      content_type_options: { override: true },
      frame_options: { frame_option: "DENY" },
      referrer_policy: { referrer_policy: "no-referrer", override: true },
    });
    expect(custom).toMatchObject({ items: [{ header: "Cache-Control", value: "no-store" }, expect.anything()] });
  });

  test("logs viewers and pages into its own bucket, once ACLs count there", () => {
    const { logging_config, depends_on } = etl.only("aws_cloudfront_distribution");
    const [log] = etl.named("aws_s3_bucket", "web_log");
    const [ownership] = etl.named("aws_s3_bucket_ownership_controls", "web_log");

    expect(log?.arguments).toMatchObject({ bucket: expect.stringMatching(/^millrace-prod-pages-log-/) });
    expect(logging_config).toMatchObject({
      bucket: `\${${log?.address}.bucket_regional_domain_name}`,
      include_cookies: false,
    });
    expect(ownership?.arguments).toMatchObject({ rule: { object_ownership: "BucketOwnerPreferred" } });
    expect(depends_on).toContain(ownership?.address);
    const others = etl
      .resources("aws_s3_bucket_ownership_controls")
      .filter(({ address }) => address !== ownership?.address);
    expect(others.length).toBeGreaterThan(3);
    for (const { arguments: other } of others) expect(other.rule).toEqual({ object_ownership: "BucketOwnerEnforced" });
  });

  test.each([
    [[], true],
    [["203.0.113.0/24"], false],
  ])("serves IPv6 only where no link names a range of IPv4: %j", (networks, ipv6) => {
    const one = stacksOf({ web: { ...pagesWeb, networks } }).etl;

    expect(one.only("aws_cloudfront_distribution").is_ipv6_enabled).toBe(ipv6);
    expect(one.named("aws_lambda_function", "web_link")[0]?.arguments.environment).toMatchObject({
      variables: { LINK_NETWORKS: networks.join(), LINK_DAYS: "7" },
    });
  });

  test("signs outside the VPC by a function that knows the secret's ARN, may read it, and nothing more", () => {
    const [fn] = etl.named("aws_lambda_function", "web_link");
    const granted = etl
      .policies()
      .filter(({ place }) => place.startsWith("aws_iam_role_policy.platform_web_link"))
      .flatMap(({ statements }) => statements);

    expect(fn?.arguments).not.toHaveProperty("vpc_config");
    expect(fn?.arguments.environment).toMatchObject({
      variables: {
        KEY_SECRET_ARN: pagesWeb.keySecretArn,
        KEY_PAIR_ID: expect.stringMatching(/^\$\{aws_cloudfront_public_key\..*\.id\}$/),
        PAGES_DOMAIN: expect.stringMatching(DISTRIBUTION),
      },
    });
    expect(granted.filter(({ actions }) => actions.includes("secretsmanager:GetSecretValue"))).toMatchObject([
      { resources: [pagesWeb.keySecretArn] },
    ]);
    expect(granted.flatMap(({ actions }) => actions).filter((action) => /^(s3|rds|cloudfront):/.test(action))).toEqual(
      [],
    );
    for (const stack of Object.values(stacks)) expect(stack.text).not.toContain("PRIVATE KEY");
  });

  test("puts links into the message of success, and a failing signer changes nothing else", () => {
    const states = statesOf(etl);
    const before = statesOf(plain.etl);

    expect(before["publish success"].Parameters["Message.$"]).toMatch(/^States\.Format\('{}\nPage: /);
    expect(Object.values<{ Next?: string }>(before).filter(({ Next }) => Next === "publish success")).not.toEqual([]);
    expect(Object.entries<{ Next?: string }>(states).filter(([, { Next }]) => Next === "publish success")).toEqual([
      ["sign link", expect.anything()],
      ["no link", expect.anything()],
    ]);
    expect(states["sign link"]).toMatchObject({
      Parameters: { Payload: { pipeline: "covid" } },
      ResultPath: "$.link",
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "no link" }],
    });
    expect(states["no link"]).toMatchObject({
      Type: "Pass",
      Result: { text: expect.stringContaining("the log of millrace-prod-pages-link says why") },
      ResultPath: "$.link",
    });
    expect(states["publish success"].Parameters["Message.$"]).toBe(
      `States.Format('{}\n{}', ${before["publish success"].Parameters["Message.$"]}, $.link.text)`,
    );
  });

  test.each([
    ["web.publicKey", { web: { ...pagesWeb, publicKey: undefined } }],
    ["web.keySecretArn", { web: { ...pagesWeb, keySecretArn: undefined } }],
    ["web.enabled", { enabled: false, web: pagesWeb }],
  ])("is refused without what it needs: pages.%s", (key, pages) => {
    expect(() => stacksOf(pages)).toThrow(ConfigError);
    expect(() => stacksOf(pages)).toThrow(`pages.${key}: got`);
  });
});
