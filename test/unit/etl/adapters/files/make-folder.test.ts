import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { runProgram } from "../../../../../scripts/command-line/run-program";

const root = resolve(__dirname, "../../../../..");
const urlOf = (path: string) => JSON.stringify(pathToFileURL(join(root, path)).href);

test.each([
  ["a working directory that was deleted meanwhile", ".millrace/db"],
  ["/proc, which refuses it as if a parent were missing", "/proc/millrace/db"],
])("a folder below %s is made, or refused: it does not take for ever", async (_what, folder) => {
  const cwd = realpathSync(mkdtempSync(join(tmpdir(), "millrace-gone-")));
  const script = `
    import { rmSync } from "node:fs";
    const { default: { makeFolder } } = await import(${urlOf("etl/adapters/files/make-folder.ts")});
    rmSync(process.cwd(), { recursive: true });
    await makeFolder(${JSON.stringify(folder)}).catch(() => undefined);
    console.log("ended");
    process.exit();`;
  const tsx = pathToFileURL(join(root, "node_modules/tsx/dist/loader.mjs")).href;
  const args = ["--import", tsx, "--input-type=module", "--eval", script];

  const { stdout } = await runProgram(process.execPath, args, { cwd, signal: AbortSignal.timeout(60_000) });

  expect(stdout).toContain("ended");
  if (existsSync(cwd)) rmSync(cwd, { recursive: true });
});
