import { basename } from "node:path";
import { dev } from "../../../../../config/dev";
import { overrideConfig } from "../../../../../config/load";
import type { Overrides } from "../../../../../config/overrides";
import type { Account } from "../../../../../scripts/deliver/doctor/account";
import { type Preflight, preflight } from "../../../../../scripts/deliver/doctor/checks";
import type { Machine } from "../../../../../scripts/deliver/doctor/machine";

const ID = "111122223333";
const GITHUB = "token.actions.githubusercontent.com";
const settings: Overrides = { aws: { accountId: ID }, notifications: { emails: ["team@example.com"] } };

/** A machine and an account that everything is well with. */
const machine: Machine = {
  node: "22.13.0",
  region: undefined,
  terraform: async () => "1.11.4",
  providers: async () => ({ from: "the registry" }),
  committed: async () => "yes",
  hasFile: (file) => basename(file) === "backend.dev.json",
};
const account: Account = {
  identity: async () => ({ account: ID, arn: `arn:aws:sts::${ID}:assumed-role/somebody/session` }),
  unreservedConcurrency: async () => 1000,
  reservedBy: async () => 0,
  identityProviders: async () => [],
  bucket: async () => "free",
  offers: async () => [{ version: "17.4", storage: "gp3", multiAz: true }],
  instanceStatus: async () => "available",
  hasRole: async () => true,
  subscribers: async () => new Map([["team@example.com", true]]),
};

interface World extends Pick<Preflight, "before"> {
  readonly config?: Overrides;
  readonly machine?: Partial<Machine>;
  readonly account?: Partial<Account>;
}

async function look(world: World = {}) {
  const config = overrideConfig(dev, { ...settings, ...world.config });
  return preflight({
    ...{ config, before: world.before },
    machine: { ...machine, ...world.machine },
    account: { ...account, ...world.account },
  });
}

const unbootstrapped = { hasFile: () => false };
const denied = () => Promise.reject(Object.assign(new Error("is not authorized"), { name: "AccessDeniedException" }));

function recording(audit: Overrides): Overrides {
  return { audit: { trail: { enabled: true }, ...audit } };
}

test("has nothing to say where all is well, of every line there is", async () => {
  const findings = await look();

  expect(findings.filter(({ level, fix }) => level !== "ok" || fix !== undefined)).toEqual([]);
  expect(findings.map(({ name }) => name)).toEqual([
    ...["node", "terraform", "providers", "credentials", "region", "backend", "schedules"],
    ...["account", "oidc", "concurrency", "buckets", "database", "roles", "e-mail"],
  ]);
});

const off = { schedule: { enabled: false } };
const failing: readonly (readonly [string, "warn" | "fail", World, detail: RegExp, fix: RegExp])[] = [
  ["node", "fail", { machine: { node: "18.20.0" } }, /18.20.0 is too old/, /Node 20, 22, 24/],
  ["node", "fail", { machine: { node: "20.14.0" } }, /20.14.0 is too old/, /the newest Node 20, 22, 24/],
  ["node", "warn", { machine: { node: "23.1.0" } }, /not tested with 23.1.0/, /Node 20, 22, 24/],
  ["terraform", "fail", { machine: { terraform: () => Promise.reject(new Error()) } }, /cannot be run/, /1\.11/],
  ["terraform", "fail", { machine: { terraform: async () => "1.9.8" } }, /1\.9\.8 is too old/, /1\.11/],
  [
    ...(["instance", "fail"] as const),
    {
      config: { database: { instance: "millrace-dev-etl-restored" } },
      account: { instanceStatus: async () => undefined },
    },
    /RDS has no instance millrace-dev-etl-restored/,
    /database\.instance in config\/dev\.ts.*ops -- restore/,
  ],
  [
    ...(["instance", "fail"] as const),
    {
      config: { database: { instance: "millrace-dev-etl-restored" } },
      account: { instanceStatus: async () => "creating" },
    },
    /millrace-dev-etl-restored is creating/,
    /Wait until it is available/,
  ],
  [
    ...(["providers", "fail"] as const),
    { machine: { providers: async () => ({ from: "mirror.rc", wrong: "could not connect" }) } },
    /mirror\.rc: could not connect/,
    /TF_CLI_CONFIG_FILE/,
  ],
  [
    ...(["credentials", "fail"] as const),
    {
      account: {
        identity: () => Promise.reject(Object.assign(new Error("none"), { name: "CredentialsProviderError" })),
      },
    },
    /There are no AWS credentials/,
    /first/,
  ],
  [
    ...(["account", "fail"] as const),
    { account: { identity: async () => ({ account: "444455556666", arn: "arn:aws:iam::444455556666:user/me" }) } },
    /are for 444455556666, dev is deployed to 111122223333/,
    /AWS_PROFILE/,
  ],
  ["account", "warn", { config: { aws: {} } }, /any account would be accepted/, /aws\.accountId: "111122223333"/],
  ["region", "warn", { machine: { region: "us-east-1" } }, /shell has us-east-1/, /aws\.region/],
  ["backend", "fail", { machine: unbootstrapped, before: "deploy" }, /no state backend/, /npm run bootstrap/],
  ["backend", "warn", { machine: { committed: async () => "no" } }, /not committed/, /git add .*backend\.dev\.json/],
  ["backend", "warn", { machine: { committed: async () => "changed" } }, /changed since/, /git commit/],
  ["schedules", "warn", { config: { pipelines: { covid: off } } }, /covid/, /pipelines\.covid\.schedule\.enabled/],
  [
    ...(["oidc", "fail"] as const),
    { machine: unbootstrapped, account: { identityProviders: async () => [GITHUB] } },
    /already has GitHub's OIDC provider/,
    /github\.oidcProvider: "existing"/,
  ],
  [
    ...(["oidc", "fail"] as const),
    { machine: unbootstrapped, config: { github: { oidcProvider: "existing" } } },
    /does not have GitHub's OIDC provider/,
    /oidcProvider/,
  ],
  [
    ...(["concurrency", "fail"] as const),
    { account: { unreservedConcurrency: async () => 10 } },
    /of 0 runs at once/,
    /lambda\.reserveConcurrency: false/,
  ],
  [
    // Each feed reserves six: one for preflight, and five for run.
    ...(["concurrency", "fail"] as const),
    { config: { feeds: { sales: {}, readings: {} } }, account: { unreservedConcurrency: async () => 36 } },
    /reserve 28 of 26 runs at once/,
    /L-B99A9384/,
  ],
  [
    ...(["buckets", "fail"] as const),
    { account: { bucket: async (name) => (name.includes("-raw-") ? "taken" : "free") } },
    /another account: millrace-dev-raw-111122223333$/,
    /project/,
  ],
  [
    "database",
    "fail",
    { account: { offers: async () => [] } },
    /does not offer PostgreSQL 17 on db\.t4g\.micro/,
    /Class/,
  ],
  [
    ...(["database", "fail"] as const),
    { account: { offers: async () => [{ version: "16.9", storage: "gp3", multiAz: true }] } },
    /PostgreSQL 17/,
    /describe-orderable/,
  ],
  [
    ...(["database", "fail"] as const),
    {
      config: { database: { multiAz: true } },
      account: { offers: async () => [{ version: "17.4", storage: "gp3", multiAz: false }] },
    },
    /with a standby/,
    /describe-orderable/,
  ],
  ["roles", "warn", { account: { hasRole: async () => false } }, /no role/, /create-service-linked-role/],
  [
    ...(["audit", "fail"] as const),
    { config: recording({ config: "create" }), account: { hasRole: async (name) => name.endsWith("RDS") } },
    /needs the role AWSServiceRoleForConfig/,
    /create-service-linked-role --aws-service-name config\.amazonaws\.com/,
  ],
  [
    ...(["audit", "fail"] as const),
    { config: recording({ config: "existing" }), account: { hasRole: async (name) => name.endsWith("RDS") } },
    /has never used AWS Config/,
    /audit\.config: "create"/,
  ],
  [
    ...(["audit", "warn"] as const),
    { config: recording({ config: "create" }), machine: unbootstrapped },
    /has used AWS Config before/,
    /describe-configuration-recorders; if it finds one: Set audit\.config: "existing"/,
  ],
  [
    ...(["audit", "warn"] as const),
    { config: recording({ config: "existing", securityHub: "create" }), machine: unbootstrapped },
    /has used Security Hub before/,
    /describe-hub; if it finds one: Set audit\.securityHub: "existing"/,
  ],
  ["e-mail", "warn", { config: { notifications: { emails: [] } } }, /nobody hears/, /notifications\.emails/],
  [
    ...(["e-mail", "warn"] as const),
    { account: { subscribers: async () => new Map([["team@example.com", false]]) } },
    /not confirmed: team@example\.com/,
    /AWS Notifications/,
  ],
  [
    ...(["e-mail", "warn"] as const),
    {
      config: { pipelines: { orders: { recipients: { emails: ["orders@example.com"] } } } },
      account: {
        subscribers: async (topic) =>
          new Map([
            topic.endsWith(":millrace-dev-notifications") ? ["team@example.com", true] : ["orders@example.com", false],
          ]),
      },
    },
    /not confirmed: orders@example\.com/,
    /AWS Notifications/,
  ],
];

test("each line there is, is shown failing or warning below", async () => {
  const shown = failing.map(([name]) => name);

  expect((await look()).map(({ name }) => name).filter((name) => !shown.includes(name))).toEqual([]);
});

test.each(failing)(
  "%s: %s, with what to do, and nothing else is to be said",
  async (name, level, world, detail, fix) => {
    const findings = (await look(world)).filter((finding) => finding.level !== "ok");

    expect(findings).toEqual([{ name, level, detail: expect.stringMatching(detail), fix: expect.stringMatching(fix) }]);
  },
);

test("every line that an account can answer is a warning where the right to ask is missing", async () => {
  const asked = Object.keys(account).filter((name) => name !== "identity");
  const findings = await look({
    machine: unbootstrapped,
    account: Object.fromEntries(asked.map((name) => [name, denied])),
  });

  const warned = findings.filter(({ level }) => level === "warn");
  expect(warned.map(({ name }) => name)).toEqual(["oidc", "concurrency", "buckets", "database", "roles", "e-mail"]);
  for (const { detail } of warned) expect(detail).toContain("it cannot be checked");
  expect(findings.filter(({ level }) => level === "fail")).toEqual([]);
});

describe("what is no reason to warn", () => {
  const level = async (name: string, world: World) =>
    (await look(world)).find((finding) => finding.name === name)?.level;

  test.each<[string, World]>([
    // What our own functions hold already is theirs: a deployment again asks for no more.
    ["concurrency", { account: { unreservedConcurrency: async () => 10, reservedBy: async () => 100 } }],
    [
      "concurrency",
      { config: { lambda: { reserveConcurrency: false } }, account: { unreservedConcurrency: async () => 10 } },
    ],
    ["buckets", { account: { bucket: async () => "ours" } }],
    // Before the first deployment nobody can have confirmed.
    ["e-mail", { account: { subscribers: async () => undefined } }],
    // The bootstrap's own, of this checkout or of one that was interrupted.
    ["oidc", { account: { identityProviders: async () => [GITHUB] } }],
    [
      "oidc",
      {
        machine: { hasFile: (file) => file.endsWith(".tfstate") },
        account: { identityProviders: async () => [GITHUB] },
      },
    ],
    ["backend", { machine: unbootstrapped, before: "bootstrap" }],
    ["backend", { machine: { committed: async () => "outside" } }],
  ])("%s", async (name, world) => {
    expect(await level(name, world)).toBe("ok");
  });

  test.each(["database", "roles"])("%s of another owner", async (name) => {
    const database = {
      ...{ mode: "existing", host: "feeds.example.com", name: "feeds", securityGroupId: "sg-0a1b2c3d" },
      secretArn: `arn:aws:secretsmanager:eu-central-1:${ID}:secret:feeds-AbCdEf`,
    };

    expect(await level(name, { config: { database } })).toBeUndefined();
  });
});
