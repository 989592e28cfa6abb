import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

/**
 * What becomes of a connection once its fault has struck.
 *
 * - `swallow`: both sides stay open and nothing passes any more, as behind a firewall that forgot the connection.
 * - `cut`: both sides are closed; what had passed before still arrives.
 * - `delay`: all that follows passes after `delayMs`.
 * - `half-close`: the client is told that nothing more will come, and what it sends goes nowhere.
 * - `hold`: nothing passes until `release`, and then all goes on: time for something else to befall either side.
 */
export type FaultMode = "swallow" | "cut" | "delay" | "half-close" | "hold";

/** What sets a fault off: a text in one side's stream, or a number of bytes that it sent. */
export interface FaultTrigger {
  /** Whose stream is watched. */
  readonly side: "client" | "server";
  /** What that side must have sent before, on the same connection; default: nothing. */
  readonly after?: RegExp;
  /** In the stream as Latin-1; a match may lie across two packets, when it is shorter than 256 bytes. */
  readonly pattern?: RegExp;
  /** So many bytes of that side pass, and no more. */
  readonly bytes?: number;
  /** Whether the packet with the pattern is the first that the fault meets, or the last that passes. @default "before" */
  readonly strike?: "before" | "after";
}

export interface Fault {
  readonly mode: FaultMode;
  readonly when: FaultTrigger;
  /** @default 1,000 ms */
  readonly delayMs?: number;
  /** Strikes the connections that come after the first one as well, at once. @default false: one connection, once */
  readonly lasting?: boolean;
}

const TAIL_BYTES = 256;

/** Stands between a client and a server on this machine, and breaks connections as a test says. */
export class FaultyProxy {
  readonly port: number;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #sockets = new Set<Socket>();
  readonly #links = new Set<Link>();
  #held: { readonly link: Link; readonly parts: { readonly other: Socket; readonly data: Buffer }[] } | undefined;
  #fault: Fault | undefined;
  #struck: { readonly promise: Promise<void>; readonly resolve: () => void } = deferred();
  #lasting: FaultMode | undefined;

  private constructor(server: Server, targetPort: number) {
    const address = server.address();
    this.port = typeof address === "object" ? (address?.port ?? 0) : 0;
    this.#server = server;
    this.#targetPort = targetPort;
    server.on("connection", (client: Socket) => this.#join(client));
  }

  static async start(targetPort: number): Promise<FaultyProxy> {
    const server = createServer({ allowHalfOpen: true }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return new FaultyProxy(server, targetPort);
  }

  /** A URL of the server as a URL through the proxy. */
  url(url: string): string {
    const through = new URL(url);
    through.port = String(this.port);
    return through.href;
  }

  /** Sets the next fault. @returns when it has struck */
  arm(fault: Fault): Promise<void> {
    this.#fault = fault;
    this.#lasting = undefined;
    this.#struck = deferred();
    return this.#struck.promise;
  }

  /** What was held passes, and the connection is as any other. */
  release(): void {
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    held.link.mode = undefined;
    for (const { other, data } of held.parts) if (other.writable) other.write(data);
  }

  /** New connections pass again, and the server learns that the broken ones are gone, as by its keep-alive. */
  heal(): void {
    for (const { mode, server } of this.#links) if (mode !== undefined) server.destroy();
    this.#fault = undefined;
    this.#lasting = undefined;
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }

  #join(client: Socket): void {
    const server = connect({ port: this.#targetPort, host: "127.0.0.1", allowHalfOpen: true });
    const link: Link = { client, server, mode: this.#lasting, delayMs: 0 };
    this.#links.add(link);
    server.once("close", () => this.#links.delete(link));
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.setNoDelay();
      socket.on("error", () => undefined);
      socket.once("close", () => this.#sockets.delete(socket));
    }
    if (link.mode === "cut") {
      client.resetAndDestroy();
      server.destroy();
      return;
    }
    if (link.mode === "half-close") client.end();
    this.#pass(link, "client");
    this.#pass(link, "server");
  }

  #pass(link: Link, side: FaultTrigger["side"]): void {
    const other = side === "client" ? link.server : link.client;
    let tail = "";
    let bytes = 0;
    let readyFor: Fault | undefined;
    link[side].on("data", (data: Buffer) => {
      if (link.mode === "hold") return void this.#held?.parts.push({ other, data });
      if (link.mode !== undefined) return forward(link, other, data);
      const fault = this.#fault;
      if (fault === undefined || fault.when.side !== side) return void other.write(data);
      const seen = tail + data.toString("latin1");
      tail = seen.slice(-TAIL_BYTES);
      bytes += data.length;
      const { after, pattern, strike = "before", bytes: limit } = fault.when;
      if (after !== undefined && readyFor !== fault) {
        if (after.test(seen)) readyFor = fault;
        if (readyFor === fault) tail = "";
        return void other.write(data);
      }
      const over = limit === undefined ? 0 : Math.max(0, bytes - limit);
      if (pattern?.test(seen) !== true && over === 0) return void other.write(data);
      const passing =
        over > 0 ? data.subarray(0, data.length - over) : data.subarray(0, strike === "after" ? undefined : 0);
      this.#strike(link, fault, other, passing, data.subarray(passing.length));
    });
    link[side].once("end", () => inTurn(link, () => other.end()));
    link[side].once("close", () => {
      inTurn(link, () => other.destroy());
      if (link.mode !== undefined && link.mode !== "delay" && side === "client") link.server.destroy();
    });
  }

  #strike(link: Link, fault: Fault, other: Socket, passing: Buffer, rest: Buffer): void {
    if (passing.length > 0) other.write(passing);
    link.mode = fault.mode;
    link.delayMs = fault.delayMs ?? 1_000;
    this.#fault = undefined;
    if (fault.lasting === true) this.#lasting = fault.mode;
    if (fault.mode === "cut") {
      // What passed is read to its end by the server, which then meets a client that is gone.
      link.server.end();
      link.client.resetAndDestroy();
    } else if (fault.mode === "half-close") link.client.end();
    else if (fault.mode === "hold") this.#held = { link, parts: rest.length > 0 ? [{ other, data: rest }] : [] };
    else forward(link, other, rest);
    this.#struck.resolve();
  }
}

interface Link {
  readonly client: Socket;
  readonly server: Socket;
  mode: FaultMode | undefined;
  delayMs: number;
}

/** What a connection does with data after its fault: only a delayed one passes any on. */
function forward(link: Link, other: Socket, data: Buffer): void {
  if (data.length > 0) inTurn(link, () => other.writable && other.write(data));
}

/** At once on a whole connection, later on a delayed one, behind all that came before; never on any other. */
function inTurn({ mode, delayMs }: Link, pass: () => void): void {
  if (mode === undefined) pass();
  else if (mode === "delay") setTimeout(pass, delayMs);
}

function deferred() {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}
