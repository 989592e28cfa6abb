import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../../../scripts/cloud/environment/free-port";
import type { PostgresServer } from "../../../scripts/cloud/postgres-server";
import { serverAccount } from "../../../scripts/cloud/server-account";

const PROGRAM = "/usr/sbin/pgbouncer";

/** Why there is no pgbouncer to test on, or undefined where there is one. */
export const pgbouncerMissing = existsSync(PROGRAM) ? undefined : "pgbouncer is missing: apt-get install pgbouncer";

/** A pooler before a throw-away PostgreSQL. */
export interface Pgbouncer {
  readonly url: string;
  stop(): Promise<void>;
}

export async function startPgbouncer(server: PostgresServer, settings: readonly string[]): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), "millrace-pgbouncer-"));
  const port = await freePort();
  const { password } = new URL(server.url());
  const file = join(folder, "pgbouncer.ini");
  const lines = [
    "[databases]",
    `postgres = host=127.0.0.1 port=${server.port} user=postgres password=${password}`,
    "[pgbouncer]",
    ...["listen_addr = 127.0.0.1", `listen_port = ${port}`, "unix_socket_dir =", "auth_type = any", ...settings],
  ];
  writeFileSync(file, `${lines.join("\n")}\n`, { mode: 0o600 });
  const account = serverAccount();
  if (account !== undefined) for (const path of [folder, file]) chownSync(path, account.uid, account.gid);
  const child = spawn(PROGRAM, [file], { stdio: "ignore", ...account });
  await untilItListens(child, port);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    stop: async () => {
      child.kill("SIGKILL");
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function untilItListens(child: ChildProcess, port: number): Promise<void> {
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    const socket = connect(port, "127.0.0.1");
    const [event] = await Promise.race([
      once(socket, "connect").then(() => ["connect"]),
      once(socket, "error").then(() => ["error"]),
    ]).catch(() => ["error"]);
    socket.destroy();
    if (event === "connect") return;
    await sleep(50);
  }
  throw new Error("pgbouncer did not start");
}
