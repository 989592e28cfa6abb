import { ConfigError } from "../../../config/config-error";
import { dev } from "../../../config/dev";
import { loadConfig, overrideConfig } from "../../../config/load";
import type { Overrides } from "../../../config/overrides";
import { prod } from "../../../config/prod";

const existingNetwork = { mode: "existing", vpcId: "vpc-0a1b2c3d", subnetIds: ["subnet-0a1b2c3d", "subnet-1a1b2c3d"] };
const step = (settings: Overrides) => ({ pipelines: { covid: { steps: { load: settings } } } });
const schedule = (settings: Overrides) => ({ pipelines: { covid: { schedule: settings } } });

/** Whoever knows its path may post. */
const receiver = "https://hooks.slack.com/services/T0/B0/s3cret";

const secretArn = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:team-AbCdEf";
/** Whatever a team has added. */
const base = { ...dev, feeds: {} };
const map = { engine: "distributed-map" };
const webhook = { name: "team", kind: "slack", secretArn };

/** What is laid over dev, and the one line that refuses it. */
const refused: readonly (readonly [Overrides, string])[] = [
  [
    { project: "Mill Race" },
    'project: got "Mill Race", allowed is 2 to 16 lower-case letters, digits and single hyphens',
  ],
  [{ environment: "dev-" }, 'environment: got "dev-", allowed is 2 to 12 lower-case letters and digits'],
  [{ tags: { Cost: 1 } }, "tags.Cost: got 1, allowed is a text"],
  [{ aws: { region: "Frankfurt" } }, 'aws.region: got "Frankfurt", allowed is a region\'s code'],
  [{ aws: { accountId: "1234" } }, 'aws.accountId: got "1234", allowed is an account\'s 12 digits'],
  [
    { aws: { endpoint: "localhost:5000" } },
    'aws.endpoint: got "localhost:5000", allowed is an http:// or https:// URL',
  ],
  [{ github: { repository: "millrace" } }, 'github.repository: got "millrace", allowed is OWNER/REPOSITORY'],
  [{ github: { repository: "octo-org/*" } }, 'github.repository: got "octo-org/*", allowed is OWNER/REPOSITORY'],
  [{ github: { repository: "octo-org/.." } }, 'github.repository: got "octo-org/..", allowed is OWNER/REPOSITORY'],
  [{ github: { branch: "release/*" } }, 'github.branch: got "release/*", allowed is a branch name'],
  [{ github: { branch: "refs/heads/main" } }, 'github.branch: got "refs/heads/main", allowed is a branch name'],
  [{ github: { branch: "a..b" } }, 'github.branch: got "a..b", allowed is a branch name'],
  [{ github: { ownerId: 1 } }, "github.repositoryId: got nothing, allowed is an id, since github.ownerId is set"],
  [{ github: { repositoryId: 1 } }, "github.ownerId: got nothing, allowed is an id, since github.repositoryId is set"],
  [{ github: { ownerId: "*", repositoryId: 1 } }, 'github.ownerId: got "*", allowed is a whole number from 1'],
  [{ github: { oidcProvider: true } }, "github.oidcProvider: got true, allowed is one of create, existing"],
  [{ state: { backendFile: "backend" } }, 'state.backendFile: got "backend", allowed is a path that ends with .json'],
  [{ logs: { retentionDays: 31 } }, "logs.retentionDays: got 31, allowed is one of 1, 3, 5, 7, 14, 30, 60"],
  [{ notifications: { emails: ["me"] } }, 'notifications.emails.0: got "me", allowed is an e-mail address'],
  [{ network: { mode: "make" } }, 'network.mode: got "make", allowed is mode create or existing'],
  [{ network: { cidr: "10.0.0.0/8" } }, 'network.cidr: got "10.0.0.0/8", allowed is a private IPv4 range'],
  [{ network: { cidr: "10.0.0.300/16" } }, 'network.cidr: got "10.0.0.300/16", allowed is a private IPv4 range'],
  [{ network: { cidr: "8.8.0.0/16" } }, 'network.cidr: got "8.8.0.0/16", allowed is a private IPv4 range'],
  [{ network: { zones: 1 } }, "network.zones: got 1, allowed is a whole number from 2 to 3"],
  [{ network: { zones: 2.5 } }, "network.zones: got 2.5, allowed is a whole number from 2 to 3"],
  [{ network: { egress: { mode: "vpn" } } }, 'network.egress.mode: got "vpn", allowed is mode none or nat'],
  [
    { network: { egress: { mode: "nat", gateways: 2 } } },
    "network.egress.gateways: got 2, allowed is one of one, one-per",
  ],
  [{ network: { mode: "existing" } }, "network.vpcId: got nothing, allowed is an id that begins with vpc-"],
  [
    { network: { ...existingNetwork, cidr: "10.0.0.0/16" } },
    "network.cidr: got an unknown key, allowed is one of mode",
  ],
  [
    { network: { ...existingNetwork, subnetIds: ["subnet-0a1b2c3d"] } },
    "allowed is a list of 2 to 16 different subnet ids",
  ],
  [{ database: { instanceClass: "t4g.micro" } }, 'database.instanceClass: got "t4g.micro", allowed is an RDS instance'],
  [{ database: { storageGb: 500 } }, "database.maxStorageGb: got 100, allowed is at least 10 % more than storageGb"],
  [{ database: { backupDays: 0 } }, "database.backupDays: got 0, allowed is a whole number from 1 to 35"],
  [{ database: { maintenanceWindow: "sunday" } }, 'database.maintenanceWindow: got "sunday", allowed is ddd:hh:mm'],
  [{ database: { mode: "existing", host: "db" } }, "database.secretArn: got nothing, allowed is a secret's whole ARN"],
  [{ database: { password: "secret" } }, "database.password: got an unknown key, allowed is one of mode, name"],
  ...["https://me:s3cret@example.com/us.csv", "https://s3cret@example.com/us.csv"].map(
    (cases) =>
      [
        { pipelines: { covid: { sources: { cases } } } },
        'pipelines.covid.sources.cases: got "https://***@example.com/us.csv", allowed is an http:// or https:// URL without credentials, of up to 1000 characters; if it needs one, set pipelines.covid.credentials.cases.secretArn',
      ] as const,
  ),
  ...["X-Amz-Signature", "sig", "access_token", "apikey", "Subscription-Key", "password"].map(
    (parameter) =>
      [
        { pipelines: { covid: { sources: { recoveries: `https://example.com/jhu.csv?v=1&${parameter}=s3cret` } } } },
        `sources.recoveries: got "https://example.com/jhu.csv?v=1&${parameter}=***", allowed is an http:// or https:// URL without`,
      ] as const,
  ),
  ...[
    ...[" https://me:s3cret@example.com/us.csv", "https:me:s3cret@example.com/us.csv", "https://me:s3cret@host:99999/"],
    ...["https://example.com/us.csv;token=s3cret", "https://example.com/us.csv#sig=s3cret", ["https://me:s3cret@host"]],
    ...[{ url: "https://me:s3cret@host" }, "https://example.com/us.csv?AccessKeyId=s3cret"],
  ].map((cases): [Overrides, string] => [
    { pipelines: { covid: { sources: { cases } } } },
    "pipelines.covid.sources.cases: got ",
  ]),
  ...["https://{date}.example.com/us.csv", "https://example.com/us.csv#{date}"].map((cases): [Overrides, string] => [
    { pipelines: { covid: { sources: { cases } } } },
    `pipelines.covid.sources.cases: got "${cases.replace(/#.*/, "")}", allowed is a URL with {date} in its path or query only`,
  ]),
  [{ aws: { endpoint: "http://me:s3cret@127.0.0.1:5000" } }, 'aws.endpoint: got "http://***@127.0.0.1:5000/", allowed'],
  [
    { pipelines: { covid: { credentials: { cases: { secretArn: "https://example.com" } } } } },
    "pipelines.covid.credentials.cases.secretArn: got",
  ],
  [
    { pages: { web: { publicKey: "-----BEGIN PRIVATE KEY-----\ns3cret\n-----END PRIVATE KEY-----\n" } } },
    'pages.web.publicKey: got "***", allowed is an RSA public key',
  ],
  [
    { notifications: { webhooks: [{ name: "team", kind: "slack", secretArn: receiver }] } },
    'notifications.webhooks.0.secretArn: got "***", allowed is a secret\'s whole ARN',
  ],
  [
    { notifications: { webhooks: [{ name: "team-", kind: "slack", secretArn: receiver }] } },
    'notifications.webhooks.0.name: got "team-", allowed is 2 to 20 lower-case letters, digits and single hyphens, a letter first, no hyphen last',
  ],
  [
    { notifications: { webhooks: [receiver] } },
    'notifications.webhooks.0: got "https://hooks.slack.com/***", allowed is an object of name, kind',
  ],
  [
    { pipelines: { orders: { recipients: { webhooks: { team: receiver } } } } },
    'recipients.webhooks: got {"team":"https://hooks.slack.com/***"}, allowed is a list of',
  ],
  [
    { pages: { web: { keySecretArn: "s3cret" } } },
    'pages.web.keySecretArn: got "***", allowed is a secret\'s whole ARN',
  ],
  [{ database: { mode: "existing", host: "me:s3cret@db" } }, 'database.host: got "***", allowed is a host name'],
  [
    schedule({ expression: "daily" }),
    'pipelines.covid.schedule.expression: got "daily", allowed is rate(1 day), rate(N',
  ],
  [
    schedule({ expression: "cron(0 6 * * *)" }),
    "allowed is rate(1 day), rate(N minutes|hours|days), cron() of six fields with ? in one of the two day fields, or at(",
  ],
  [schedule({ timeZone: "Mars/Olympus" }), 'pipelines.covid.schedule.timeZone: got "Mars/Olympus", allowed is an IANA'],
  [step({ memoryMb: 64 }), "pipelines.covid.steps.load.memoryMb: got 64, allowed is a whole number from 128 to 10240"],
  [step({ timeoutSeconds: 901 }), "steps.load.timeoutSeconds: got 901, allowed is a whole number from 1 to 900"],
  [step({ reservedConcurrency: 0 }), "steps.load.reservedConcurrency: got 0, allowed is a whole number from 1 to"],
  [
    { pipelines: { covid: { maxRejected: "few" } } },
    'pipelines.covid.maxRejected: got "few", allowed is a number of rows',
  ],
  [{ pipelines: { covid: { join: "outer" } } }, 'pipelines.covid.join: got "outer", allowed is one of left, inner'],
  [
    { pipelines: { orders: { trigger: { maximumConcurrency: 6 } } } },
    "pipelines.orders.trigger.maximumConcurrency: got 6, allowed is at most the step's reservedConcurrency",
  ],
  [
    { feeds: { sales: { maxConcurrency: 6 } } },
    "feeds.sales.maxConcurrency: got 6, allowed is at most the load step's reservedConcurrency",
  ],
  [
    { database: { connectionLimit: 3 }, feeds: { sales: { engine: "distributed-map" } } },
    "feeds.sales.maxConcurrency: got 4, allowed is at most database.connectionLimit, 3: each chunk that is loaded holds",
  ],
  [
    {
      database: { connectionLimit: 8 },
      feeds: { sales: map, off: { ...map, enabled: false }, meters: {}, more: map },
    },
    "feeds.more.maxConcurrency: got 4, allowed is at most database.connectionLimit, 8, less 5 of the feeds before: each",
  ],
  [
    { pipelines: { import: { enabled: true } } },
    "pipelines.import: got an unknown key, allowed is one of covid, orders, metadata; pipelines.import is feeds.NAME now",
  ],
  ...[{ bucket: "acme-raw" }, { prefix: "" }].map((source): readonly [Overrides, string] => [
    { feeds: { sales: { trigger: "objects", source } } },
    'feeds.sales.trigger: got "objects", allowed is schedule if source.bucket is set or source.prefix is empty',
  ]),
  ...[{ bucket: "acme-raw" }, { prefix: "" }].map((source): readonly [Overrides, string] => [
    { feeds: { sales: { verdicts: true, source } } },
    "feeds.sales.verdicts: got true, allowed is false if source.bucket is set or source.prefix is empty",
  ]),
  [{ feeds: { sales: { contract: "sales" } } }, "feeds.sales.contract: got an unknown key, allowed is one of enabled"],
  [
    { feeds: { Sales: {} } },
    'feeds.Sales: got "Sales", allowed is 2 to 63 lower-case letters, digits and single hyphens',
  ],
  ...["covid", "core", "import", "database", "import-steps"].map((name): readonly [Overrides, string] => [
    { feeds: { [name]: {} } },
    `feeds.${name}: got "${name}", allowed is a name that no pipeline`,
  ]),
  [
    { feeds: { "much-longer-than-17": {} } },
    'feeds.much-longer-than-17: got "much-longer-than-17", allowed is a name of at most 17 characters, or a shorter resourceName',
  ],
  [
    { feeds: { sales: { resourceName: "covid" } } },
    'feeds.sales.resourceName: got "covid", allowed is a name that is not taken',
  ],
  [
    { feeds: { sales: { resourceName: "import" }, meters: { resourceName: "import" } } },
    'feeds.meters.resourceName: got "import", allowed is a name whose resources differ in name from those of import',
  ],
  [
    { feeds: { sales: {}, "sales-load": {} } },
    'feeds.sales-load: got "sales-load", allowed is a name whose resources differ in name from those of sales',
  ],
  [
    { feeds: { sales: { recipients: { webhooks: [webhook] } }, meters: { recipients: { webhooks: [webhook] } } } },
    'feeds.meters.recipients.webhooks.0.name: got "team", allowed is a name that no other webhook has',
  ],
  [{ pipelines: { metadata: { prefix: "/uploads" } } }, 'pipelines.metadata.prefix: got "/uploads", allowed is up to'],
  [{ pipelines: { noSuchOne: {} } }, "pipelines.noSuchOne: got an unknown key, allowed is one of covid"],
];

describe("a wrong configuration", () => {
  test.each(refused)("%j is refused", (overrides, line) => {
    expect(() => overrideConfig(base, overrides, "config/dev.ts")).toThrow(ConfigError);
    expect(() => overrideConfig(base, overrides, "config/dev.ts")).toThrow(line);
    expect(() => overrideConfig(base, overrides, "config/dev.ts")).not.toThrow(/s3cret/);
  });

  test("is refused with all that is wrong with it, and the file's name", () => {
    const act = () => overrideConfig(prod, { network: { zones: 9 }, logs: { retentionDays: 2 } }, "config/prod.ts");

    expect(act).toThrow(/^The configuration config\/prod\.ts is refused:\n {2}\S+.*\n {2}\S+.*$/);
  });
});

describe("a configuration", () => {
  test("takes addresses whose query holds no credential", () => {
    const cases = "https://example.com/export?dataset=us&key=4711&format=csv";

    expect(overrideConfig(dev, { pipelines: { covid: { sources: { cases } } } }).pipelines.covid.sources.cases).toBe(
      cases,
    );
  });

  test("takes addresses with the run's day in path and query", () => {
    const cases = "https://example.com/{date}/us.csv?day={date}";

    expect(overrideConfig(dev, { pipelines: { covid: { sources: { cases } } } }).pipelines.covid.sources.cases).toBe(
      cases,
    );
  });

  test("is frozen to its leaves", () => {
    const config = loadConfig({});

    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.pipelines.covid.steps.load)).toBe(true);
    expect(() => Object.assign(config.notifications.emails, { 0: "me@example.com" })).toThrow(TypeError);
  });

  test("holds what costs money back in dev and has it on in prod", () => {
    const [inDev, inProd] = ["dev", "prod"].map((ENVIRONMENT) => loadConfig({ ENVIRONMENT }));

    expect(inDev).toMatchObject({
      database: { multiAz: false, deletionProtection: false },
      pipelines: { orders: { ledger: { deletionProtection: false } } },
      logs: { retentionDays: 14 },
    });
    expect(inProd).toMatchObject({
      database: { multiAz: true, deletionProtection: true },
      pipelines: { orders: { ledger: { deletionProtection: true } } },
      logs: { retentionDays: 365 },
    });
  });
});
