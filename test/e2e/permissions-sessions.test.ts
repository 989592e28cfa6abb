import { createSign, generateKeyPairSync } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Cloud } from "../../scripts/cloud/cloud";
import { callCloud } from "../support/cloud/call-cloud";
import { cloudMissing, startCloud } from "../support/cloud/cloud";
import { ACCOUNT, EmulatedRoles, type Session, type Statement, sessionOf } from "../support/cloud/roles/emulated-roles";
import { describeUnless } from "../support/files/real-data";

const MINUTES = 60_000;
const IDENTITY = new URLSearchParams({ Action: "GetCallerIdentity", Version: "2011-06-15" });
const keys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const otherKeys = generateKeyPairSync("rsa", { modulusLength: 2048 });
const now = () => Math.floor(Date.now() / 1000);

describeUnless(cloudMissing, "the emulated AWS gives roles to whom they trust", () => {
  let cloud: Cloud;
  let roles: EmulatedRoles;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "millrace-sessions-"));
    const webIdentityKey = join(folder, "key.pem");
    writeFileSync(webIdentityKey, keys.publicKey.export({ type: "spki", format: "pem" }));
    ({ cloud } = await startCloud({ webIdentityKey }));
    roles = new EmulatedRoles(cloud);
  }, 5 * MINUTES);

  afterAll(async () => {
    await cloud?.stop();
    rmSync(folder, { recursive: true });
  });

  describe("a role that is handed to a service", () => {
    const trust = [{ Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }];
    const create: Statement = { Action: "states:*", Resource: "*" };
    const definition = JSON.stringify({ StartAt: "a", States: { a: { Type: "Pass", End: true } } });

    test("must be one that the caller may pass to this service", async () => {
      // Prepare
      const roleArn = await roles.create("of-machine", { trust });
      const pass = (service: string): Statement => ({
        Action: "iam:PassRole",
        Resource: roleArn,
        Condition: { StringEquals: { "iam:PassedToService": service } },
      });
      const other = await roles.session("passes-to-lambda", { allowed: [create, pass("lambda.amazonaws.com")] });
      const right = await roles.session("passes-to-states", { allowed: [create, pass("states.amazonaws.com")] });

      // Act
      const refused = await createMachine("refused", roleArn, other);
      const allowed = await createMachine("allowed", roleArn, right);

      // Assess
      expect(await refused.text()).toContain(`iam:PassRole on resource: ${roleArn}`);
      expect(allowed.status).toBe(200);
    });

    test("must trust the service", async () => {
      // Prepare
      const lambda = [{ Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }];
      const condition = { StringEquals: { "aws:SourceAccount": "210987654321" } };
      const roleArns = [
        await roles.create("trusts-lambda", { trust: lambda }),
        await roles.create("trusts-another-account", {
          trust: trust.map((each) => ({ ...each, Condition: condition })),
        }),
      ];

      // Act
      const answers = await Promise.all(roleArns.map((roleArn, index) => createMachine(`untrusted-${index}`, roleArn)));

      // Assess
      expect(answers.map(({ status }) => status)).toEqual([400, 400]);
    });

    function createMachine(name: string, roleArn: string, credentials?: Session): Promise<Response> {
      const body = { name, roleArn, definition };
      return callCloud(cloud, { service: "states", target: "AWSStepFunctions.CreateStateMachine", body, credentials });
    }
  });

  describe("a session that a role is asked for", () => {
    let mayTake: Session;

    beforeAll(async () => {
      const [short, long] = ["short", "long"].map((name) => `arn:aws:iam::${ACCOUNT}:role/${name}`);
      await roles.create("short");
      await roles.create("long", { maxSessionSeconds: 7200 });
      const allowed = [{ Action: "sts:AssumeRole", Resource: [short ?? "", long ?? ""] }];
      mayTake = await roles.session("takes-roles", { allowed });
    });

    test.each<[string, number, string, number, "administrator" | "session"]>([
      ["is as long as the role allows", 200, "long", 7200, "administrator"],
      ["is refused where it is longer than the role allows", 400, "long", 7201, "administrator"],
      ["is refused where a role says nothing and it is longer than an hour", 400, "short", 3601, "administrator"],
      ["may be an hour where a session asks for it", 200, "long", 3600, "session"],
      ["is refused where a session asks for more than an hour, whatever the role allows", 400, "long", 3601, "session"],
    ])("%s", async (_, status, name, seconds, who) => {
      // Act
      const fields = {
        RoleArn: `arn:aws:iam::${ACCOUNT}:role/${name}`,
        RoleSessionName: "s",
        DurationSeconds: `${seconds}`,
      };
      const body = new URLSearchParams({ Action: "AssumeRole", Version: "2011-06-15", ...fields });
      const answer = await callCloud(cloud, {
        service: "sts",
        body,
        ...(who === "session" && { credentials: mayTake }),
      });

      // Assess
      const text = await answer.text();
      expect([answer.status, text]).toEqual([
        status,
        expect.stringMatching(status === 200 ? "<SessionToken>" : "<Code>ValidationError</Code>.*exceeds the"),
      ]);
      if (status === 400) expect(text).toContain(who === "session" ? "by role chaining" : "MaxSessionDuration");
    });
  });

  describe("a web identity", () => {
    const issuer = "token.actions.githubusercontent.com";
    const provider = `arn:aws:iam::${ACCOUNT}:oidc-provider/${issuer}`;
    const mutable = "repo:owner/project:environment:dev";
    const immutable = "repo:owner@17/project@42:environment:dev";
    let role: string;

    beforeAll(async () => {
      await callCloud(cloud, {
        service: "iam",
        body: new URLSearchParams({
          Action: "CreateOpenIDConnectProvider",
          Version: "2010-05-08",
          Url: `https://${issuer}`,
          "ClientIDList.member.1": "sts.amazonaws.com",
          "ThumbprintList.member.1": "0".repeat(40),
        }),
      });
      role = await roles.create("of-github", {
        trust: [
          {
            Principal: { Federated: provider },
            Action: "sts:AssumeRoleWithWebIdentity",
            Condition: {
              StringEquals: { [`${issuer}:aud`]: "sts.amazonaws.com", [`${issuer}:sub`]: [mutable, immutable] },
            },
          },
        ],
        maxSessionSeconds: 7200,
      });
    });

    test.each([
      ["the mutable subject", mutable],
      ["the immutable subject", immutable],
    ])("of %s gets a session", async (_, sub) => {
      // Act
      const answer = await assume(sign({ sub }));

      // Assess
      const session = sessionOf(await answer.text());
      const who = await callCloud(cloud, { service: "sts", body: IDENTITY, credentials: session });
      expect(await who.text()).toContain(`arn:aws:sts::${ACCOUNT}:assumed-role/of-github/job`);
    });

    test.each<[string, string, () => Promise<Response>]>([
      ["another repository", "AccessDenied", () => assume(sign({ sub: "repo:owner/other:environment:dev" }))],
      ["another owner's id", "AccessDenied", () => assume(sign({ sub: "repo:owner@18/project@42:environment:dev" }))],
      ["a branch", "AccessDenied", () => assume(sign({ sub: "repo:owner/project:ref:refs/heads/main" }))],
      ["another audience", "InvalidIdentityToken", () => assume(sign({ aud: "https://github.com/owner" }))],
      ["another issuer", "InvalidIdentityToken", () => assume(sign({ iss: "https://gitlab.com" }))],
      ["an hour ago", "ExpiredTokenException", () => assume(sign({ exp: now() - 3600 }))],
      ["another key", "InvalidIdentityToken", () => assume(sign({}, otherKeys.privateKey))],
      ["too long a session", "ValidationError", () => assume(sign({}), { DurationSeconds: "7201" })],
      [
        "a role of a service",
        "AccessDenied",
        async () => assume(sign({}), { RoleArn: await roles.create("not-of-github") }),
      ],
    ])("of %s is refused", async (_, code, act) => {
      // Act
      const answer = await act();

      // Assess
      expect([answer.status, await answer.text()]).toEqual([
        code === "AccessDenied" ? 403 : 400,
        expect.stringContaining(`<Code>${code}</Code>`),
      ]);
    });

    function assume(token: string, more: Readonly<Record<string, string>> = {}): Promise<Response> {
      const parameters = { RoleArn: role, RoleSessionName: "job", WebIdentityToken: token, ...more };
      const body = new URLSearchParams({ Action: "AssumeRoleWithWebIdentity", Version: "2011-06-15", ...parameters });
      return fetch(cloud.endpoint, { method: "POST", body });
    }

    function sign(claims: Readonly<Record<string, unknown>>, key = keys.privateKey): string {
      const all = { iss: `https://${issuer}`, aud: "sts.amazonaws.com", sub: mutable, exp: now() + 300, ...claims };
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
      const signed = `${part({ alg: "RS256", typ: "JWT" })}.${part(all)}`;
      return `${signed}.${createSign("RSA-SHA256").update(signed).sign(key, "base64url")}`;
    }
  });
});
