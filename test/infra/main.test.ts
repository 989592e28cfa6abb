import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const root = resolve(__dirname, "../..");
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-synth-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** What `cdktf synth` runs. */
function synth(variables: NodeJS.ProcessEnv) {
  return spawnSync(process.execPath, ["--import", "tsx", "main.ts"], {
    cwd: root,
    env: { ...process.env, CDKTF_OUTDIR: join(folder, "out"), MILLRACE_CONFIG: "", ...variables },
    encoding: "utf8",
  });
}

describe("main.ts", () => {
  test.each(["dev", "prod"])("writes the three stacks of %s", (ENVIRONMENT) => {
    const { status, stderr } = synth({ ENVIRONMENT });

    expect([status, stderr]).toEqual([0, expect.not.stringContaining("Error")]);
    expect(readdirSync(join(folder, "out", ENVIRONMENT)).sort()).toEqual(["etl", "network", "state-backend"]);
    const manifest = readFileSync(join(folder, "out/manifest.json"), "utf8");
    expect(manifest).not.toContain(root);
    expect(JSON.parse(manifest).stacks.etl).toMatchObject({
      workingDirectory: `${ENVIRONMENT}/etl`,
      synthesizedStackPath: `${ENVIRONMENT}/etl/cdk.tf.json`,
    });
  });

  test("refuses a wrong value before it writes anything, in one line without a stack", () => {
    const file = join(folder, "overrides.json");
    writeFileSync(file, '{"network": {"zones": 9}}');

    const { status, stderr } = synth({ ENVIRONMENT: "dev", MILLRACE_CONFIG: file });

    expect(status).toBe(1);
    expect(stderr).toContain("network.zones: got 9, allowed is a whole number from 2 to 3");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(readdirSync(folder)).toEqual(["overrides.json"]);
  });
});
