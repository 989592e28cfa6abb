import { App } from "cdktf";
import { readBackend } from "./config/backend";
import { ConfigError } from "./config/config-error";
import { loadConfig } from "./config/load";
import { addStacks } from "./stacks/app";

try {
  const config = loadConfig();
  const app = new App();
  addStacks(app, config, readBackend(config));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
