import { App, Manifest } from "cdktf";
import { readBackend } from "./config/backend";
import { ConfigError } from "./config/config-error";
import { isEndpointInEnvironment, loadConfig } from "./config/load";
import { addStacks } from "./stacks/app";
import { withoutTraces } from "./stacks/without-traces";

try {
  const config = loadConfig();
  // In place of `stacks`, the name that cdktf reads from its manifest: what Terraform keeps in a folder, above all which
  // backend it spoke to last, is of one environment.
  Object.assign(Manifest, { stacksFolder: config.environment });
  withoutTraces(() => {
    const app = new App();
    addStacks(app, config, readBackend(config), isEndpointInEnvironment(config));
    app.synth();
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
