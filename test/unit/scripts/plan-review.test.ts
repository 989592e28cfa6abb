import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedFile } from "../../support/plans/recorded-plans";
import { runProjectScript } from "../../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-review-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("npm run plan-review", () => {
  test("writes a comment that is short enough, and the whole text to the job's summary", async () => {
    const [plan, summary] = [join(folder, "etl.json"), join(folder, "summary.md")];
    copyFileSync(recordedFile("too-large"), plan);
    const link = ["--link", "https://github.example/run/1"];

    const { code, stdout } = await runProjectScript("plan-review.ts", ["--summary", summary, ...link, plan]);

    expect(code).toBe(0);
    expect(stdout.length).toBeLessThanOrEqual(65_536);
    expect(stdout).toContain("[the job's summary](https://github.example/run/1)");
    expect(readFileSync(summary, "utf8")).toContain('aws_iam_policy.import_worker_policy_1A2B3C4D["23"]');
  });

  test("takes a stack that waits beside one that is planned", async () => {
    const [network, etl] = [join(folder, "network.json"), join(folder, "etl.json")];
    copyFileSync(recordedFile("create"), network);
    writeFileSync(etl, '{"waits_for":"network","missing_outputs":[]}');

    const { stdout } = await runProjectScript("plan-review.ts", ["--title", "Plan for dev", network, etl]);

    expect(stdout).toContain("## Plan for dev");
    expect(stdout).toContain("**etl** is not planned");
    expect(stdout).toContain("| network | platform/raw | create |");
  });

  test.each([
    [["missing.json"], 2, "there is no such file"],
    [["--noise", "package.json", recordedFile("empty")], 1, "known noise"],
    [[], 2, "missing required argument"],
    [["--help"], 0, "Secrets are masked"],
  ])("%j ends with %i", async (args, code, message) => {
    const result = await runProjectScript("plan-review.ts", args);

    expect(result.code).toBe(code);
    expect(result.output).toContain(message);
  });
});
