import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runEtl } from "../support/processes/run-etl";
import { runProjectScript } from "../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-missing-"));
const file = join(folder, "a.csv");
writeFileSync(file, "id\n1\n");
afterAll(() => rmSync(folder, { recursive: true }));

type Call = readonly [script: string, ...args: readonly string[]];

async function run([script, ...args]: Call) {
  if (script !== "etl") return runProjectScript(`${script}.ts`, args);
  const { code, stdout, stderr } = await runEtl(folder, args);
  return { code, stdout, output: stdout + stderr };
}

/** Rows of a table of tests: the name, and the call. */
const named = (calls: readonly Call[]) => calls.map((call) => [call.join(" ").replaceAll(folder, ""), call] as const);

const refuses = (says: RegExp) => async (_name: string, call: Call) => {
  const { code, output } = await run(call);
  expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(says) });
  expect(output).not.toMatch(/^\s+at /m);
};

describe("a missing file or folder of the command line is wrong usage", () => {
  test.each(
    named([
      ["etl", "covid", "--cases", "none.csv", "--recoveries", file],
      ["etl", "covid", "--cases", file, "--recoveries", "none.csv"],
      ["etl", "orders", "none"],
      ["etl", "metadata", "none"],
      ["etl", "feed", "sales", "none.csv"],
      ["etl", "feed", "sales", "--from", "none"],
      ["etl", "feed", "./none.json", file],
      ["etl", "doctor", "sales", "--from", "none"],
      ["etl", "pages", "--uploads", "none"],
      ["etl", "mend", "sales", "none.csv"],
      ["etl", "import", "--from", "none"],
      ["etl", "undo", "orders", "20230828", "--folder", "none"],
      ["new-feed", "trial", "--from", "none.csv"],
      ["data-plan", "--from", "none"],
      ["data-plan", "--event", "none.json"],
      ["plan-review", "none.json"],
      ["plan-review", "--noise", "none.json", file],
      ["plan-guard", "none.json"],
      ["plan-guard", "--event", "none.json", file],
      ["deploy", "--event", "none.json"],
      ["deploy", "--reviewed", "none.json"],
      ["github-check", "--variables", "none.json"],
      ["github-check", "--token", "none.json"],
      ["ops", "start", "covid", "--input", "none.json"],
      ["ops", "mend", "covid", "none.csv"],
    ]),
  )("%s", refuses(/there is no such (file|folder)|cannot be read: got ENOENT/));

  test.each(
    named([
      ["etl", "feed", "sales", "."],
      ["etl", "metadata", "."],
      ["new-feed", "trial", "--from", folder],
    ]),
  )("so is a folder in place of a file: %s", refuses(/this is a folder|This is not a file/));

  test.each(
    named([
      ["etl", "orders", "a.csv"],
      ["etl", "feed", "sales", "--from", "a.csv"],
      ["etl", "import", "--from", "a.csv"],
      ["data-plan", "--from", file],
    ]),
  )("so is a file in place of a folder: %s", refuses(/this is a file/));
});

test.each(
  named([
    ["etl", "import", "--from", "s3:/bucket/x"],
    ["etl", "export", "--to", "s3://bucket/x"],
    ["etl", "metadata", "s3://bucket/x"],
    ["etl", "pages", "--uploads", "s3://bucket/x"],
    ["ops", "mend", "covid", "s3://bucket/x.csv"],
  ]),
)("so is an address in place of a path: %s", refuses(/^error: This is an address, not a path: got s3:/));

test("a base that is no commit is wrong usage, too", () =>
  refuses(/The base is not a commit/)("", ["data-plan", "--base", "no-such-branch"]));

describe("a folder to write to that cannot be one is wrong usage", () => {
  test.each(
    named([
      ["etl", "export", "--to", file],
      ["ops", "page", "--folder", file],
      ["build", "--out", file],
      ["deploy", "--outdir", file],
      ["destroy", "--outdir", file],
      ["bootstrap", "--outdir", file],
      ["axis", "--out", file],
    ]),
  )("%s", refuses(/this is a file/));

  test.each<readonly [string, Call, RegExp]>([
    ["through a file", ["etl", "export", "--to", join(file, "x")], /a part of this path is a file/],
    ["an empty text", ["etl", "export", "--to", ""], /expected a path/],
  ])("so is %s", (name, call, says) => refuses(says)(name, call));
});

describe("an address of a database that is none is wrong usage", () => {
  const none = ["--database-url", "mysql://127.0.0.1/x"];

  test.each(
    named([
      ["etl", "covid", ...none],
      ["etl", "feed", "sales", file, ...none],
      ["etl", "undo", "covid", "latest", ...none],
      ["etl", "export", "--to", join(folder, "export"), ...none],
    ]),
  )("%s", refuses(/the database URL cannot be read/));
});
