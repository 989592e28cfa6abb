import { once } from "node:events";
import { type AddressInfo, createServer, type Server, type Socket } from "node:net";
import { type TLSSocket, TLSSocket as Tls } from "node:tls";

/** Length 8 and the code 80877103 (PostgreSQL manual, "SSLRequest"). */
const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 0x04, 0xd2, 0x16, 0x2f]);

/**
 * As much of PostgreSQL as is needed to see whom a client trusts, on the loopback and in Node alone: it takes TLS, keeps what
 * the client says after that, and ends every login with "database does not exist".
 */
export class TlsPostgres {
  /** What clients said once they trusted the server: user and database of each login. */
  readonly logins: string[] = [];
  /** What clients said without TLS. */
  readonly plain: string[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(credentials: { readonly key: string; readonly cert: string }) {
    this.#server = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("data", (first) => {
        if (first.equals(SSL_REQUEST)) this.#secure(socket, credentials);
        else this.#answer(socket, first, this.plain);
      });
    });
  }

  static async start(credentials: { readonly key: string; readonly cert: string }): Promise<TlsPostgres> {
    const server = new TlsPostgres(credentials);
    server.#server.listen(0, "127.0.0.1");
    await once(server.#server, "listening");
    return server;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  url(host: string, query: string): string {
    return `postgres://loader:hunter2@${host}:${this.port}/feed${query}`;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #secure(socket: Socket, credentials: { readonly key: string; readonly cert: string }): void {
    socket.write("S");
    const secure: TLSSocket = new Tls(socket, { isServer: true, ...credentials });
    secure.on("error", () => undefined);
    secure.once("data", (startup) => this.#answer(secure, startup, this.logins));
  }

  #answer(socket: Socket, startup: Buffer, log: string[]): void {
    log.push(startup.subarray(8).toString("utf8").replaceAll("\0", " ").trim());
    const fields = Buffer.from('SFATAL\0C3D000\0Mdatabase "feed" does not exist\0\0');
    const head = Buffer.alloc(5);
    head.write("E");
    head.writeInt32BE(4 + fields.length, 1);
    socket.end(Buffer.concat([head, fields]));
  }
}
