import { spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
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

test.each([["covid"], ["feed", "sales"]])("SIGTERM to npm run ends a load of %s", async (...command) => {
  // Prepare: a database that answers nothing, so that the load waits.
  const silent = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.resume();
  });
  await once(silent.listen(0, "127.0.0.1"), "listening");
  const { port } = silent.address() as AddressInfo;
  const npm = spawn("npm", ["run", "etl", "--", ...command, "--database-url", `postgres://me@127.0.0.1:${port}/none`], {
    cwd: ROOT,
    env: { ...process.env, NODE_OPTIONS: undefined },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  for (const stream of [npm.stdout, npm.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const ended = once(npm, "close");
  const [socket] = (await once(silent, "connection")) as [Socket];
  const gone = once(socket, "close");

  // Act
  npm.kill("SIGTERM");
  await ended;
  await gone;

  // Assess: it did not wait for the database to be given up.
  expect(said).not.toMatch(/does not answer|error:|\n\s+at /);
  silent.close();
});
