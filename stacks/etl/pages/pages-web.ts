import { Construct } from "constructs";
import type { BucketKind } from "../../../config/names";
import type { NodeFunction } from "../../../modules/function/node-function";
import { grantSecret } from "../../../modules/function/secret-grant";
import { Queue } from "../../../modules/messaging/queue";
import type { Bucket } from "../../../modules/storage/bucket";
import { DistributionLogBucket } from "../../../modules/storage/distribution-log-bucket";
import { SignedDistribution } from "../../../modules/storage/signed-distribution";
import { attempts, stepRetries } from "../../../modules/workflow/retries";
import { createCode, createFunction, type FunctionPlatform } from "../platform-function";

const MEMORY_MB = 256;
const TIMEOUT_SECONDS = 30;

/** The parts that it needs of the platform, which it belongs to. */
export interface PagesWebPlatform extends FunctionPlatform {
  readonly pages: Bucket;
  bucketName(kind: BucketKind): string;
}

/**
 * The rules for pages of every version: fetch nothing, and no framing. Each page itself allows its scripts and styles,
 * by their hashes, and browsers apply both policies; here the hashes would be the newest version's, and pages made
 * before a deployment would lose their scripts.
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  "img-src data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

/**
 * `pages.web`: pages for people without an AWS login, through CloudFront, and the function that signs their links. It
 * is outside the VPC, since it needs only its key. Its three alarms, its queue's alarm and the secret cost 0.80 USD a
 * month.
 */
export class PagesWeb extends Construct {
  /** Called with a pipeline; returns the lines of its message that link to the page. */
  readonly link: NodeFunction;
  readonly domainName: string;
  readonly #platform: PagesWebPlatform;

  constructor(scope: Construct, id: string, platform: PagesWebPlatform) {
    super(scope, id);
    this.#platform = platform;
    const { config } = platform;
    const { publicKey = "", networks } = config.pages.web;
    const distribution = new SignedDistribution(this, "distribution", {
      name: platform.nameOf("pages"),
      description: `Pages of ${platform.nameOf("etl")}, by signed links`,
      bucket: platform.pages,
      prefix: "pages/",
      publicKey,
      ipv6: networks.length === 0,
      contentSecurityPolicy: CONTENT_SECURITY_POLICY,
      log: new DistributionLogBucket(this, "log", {
        name: platform.bucketName("pages-log"),
        retentionDays: config.logs.retentionDays,
      }),
    });
    this.domainName = distribution.domainName;
    this.link = this.#createLink(distribution);
  }

  #createLink({ domainName, keyPairId }: SignedDistribution): NodeFunction {
    const platform = this.#platform;
    const { publicKey = "", keySecretArn = "", keySecretKeyArn, days, networks } = platform.config.pages.web;
    const name = platform.nameOf("pages", "link");
    const deadLetters = new Queue(this, "dead-letters", { name: `${name}-dead-letters`, key: platform.key });
    deadLetters.alarmWhenNotEmpty(
      platform.topic,
      `${name} was called without waiting for its answer, and every try failed. No one needs that answer: purge the queue.`,
    );
    const fn = createFunction(this, "link", platform, {
      name,
      description: "Signs the links to pages that runs tell",
      code: createCode(this, "link-code", platform, "pages/link"),
      service: "pages",
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        PAGES_DOMAIN: domainName,
        LINK_DAYS: String(days),
        LINK_NETWORKS: networks.join(","),
        KEY_PAIR_ID: keyPairId,
        KEY_SECRET_ARN: keySecretArn,
        PUBLIC_KEY: publicKey.trim(),
      },
      deadLetters,
      toleratedErrors: attempts(stepRetries([])),
    });
    grantSecret(fn, keySecretArn, keySecretKeyArn);
    return fn;
  }
}
