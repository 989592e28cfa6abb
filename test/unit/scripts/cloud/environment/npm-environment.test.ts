import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { npmEnvironment } from "../../../../../scripts/cloud/environment/npm-environment";

describe("npmEnvironment", () => {
  let folder: string;
  let cache: string;
  let said: string[];
  const say = (text: string) => said.push(text);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-npm-"));
    cache = join(folder, "cache");
    said = [];
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("installs what is asked for, runs no install script, and does so once", async () => {
    // Prepare
    const packages = { "of-test": offer("of-test", "1.2.3") };

    // Act
    const home = await npmEnvironment(packages, cache, say);
    const again = await npmEnvironment(packages, cache, say);

    // Assess
    const installed = join(home, "node_modules", "of-test");
    expect(JSON.parse(readFileSync(join(installed, "package.json"), "utf8"))).toMatchObject({ version: "1.2.3" });
    expect(existsSync(join(installed, "script-ran"))).toBe(false);
    expect(again).toBe(home);
    expect(said).toEqual(["installing of-test into a separate folder (once)"]);
  });

  test("another list is another folder", async () => {
    // Act
    const one = await npmEnvironment({ one: offer("one", "1.0.0") }, cache, say);
    const two = await npmEnvironment({ two: offer("two", "1.0.0") }, cache, say);

    // Assess
    expect(readdirSync(join(one, "node_modules"))).toContain("one");
    expect(readdirSync(join(two, "node_modules"))).not.toContain("one");
  });

  test("leaves nothing behind that could be taken for an environment when npm fails", async () => {
    // Act
    const failed = npmEnvironment({ absent: `file:${join(folder, "absent")}` }, cache, say);

    // Assess
    await expect(failed).rejects.toThrow("npm install");
    expect(readdirSync(cache)).toEqual([]);
  });

  /** A package on this machine, so that no registry is asked. */
  function offer(name: string, version: string): string {
    const home = join(folder, name);
    mkdirSync(home);
    const scripts = { postinstall: "touch script-ran" };
    writeFileSync(join(home, "package.json"), JSON.stringify({ name, version, scripts }));
    return `file:${home}`;
  }
});
