import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProjectScript } from "../support/processes/run-script";

const FETCH = "arn:aws:iam::123456789012:role/millrace-dev-covid-fetch";
const LOAD = "arn:aws:iam::123456789012:role/millrace-dev-covid-load";
const RAW = "arn:aws:s3:::millrace-dev-raw-123456789012/*";
const WHY = "The samples are small: no upload has parts.";

const allow = (Action: readonly string[], ...Resource: readonly string[]) => ({ Effect: "Allow", Action, Resource });
const roleLine = (role: string, ...Statement: readonly object[]) => ({
  ...{ role, trust: {}, identity: { granted: { Version: "2012-10-17", Statement } }, boundary: null },
});
const call = (principal: string, action: string, fields = {}) => ({
  ...{ principal, session: "s", action, resource: RAW.replace("*", "covid/cases.csv"), context: {} },
  ...{ resourcePolicy: null, decision: "Allowed", reason: "", ...fields },
});
const recorded = [
  roleLine(FETCH, allow(["s3:PutObject", "s3:AbortMultipartUpload"], RAW)),
  roleLine(LOAD, allow(["s3:GetObject"], RAW)),
  call(FETCH, "s3:PutObject"),
  call(LOAD, "s3:GetObject"),
];
const unused = [{ roles: ["millrace-dev-covid-fetch"], actions: ["s3:AbortMultipartUpload"], reason: WHY }];

/** Recordings by hand, decided by the simulator that the emulated AWS uses. */
describe("npm run permissions", () => {
  const folder = mkdtempSync(join(tmpdir(), "millrace-permissions-"));
  const [recording, reasons, page] = ["covid.jsonl", "reasons.json", "permissions.md"].map((name) =>
    join(folder, name),
  );

  beforeEach(async () => {
    record(recorded);
    explain({ unused, provoked: [] });
    expect(await permissions()).toMatchObject({ code: 0 });
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  test("writes the grants and the calls; the same page when run again", async () => {
    const written = readFileSync(page ?? "", "utf8");

    const { code, stdout } = await permissions("--check");

    expect(written).toContain(`| \`s3:AbortMultipartUpload\` | no: ${WHY} |`);
    expect(written).toContain("| 2 roles | 3 | 2 | 1 |");
    expect(stdout).toContain("each of 2 removed grants was noticed");
    expect(stdout).toMatch(
      /^without s3:GetObject of millrace-dev-covid-load \(granted\): s3:GetObject on \S+ is refused \(covid\)$/m,
    );
    expect(code).toBe(0);
  });

  test("fails for a call that was refused, and for one that was not examined", async () => {
    record([
      ...recorded,
      call(FETCH, "kms:Decrypt", { decision: "ImplicitlyDenied", reason: "because no policy allows it" }),
      call(FETCH, "s3:SelectObjectContent", { decision: "Unknown", reason: "not in the table" }),
    ]);

    const { code, stdout } = await permissions("--check");

    expect(stdout).toMatch(
      /^refused: millrace-dev-covid-fetch kms:Decrypt on .* because no policy allows it \(covid\)$/m,
    );
    expect(stdout).toMatch(/^not examined: millrace-dev-covid-fetch s3:SelectObjectContent/m);
    expect(code).toBe(1);
  });

  test("reports * that is added to a statement, to its actions or its resources, as unused", async () => {
    for (const added of [allow(["s3:GetObject", "*"], RAW), allow(["s3:GetObject"], RAW, "*")]) {
      record([...recorded, roleLine(LOAD, added), call(LOAD, "s3:GetObject", { session: "again" })]);

      const { code, stdout } = await permissions("--check");

      expect(stdout).toMatch(/^unused, without a reason: millrace-dev-covid-load \(granted\) (action|resource) \*/m);
      expect(code).toBe(1);
    }
  });

  test("fails for a reason whose grant is used now, and for one whose grant was deleted", async () => {
    explain({
      unused: [...unused, { roles: ["millrace-dev-covid-*"], actions: ["s3:GetObject", "s3:ListBucket"], reason: WHY }],
      provoked: [],
    });

    const { code, stdout } = await permissions("--check");

    expect(stdout).toMatch(/^stale reason: millrace-dev-covid-\* s3:GetObject is used, or not granted/m);
    expect(stdout).toMatch(/^stale reason: millrace-dev-covid-\* s3:ListBucket is used, or not granted/m);
    expect(code).toBe(1);
  });

  test("fails for a page that is not of this recording", async () => {
    writeFileSync(page ?? "", readFileSync(page ?? "", "utf8").replace("`s3:PutObject` | yes", "`s3:PutObject` | no"));

    const { code, output } = await permissions("--check");

    expect(output).toMatch(
      /^line \d+ is .*`s3:PutObject` \| no.*, recorded was .*`s3:PutObject` \| yes.*\n.*is outdated/m,
    );
    expect(code).toBe(1);
  });

  test("fails where nothing was recorded though it could have been", async () => {
    const none = join(folder, "none");
    mkdirSync(none);
    const { code, output } = await permissions("--check", "--recordings", none);

    expect(output).toMatch(/no recording of covid|PERMISSIONS ARE NOT CHECKED: covid recorded nothing/);
    expect(code).toBe(output.includes("NOT CHECKED") ? 0 : 1);
  });

  function record(lines: readonly object[]): void {
    writeFileSync(recording ?? "", lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
  }

  function explain(all: object): void {
    writeFileSync(reasons ?? "", JSON.stringify({ suites: ["covid"], ...all }));
  }

  function permissions(...args: readonly string[]) {
    const files = ["--recordings", folder, "--reasons", reasons ?? "", "--file", page ?? ""];
    return runProjectScript("permissions.ts", [...files, ...args]);
  }
});
