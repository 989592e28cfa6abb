import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";
import type { Bucket } from "./bucket";
import type { DistributionLogBucket } from "./distribution-log-bucket";

export interface SignedDistributionProps {
  /** For resources with a name; unique in the account. */
  readonly name: string;
  readonly description: string;
  /** Only its objects under the prefix are served. */
  readonly bucket: Bucket;
  readonly prefix: string;
  /** PEM of a 2048-bit RSA key, whose private key signs links. */
  readonly publicKey: string;
  /** Whether IPv6 is served: a link with an IPv4 range does not open over IPv6. */
  readonly ipv6: boolean;
  /** The header of every answer; each page's own policy narrows it. */
  readonly contentSecurityPolicy: string;
  readonly log: DistributionLogBucket;
}

/**
 * AWS's own policy CachingDisabled: a page changes with each run, and few people read it ("Managed cache policies").
 */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ORIGIN = "bucket";
const TWO_YEARS_SECONDS = 63_072_000;

/**
 * Serves objects of a private bucket to holders of signed links, over HTTPS on CloudFront's own domain. Costs nothing
 * while unused; the first TB and ten million requests a month are free.
 */
export class SignedDistribution extends Construct {
  readonly arn: string;
  /** Its host name, for example `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  /** The id of the key in signed links. */
  readonly keyPairId: string;

  constructor(scope: Construct, id: string, props: SignedDistributionProps) {
    super(scope, id);
    const { name, description, bucket, prefix, ipv6, log } = props;
    const key = this.#createKey(props);
    const group = new CloudfrontKeyGroup(this, "key-group", { name, comment: description, items: [key.id] });
    const distribution = new CloudfrontDistribution(this, "distribution", {
      enabled: true,
      comment: description,
      httpVersion: "http2and3",
      isIpv6Enabled: ipv6,
      // Europe and North America; readers elsewhere are served from there.
      priceClass: "PriceClass_100",
      origin: [
        {
          originId: ORIGIN,
          domainName: bucket.domainName,
          originAccessControlId: this.#createAccessControl(props).id,
        },
      ],
      defaultCacheBehavior: {
        targetOriginId: ORIGIN,
        allowedMethods: ["GET", "HEAD"],
        cachedMethods: ["GET", "HEAD"],
        viewerProtocolPolicy: "https-only",
        trustedKeyGroups: [group.id],
        cachePolicyId: CACHING_DISABLED,
        responseHeadersPolicyId: this.#createHeaders(props).id,
        compress: true,
      },
      loggingConfig: { bucket: log.domainName, includeCookies: false, prefix: `${name}/` },
      restrictions: { geoRestriction: { restrictionType: "none" } },
      viewerCertificate: { cloudfrontDefaultCertificate: true },
      // CloudFront takes some minutes, and nothing else in the stack has to wait for it.
      waitForDeployment: false,
      // CloudFront sets the ACL when the distribution is created, for which the bucket must have ACLs enabled.
      dependsOn: [log.policy, log.ownership],
    });
    this.arn = distribution.arn;
    this.domainName = distribution.domainName;
    this.keyPairId = key.id;
    bucket.grantDistribution(distribution.arn, prefix);
  }

  #createKey({ name, publicKey }: SignedDistributionProps): CloudfrontPublicKey {
    return new CloudfrontPublicKey(this, "public-key", {
      namePrefix: `${name}-`,
      // CloudFront returns it with a newline at the end.
      encodedKey: `${publicKey.trim()}\n`,
      // A key in a group cannot be deleted: it is replaced first.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  #createAccessControl({ name, description }: SignedDistributionProps): CloudfrontOriginAccessControl {
    return new CloudfrontOriginAccessControl(this, "access", {
      name,
      description,
      originAccessControlOriginType: "s3",
      signingBehavior: "always",
      signingProtocol: "sigv4",
    });
  }

  #createHeaders({ name, description, contentSecurityPolicy }: SignedDistributionProps) {
    return new CloudfrontResponseHeadersPolicy(this, "headers", {
      name,
      comment: description,
      securityHeadersConfig: {
        strictTransportSecurity: {
          accessControlMaxAgeSec: TWO_YEARS_SECONDS,
          includeSubdomains: true,
          override: true,
        },
        contentSecurityPolicy: { contentSecurityPolicy, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "DENY", override: true },
        // A link gives access to its page.
        referrerPolicy: { referrerPolicy: "no-referrer", override: true },
      },
      customHeadersConfig: {
        items: [
          // Neither browsers nor proxies keep the page: an expired link must show nothing.
          { header: "Cache-Control", value: "no-store", override: true },
          { header: "X-Robots-Tag", value: "noindex", override: true },
        ],
      },
    });
  }
}
