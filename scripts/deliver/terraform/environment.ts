import { existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { runProgram } from "../../command-line/run-program";

const root = resolve(__dirname, "../../..");

/**
 * The environment that Terraform and cdktf run in: that of this process, no telemetry, no questions, and providers from
 * a mirror if this machine has one, otherwise from the registry into a cache shared by all stacks.
 */
export async function terraformEnvironment(more: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  return {
    ...process.env,
    ...(await providerSource()),
    CHECKPOINT_DISABLE: "1",
    TF_IN_AUTOMATION: "1",
    TF_INPUT: "0",
    ...more,
  };
}

async function providerSource(): Promise<NodeJS.ProcessEnv> {
  const named = process.env.TF_CLI_CONFIG_FILE;
  if (named !== undefined && existsSync(named)) return {};
  const mirror = join(process.env.MILLRACE_SHARED ?? join(root, "..", "shared"), "terraform", "mirror");
  if (existsSync(mirror)) return { TF_CLI_CONFIG_FILE: (await runProgram(mirror, [])).stdout.trim() };
  const cache = process.env.TF_PLUGIN_CACHE_DIR ?? join(root, ".millrace", "terraform-plugins");
  mkdirSync(cache, { recursive: true });
  return { TF_CLI_CONFIG_FILE: undefined, TF_PLUGIN_CACHE_DIR: cache };
}
