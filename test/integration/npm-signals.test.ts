import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(__dirname, "..", "..");

test("SIGTERM to npm run ends what it runs", async () => {
  // Prepare
  const npm = spawn("npm", ["run", "dashboard", "--", "--port", "0"], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const output = npm.stdout;
  let address = "";
  for await (const line of createInterface(output)) {
    address = /http:\S+/.exec(line)?.[0] ?? "";
    if (address !== "") break;
  }

  // Act: the pipe ends when everybody who could write into it has ended.
  const ended = once(npm, "close");
  output.resume();
  npm.kill("SIGTERM");
  await ended;

  // Assess
  await expect(fetch(address)).rejects.toThrow();
});
