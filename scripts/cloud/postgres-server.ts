import { randomBytes } from "node:crypto";
import { chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client, type ClientConfig } from "pg";
import { runProgram } from "../run-program";
import { freePort } from "./free-port";
import { serverAccount } from "./server-account";

export interface PostgresServerOptions {
  /** `initdb`, found on this machine; `pg_ctl` lies beside it. */
  readonly initdb: string;
  /** Folder with `ca.pem`, `server.pem` and `server.key`. */
  readonly certificates: string;
}

/**
 * A throw-away PostgreSQL on 127.0.0.1 that stands for RDS: it refuses connections without TLS, and can be stopped
 * and started again like an instance that reboots.
 */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  readonly #bin: string;
  readonly #password = randomBytes(24).toString("base64url");
  readonly #ca: string;
  readonly #account = serverAccount();

  private constructor({ initdb, certificates }: PostgresServerOptions, port: number) {
    this.port = port;
    this.#bin = dirname(initdb);
    this.#ca = readFileSync(join(certificates, "ca.pem"), "utf8");
    this.#folder = mkdtempSync(join(tmpdir(), "millrace-postgres-"));
    this.#give(this.#folder);
    for (const name of ["server.pem", "server.key"]) {
      copyFileSync(join(certificates, name), join(this.#folder, name));
      this.#give(join(this.#folder, name));
    }
  }

  /** Makes a cluster and starts it. */
  static async create(options: PostgresServerOptions): Promise<PostgresServer> {
    const server = new PostgresServer(options, await freePort());
    await server.#initialise();
    await server.start();
    return server;
  }

  async #initialise(): Promise<void> {
    const passwordFile = join(this.#folder, "password");
    writeFileSync(passwordFile, this.#password, { mode: 0o600 });
    this.#give(passwordFile);
    await this.#run(
      "initdb",
      "--username=postgres",
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
    );
    rmSync(passwordFile);
    const settings = [
      "listen_addresses = '127.0.0.1'",
      `port = ${this.port}`,
      "unix_socket_directories = ''",
      "ssl = on",
      `ssl_cert_file = '${join(this.#folder, "server.pem")}'`,
      `ssl_key_file = '${join(this.#folder, "server.key")}'`,
      // Nothing here outlives the process.
      "fsync = off",
    ];
    writeFileSync(join(this.#data, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
    // Only `hostssl`: what rds.force_ssl does.
    writeFileSync(join(this.#data, "pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n");
  }

  async start(): Promise<void> {
    await this.#run("pg_ctl", "--wait", `--log=${join(this.#folder, "log")}`, "start");
  }

  /** Ends every connection at once, as a failing instance does. */
  async stop(): Promise<void> {
    await this.#run("pg_ctl", "--wait", "--mode=immediate", "stop");
  }

  /** Stops the server, if it runs, and removes its files. */
  async remove(): Promise<void> {
    await this.stop().catch(() => undefined);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** How the superuser connects, TLS verified. */
  connection(database = "postgres"): ClientConfig {
    const { port } = this;
    const ssl = { ca: this.#ca };
    return { host: "127.0.0.1", port, user: "postgres", password: this.#password, database, ssl };
  }

  /** Rows of one statement, run by the superuser. */
  async query<Row extends object>(database: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client(this.connection(database));
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  get #data(): string {
    return join(this.#folder, "data");
  }

  #give(path: string): void {
    if (this.#account !== undefined) chownSync(path, this.#account.uid, this.#account.gid);
  }

  async #run(program: string, ...args: readonly string[]): Promise<void> {
    await runProgram(join(this.#bin, program), [`--pgdata=${this.#data}`, ...args], {
      cwd: this.#folder,
      account: this.#account,
    });
  }
}
