import { resolve } from "node:path";
import * as z from "zod";
import { cacheFolder } from "../../scripts/cloud/environment/cache-folder";
import { pythonEnvironment } from "../../scripts/cloud/environment/python-environment";
import { simulatorModules } from "../../scripts/cloud/environment/simulator-modules";
import { findProgram } from "../../scripts/command-line/find-program";
import { runProgram } from "../../scripts/command-line/run-program";
import { describeUnless } from "../support/files/real-data";

const emulator = resolve(__dirname, "../../emulator");
const python = findProgram("python3");
const missing = python === undefined ? "python3 is missing" : undefined;

const lines = z.array(
  z.object({
    service: z.string(),
    operation: z.string(),
    action: z.string(),
    resource: z.string(),
    source: z.string().min(1),
    decision: z.string(),
    reason: z.string(),
  }),
);

describeUnless(missing, "the emulator's table of permissions", () => {
  test("has only actions that there are, on resources that they take", async () => {
    // Prepare
    const say = () => undefined;
    const [interpreter, simulator] = await Promise.all([
      pythonEnvironment(python ?? "", `${emulator}/requirements.txt`, cacheFolder(), say),
      simulatorModules(cacheFolder(), say),
    ]);

    // Act
    const tried = await runProgram(interpreter, [`${emulator}/permission_table.py`, process.execPath, simulator], {
      env: { ...process.env, PYTHONDONTWRITEBYTECODE: "1" },
    });

    // Assess
    const found = lines.parse(JSON.parse(tried.stdout));
    expect(found.filter(({ decision }) => decision !== "Allowed")).toEqual([]);
    expect(new Set(found.map(({ service }) => service)).size).toBe(22);
    expect(found.length).toBeGreaterThan(500);
  });
});
