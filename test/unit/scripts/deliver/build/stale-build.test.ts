import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { appendFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { buildHandlers, findStaleHandlers, listHandlers } from "../../../../../scripts/deliver/build/handlers";
import { buildLayer, isLayerStale } from "../../../../../scripts/deliver/build/layer";

const root = resolve(__dirname, "../../../../..");
const folder = mkdtempSync(join(tmpdir(), "millrace-stale-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a build", () => {
  test("is stale where it is missing, fresh once it is made, and stale again where a file is another", async () => {
    // Act
    const missing = [await findStaleHandlers(root, folder), await isLayerStale(root, folder)];
    await Promise.all([buildHandlers(root, folder), buildLayer(root, folder)]);
    const made = [await findStaleHandlers(root, folder), await isLayerStale(root, folder)];
    await appendFile(join(folder, "handlers/covid/load/index.js"), "// of an older commit\n");
    await appendFile(join(folder, "layer/runtime.zip"), "more");
    const changed = [await findStaleHandlers(root, folder), await isLayerStale(root, folder)];

    // Assess
    expect(missing).toEqual([await listHandlers(root), true]);
    expect(made).toEqual([[], false]);
    expect(changed).toEqual([["covid/load"], true]);
  });
});

describe("bare cdktf", () => {
  test("synthesises nothing without a build, and names the command", () => {
    // Prepare
    const { app } = JSON.parse(readFileSync(join(root, "cdktf.json"), "utf8")) as { readonly app: string };
    const CDKTF_OUTDIR = join(folder, "nothing-built", "out");

    // Act
    const { status, stderr } = spawnSync(app, {
      ...{ cwd: root, shell: true, encoding: "utf8" },
      env: { ...process.env, CDKTF_OUTDIR, ENVIRONMENT: "dev", MILLRACE_CONFIG: "" },
    });

    // Assess
    expect(status).toBe(1);
    expect(stderr).toMatch(/outdated: the layer, .*the handler covid\/load.*npm run deploy/);
    expect(existsSync(CDKTF_OUTDIR)).toBe(false);
  });
});
