import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProjectScript } from "../support/processes/run-script";

test("npm run ops -- page says where pages are switched on, and how they come on this machine", async () => {
  // Prepare
  const folder = mkdtempSync(join(tmpdir(), "millrace-page-"));
  const MILLRACE_CONFIG = join(folder, "config.json");
  writeFileSync(MILLRACE_CONFIG, JSON.stringify({ pages: { enabled: false } }));

  // Act
  const { code, output } = await runProjectScript("ops.ts", ["page", "covid"], { MILLRACE_CONFIG });
  rmSync(folder, { recursive: true });

  // Assess
  expect(code).toBe(2);
  expect(output).toMatch(/^error: Pages are switched off in dev\. .*pages\.enabled in config\/dev\.ts.*etl -- pages/);
  expect(output).not.toMatch(/ at .*\.[jt]s:/);
});
