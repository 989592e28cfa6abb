import { CloudfrontDistribution } from "@cdktf/provider-aws/lib/cloudfront-distribution";
import { CloudfrontKeyGroup } from "@cdktf/provider-aws/lib/cloudfront-key-group";
import { CloudfrontOriginAccessControl } from "@cdktf/provider-aws/lib/cloudfront-origin-access-control";
import { CloudfrontPublicKey } from "@cdktf/provider-aws/lib/cloudfront-public-key";
import { CloudfrontResponseHeadersPolicy } from "@cdktf/provider-aws/lib/cloudfront-response-headers-policy";
import { Construct } from "constructs";
import type { Bucket } from "./bucket";
import type { DistributionLogBucket } from "./distribution-log-bucket";

export interface SignedDistributionProps {
  /** Of what has a name; unique in the account. */
  readonly name: string;
  readonly description: string;
  /** Its objects under the prefix are shown, and nothing else of it. */
  readonly bucket: Bucket;
  readonly prefix: string;
  /** PEM of an RSA key of 2048 bits, whose private half signs links. */
  readonly publicKey: string;
  /** Whether IPv6 is served: a link that names an IPv4 range opens for nobody who comes by IPv6. */
  readonly ipv6: boolean;
  /** The header of every answer; each page's own policy narrows it. */
  readonly contentSecurityPolicy: string;
  readonly log: DistributionLogBucket;
}

/** AWS's own policy CachingDisabled: a page is new after each run, and few people read it ("Managed cache policies"). */
const CACHING_DISABLED = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad";
const ORIGIN = "bucket";
const TWO_YEARS_SECONDS = 63_072_000;

/**
 * Objects of a private bucket for whoever has a signed link, by CloudFront's own domain over HTTPS. Costs nothing while nobody
 * looks; the first TB and ten million requests a month are free.
 */
export class SignedDistribution extends Construct {
  readonly arn: string;
  /** Where it answers, for example `d111111abcdef8.cloudfront.net`. */
  readonly domainName: string;
  /** What signed links name the key by. */
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
      // Of Europe and North America; who is elsewhere is served from there.
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
      // It takes CloudFront some minutes, in which nothing else of the stack has to wait.
      waitForDeployment: false,
      // CloudFront sets the ACL when it is made; before the bucket lets ACLs count it cannot.
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
      // CloudFront gives it back with a line's end.
      encodedKey: `${publicKey.trim()}\n`,
      // A key that a group has cannot be deleted: the new one takes its place first.
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
        // An address is the key to its page.
        referrerPolicy: { referrerPolicy: "no-referrer", override: true },
      },
      customHeadersConfig: {
        items: [
          // Neither the browser nor what is between keeps the page: a link that is over is to show nothing.
          { header: "Cache-Control", value: "no-store", override: true },
          { header: "X-Robots-Tag", value: "noindex", override: true },
        ],
      },
    });
  }
}
