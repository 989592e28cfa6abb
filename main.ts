import { App } from "cdktf";
import { readBackend } from "./config/backend";
import { loadConfig } from "./config/load";
import { addStacks } from "./stacks/app";

const config = loadConfig();
const app = new App();
addStacks(app, config, readBackend(config));
app.synth();
