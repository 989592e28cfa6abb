import { randomBytes } from "node:crypto";
import { chownSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Client, type ClientConfig } from "pg";
import { runProgram } from "../command-line/run-program";
import { freePort } from "./environment/free-port";
import { serverAccount } from "./server-account";

export interface PostgresServerOptions {
  /** Path of `initdb`; `pg_ctl` is beside it. */
  readonly initdb: string;
  /** Folder with `ca.pem`, `server.pem` and `server.key`: the server refuses connections without TLS. @default no TLS */
  readonly certificates?: string;
  /**
   * Lines of its configuration. @default PostgreSQL's, except `fsync = off`, since nothing here outlives the process
   */
  readonly settings?: readonly string[];
  /** @default 16 MiB, PostgreSQL's own */
  readonly walSegmentMiB?: number;
}

/**
 * A throw-away PostgreSQL on 127.0.0.1. With certificates it emulates RDS, and can be stopped and started again like a
 * rebooting instance.
 */
export class PostgresServer {
  readonly port: number;
  readonly #folder: string;
  readonly #bin: string;
  readonly #password = randomBytes(24).toString("base64url");
  readonly #ca: string | undefined;
  readonly #settings: readonly string[];
  readonly #walSegmentMiB: number;
  readonly #account = serverAccount();

  private constructor(options: PostgresServerOptions, port: number) {
    const { initdb, certificates, settings = ["fsync = off"], walSegmentMiB = 16 } = options;
    this.port = port;
    this.#walSegmentMiB = walSegmentMiB;
    this.#bin = dirname(initdb);
    this.#settings = settings;
    this.#folder = mkdtempSync(join(tmpdir(), "millrace-postgres-"));
    this.#give(this.#folder);
    if (certificates === undefined) return;
    this.#ca = readFileSync(join(certificates, "ca.pem"), "utf8");
    for (const name of ["server.pem", "server.key"]) {
      copyFileSync(join(certificates, name), join(this.#folder, name));
      this.#give(join(this.#folder, name));
    }
  }

  /** Creates a cluster and starts it. */
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
      `--wal-segsize=${this.#walSegmentMiB}`,
    );
    rmSync(passwordFile);
    const settings = [
      "listen_addresses = '127.0.0.1'",
      `port = ${this.port}`,
      "unix_socket_directories = ''",
      ...this.#settings,
      ...(this.#ca === undefined ? [] : this.#tlsSettings),
    ];
    writeFileSync(join(this.#data, "postgresql.auto.conf"), `${settings.join("\n")}\n`);
    // Only `hostssl`, like rds.force_ssl.
    const access = this.#ca === undefined ? "host" : "hostssl";
    writeFileSync(join(this.#data, "pg_hba.conf"), `${access} all all 127.0.0.1/32 scram-sha-256\n`);
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

  /** Connection settings of the superuser, with verified TLS. */
  connection(database = "postgres"): ClientConfig {
    const { port } = this;
    const ssl = this.#ca === undefined ? false : { ca: this.#ca };
    return { host: "127.0.0.1", port, user: "postgres", password: this.#password, database, ssl };
  }

  /** The same as a URL, without TLS. */
  url(database = "postgres"): string {
    return `postgres://postgres:${this.#password}@127.0.0.1:${this.port}/${database}`;
  }

  /** Runs one statement as the superuser, and returns its rows. */
  async query<Row extends object>(database: string, text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const client = new Client(this.connection(database));
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  }

  get #tlsSettings(): readonly string[] {
    return [
      "ssl = on",
      `ssl_cert_file = '${join(this.#folder, "server.pem")}'`,
      `ssl_key_file = '${join(this.#folder, "server.key")}'`,
    ];
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
