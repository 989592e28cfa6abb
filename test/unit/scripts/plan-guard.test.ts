import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { recordedFile } from "../../support/plans/recorded-plans";
import { runProjectScript } from "../../support/processes/run-script";

const folder = mkdtempSync(join(tmpdir(), "millrace-guard-"));
afterAll(() => rmSync(folder, { recursive: true }));

function event(...labels: readonly string[]): string {
  const file = join(folder, `event-${labels.join("-")}.json`);
  writeFileSync(file, JSON.stringify({ pull_request: { labels: labels.map((name) => ({ name })) } }));
  return file;
}

describe("npm run plan-guard", () => {
  test("ends with 1 and says what to do where data would be lost, with 0 under the label", async () => {
    const plan = recordedFile("destroy-bucket");

    const refused = await runProjectScript("plan-guard.ts", ["--event", event("docs"), plan]);
    const allowed = await runProjectScript("plan-guard.ts", ["--event", event("allow-destroy"), plan]);

    expect(refused).toMatchObject({ code: 1, output: expect.stringContaining("--allow ADDRESS") });
    expect(refused.output).toContain("aws_s3_bucket.import_landing_bucket_2B3C4D5E would be destroyed");
    expect(allowed).toMatchObject({ code: 0, output: expect.stringContaining("allowed by the label") });
  });

  test("ends with 1 for a file that is no plan, 2 for wrong usage", async () => {
    const noPlan = join(folder, "etl.json");
    writeFileSync(noPlan, '{"format_version": "2.0"}');

    expect(await runProjectScript("plan-guard.ts", [noPlan])).toMatchObject({
      code: 1,
      output: expect.stringContaining("format_version"),
    });
    expect(await runProjectScript("plan-guard.ts", [])).toMatchObject({ code: 2 });
  });
});
