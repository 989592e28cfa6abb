import { generateKeyPairSync } from "node:crypto";
import type { Overrides } from "../../../config/overrides";
import type { ConfigInput } from "../../../config/schema";

/** The environments as they are delivered, so that the page is the same in a checkout with other ones. */
export const examples = {
  dev: { environment: "dev", network: { mode: "create" }, database: { mode: "create" } },
  prod: {
    environment: "prod",
    audit: { trail: { enabled: true } },
    network: { mode: "create" },
    database: { mode: "create", instanceClass: "db.t4g.small", multiAz: true, backupDays: 35 },
  },
} as const satisfies Readonly<Record<string, ConfigInput>>;

/** What a setting adds to `dev`. */
export interface Variant {
  /** Markdown. */
  readonly title: string;
  readonly overrides: Overrides;
  /** Markdown, after the amounts. */
  readonly note?: string;
}

const feed = (more: Overrides = {}): Overrides => ({ feeds: { sales: more } });
const keySecretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:key-AbCdEf";
/** Of a pair that is made now: any key costs the same. */
const { publicKey } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

export const variants: readonly Variant[] = [
  {
    title: "egress `nat`, one gateway",
    overrides: { network: { egress: { mode: "nat", gateways: "one" } } },
    note: "the endpoint is not needed",
  },
  {
    title: "egress `nat`, one in each zone",
    overrides: { network: { egress: { mode: "nat", gateways: "one-per-zone" } } },
  },
  { title: "`database.multiAz`", overrides: { database: { multiAz: true } } },
  {
    title: "`database: existing`",
    overrides: {
      database: {
        mode: "existing",
        host: "feeds.example.com",
        name: "feeds",
        secretArn: keySecretArn,
        securityGroupId: "sg-0a1b2c3d4e5f60718",
      },
    },
    note: "without what its owner pays",
  },
  { title: "`retention.revisionDays` or `rejectedDays`", overrides: { retention: { revisionDays: 400 } } },
  { title: "`pages.enabled: false`", overrides: { pages: { enabled: false } } },
  {
    title: "`pages.web.enabled`",
    overrides: { pages: { web: { enabled: true, publicKey, keySecretArn } } },
    note: "and a secret for its key",
  },
  {
    title: "`pages.quicksight.enabled`",
    overrides: {
      pages: {
        quicksight: { enabled: true, owners: ["arn:aws:quicksight:eu-central-1:111122223333:group/default/x"] },
      },
    },
    note: "for each author; a reader costs 3 per month; the feed's memory is included",
  },
  { title: "`sql.enabled: false`", overrides: { sql: { enabled: false } } },
  { title: "each of `feeds`", overrides: feed() },
  { title: 'each of `feeds`, `engine: "distributed-map"`', overrides: feed({ engine: "distributed-map" }) },
  {
    title: "`notifications.webhooks`, one",
    overrides: { notifications: { webhooks: [{ name: "team", kind: "slack", secretArn: keySecretArn }] } },
    note: "and a secret for its address",
  },
  {
    title: "`audit.trail`",
    overrides: { audit: { trail: { enabled: true } } },
    note: "management events are free for the first copy; its files and their copy in the logs are paid as such",
  },
  {
    title: "`audit.config`, with `create`",
    overrides: { audit: { trail: { enabled: true }, config: "create" } },
    note: "with the trail, which it needs; Lambda's network interfaces are recorded changes, too",
  },
  {
    title: "`audit.securityHub`",
    overrides: { audit: { trail: { enabled: true }, config: "create", securityHub: "create" } },
    note: "with AWS Config, which it needs",
  },
  { title: "`budget.monthlyUsd`", overrides: { budget: { monthlyUsd: 100 } } },
];
