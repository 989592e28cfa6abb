import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { functionNode } from "../../scripts/cloud/environment/function-node";
import { runProgram } from "../../scripts/command-line/run-program";

const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "millrace");

describe("the Node that emulated functions run in", () => {
  test("is of the major version that is deployed, from npm", async () => {
    const said: string[] = [];

    const node = await functionNode(cache, (text) => said.push(text));

    expect(said).not.toContainEqual(expect.stringContaining("this machine's Node"));
    expect((await runProgram(node, ["--print", "process.version"])).stdout).toMatch(/^v22\./);
    expect(existsSync(node)).toBe(true);
  });

  test("is this process's own where npm has none, and that is said", async () => {
    const said: string[] = [];
    const folder = mkdtempSync(join(tmpdir(), "millrace-node-"));

    const node = await functionNode(folder, (text) => said.push(text), "plan9-mips");

    rmSync(folder, { recursive: true });
    expect(node).toBe(process.execPath);
    expect(said).toEqual([
      `functions run in this machine's Node ${process.version}, not in the deployed 22.23.3: npm has no Node for plan9-mips`,
    ]);
  });
});
