import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileCheckout } from "./compile-checkout";

/** Before all suites run: commands of this checkout are compiled once, as tsx would do at each of their starts. */
export default async function compileCommands(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-compiled-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.env.MILLRACE_COMPILED = await compileCheckout(join(__dirname, "../../.."), folder);
}
