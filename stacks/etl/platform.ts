import { Construct } from "constructs";
import { type BucketKind, bucketName, resourceName } from "../../config/names";
import type { Config } from "../../config/schema";
import { deployedSections } from "../../config/sections";
import { Account } from "../../modules/account";
import { RuntimeLayer } from "../../modules/function/runtime-layer";
import { addMessageAlarms } from "../../modules/messaging/message-alarms";
import { Topic } from "../../modules/messaging/topic";
import type { Network } from "../../modules/network/network";
import { Budget } from "../../modules/observe/budget";
import { addUnheardAlarm } from "../../modules/observe/unheard-alarm";
import { AccessLogBucket } from "../../modules/storage/access-log-bucket";
import { Bucket, type BucketProps } from "../../modules/storage/bucket";
import type { BucketLifecycle } from "../../modules/storage/bucket-lifecycle";
import { Key } from "../../modules/storage/key";
import { bucketDoors, keyUses } from "./doors";
import { PagesWeb } from "./pages/pages-web";

/** The root of the checkout from where Terraform runs, which is `cdktf.out/<environment>/<stack>`. */
const CHECKOUT = "../../..";

const OLD_VERSION_DAYS = 90;

export interface PlatformProps {
  readonly config: Config;
  readonly network: Network;
}

/** The shared resources of all pipelines: key, topic, buckets, layer, and the given network. */
export class Platform extends Construct {
  readonly config: Config;
  readonly network: Network;
  readonly key: Key;
  readonly topic: Topic;
  readonly artifacts: Bucket;
  readonly raw: Bucket;
  /** New objects in it start pipelines. */
  readonly incoming: Bucket;
  /** The bucket of pages, versioned; it stays, with its content, if `pages.enabled` is switched off. */
  readonly pages: Bucket;
  /** Access to them for people without an AWS login. */
  readonly pagesWeb: PagesWeb | undefined;
  readonly accessLog: AccessLogBucket;
  readonly layer: RuntimeLayer;

  constructor(scope: Construct, id: string, { config, network }: PlatformProps) {
    super(scope, id);
    this.config = config;
    this.network = network;
    this.key = new Key(this, "key", {
      name: this.nameOf("etl"),
      description: `Data, logs and messages of ${this.nameOf("etl")}.`,
      services: [
        "logs",
        "cloudwatch",
        "events",
        ...(config.budget.monthlyUsd === undefined ? [] : (["budgets"] as const)),
      ],
      uses: keyUses(config, {
        bucketArn: this.#bucketArn("incoming"),
        queueArn: Account.of(this).arn("sqs", this.nameOf("orders", "outgoing.fifo")),
      }),
      distributedBucketArns: config.pages.web.enabled ? [this.#bucketArn("pages")] : [],
    });
    this.topic = new Topic(this, "topic", {
      name: this.nameOf("notifications"),
      key: this.key,
      emails: config.notifications.emails,
      budgets: config.budget.monthlyUsd !== undefined,
    });
    this.#createBudget();
    addMessageAlarms(this, { topic: this.topic });
    addUnheardAlarm(this, { topic: this.topic });
    this.accessLog = new AccessLogBucket(this, "access-log", {
      name: this.bucketName("access-log"),
      retentionDays: config.logs.retentionDays,
      // Logs of the other buckets' destruction still arrive while it is emptied, on AWS for hours.
      emptyOnDestroy: true,
    });
    const { rawDays, incomingDays, rejectedDays, messagesDays } = config.retention;
    const kept = { oldVersionDays: OLD_VERSION_DAYS, infrequentAccessDays: 30, archiveDays: 120 };
    const expirePrefixes = definedOnly({ "rejected/": rejectedDays, "messages/": messagesDays });
    this.artifacts = this.#createBucket("artifacts", { lifecycle: { oldVersionDays: OLD_VERSION_DAYS } });
    this.raw = this.#createBucket("raw", { lifecycle: { ...keptFor(rawDays, kept), expirePrefixes: this.#mends() } });
    this.incoming = this.#createBucket("incoming", {
      lifecycle: { ...keptFor(incomingDays, kept), expirePrefixes },
      events: true,
      doors: bucketDoors(config),
    });
    this.pages = this.#createBucket("pages", { lifecycle: { oldVersionDays: OLD_VERSION_DAYS } });
    this.layer = new RuntimeLayer(this, "layer", {
      bucket: this.artifacts,
      name: this.nameOf("runtime"),
      key: `${config.artifacts.keyPrefix}/layer/runtime`,
      zip: this.artifact("layer/runtime.zip"),
      runtime: config.lambda.runtime,
    });
    this.pagesWeb = config.pages.web.enabled ? new PagesWeb(this, "web", this) : undefined;
  }

  nameOf(...parts: readonly string[]): string {
    return resourceName(this.config, ...parts);
  }

  bucketName(kind: BucketKind): string {
    return bucketName(this.config, kind, Account.of(this).id);
  }

  /** The path of an output of `npm run build`, relative to Terraform's working directory. */
  artifact(path: string): string {
    return `${CHECKOUT}/${this.config.artifacts.directory}/${path}`;
  }

  /** Corrected rows are as personal as those that were rejected. */
  #mends(): Readonly<Record<string, number>> {
    const { rejectedDays } = this.config.retention;
    const mended = deployedSections(this.config).filter(({ kind, name }) => kind === "feeds" || name === "covid");
    return definedOnly(
      Object.fromEntries(mended.map(({ resourceName: own }) => [`${own}/mends/`, rejectedDays] as const)),
    );
  }

  #createBudget(): void {
    const { project, budget } = this.config;
    const { monthlyUsd, byTag } = budget;
    if (monthlyUsd === undefined) return;
    new Budget(this, "budget", {
      name: this.nameOf("monthly"),
      monthlyUsd,
      topic: this.topic,
      ...(byTag && { tag: { key: "Project", value: project } }),
    });
  }

  #createBucket(kind: BucketKind, settings: Pick<BucketProps, "lifecycle" | "events" | "doors">): Bucket {
    return new Bucket(this, kind, {
      ...settings,
      name: this.bucketName(kind),
      key: this.key,
      accessLog: this.accessLog,
    });
  }

  #bucketArn(kind: BucketKind): string {
    return `arn:${Account.of(this).partition}:s3:::${this.bucketName(kind)}`;
  }
}

/** Old versions are deleted at the same age as the newest one. */
function keptFor(days: number | undefined, kept: BucketLifecycle): BucketLifecycle {
  return days === undefined ? kept : { ...kept, expireDays: days, oldVersionDays: Math.min(days, kept.oldVersionDays) };
}

function definedOnly(days: Readonly<Record<string, number | undefined>>): Readonly<Record<string, number>> {
  return Object.fromEntries(
    Object.entries(days).flatMap(([prefix, each]) => (each === undefined ? [] : [[prefix, each]])),
  );
}
