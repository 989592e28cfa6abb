import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  constants as http2,
  type IncomingHttpHeaders,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from "node:http2";
import { connect as connectSocket } from "node:net";
import { join } from "node:path";
import { SchemaOfTypes } from "./schema-of-types";

const GET_SCHEMA = "/tfplugin5.Provider/GetSchema";
/** Before each message of gRPC: whether it is compressed, and its length. */
const PREFIX = 5;
/** Megabytes of a connection's calls; all schemas are 5, and Node refuses calls beyond 10. */
const maxSessionMemory = 100;
/** Types of a suite's stacks until now: one that is no longer in a stack is in its state still. */
const types = new Set<string>();

/**
 * Stands between Terraform and a provider that is kept: passes each call on as it is, and tells the schemas itself, those of
 * types that the stacks have. To make and to read all 2,100 took a second of processor time for each command.
 */
export class ProviderRelay {
  readonly #server: Http2Server;
  readonly #provider: ClientHttp2Session;
  readonly #stacks: string;
  #schema: Promise<SchemaOfTypes> | undefined;

  private constructor(server: Http2Server, provider: ClientHttp2Session, stacks: string) {
    this.#server = server;
    this.#provider = provider;
    this.#stacks = stacks;
    server.on("stream", (stream, headers) => {
      const { [http2.HTTP2_HEADER_AUTHORITY]: _, ...others } = headers;
      if (headers[http2.HTTP2_HEADER_PATH] === GET_SCHEMA) this.#tellSchema(stream, others);
      else this.#passOn(stream, others);
    });
  }

  /**
   * @param socket of the provider
   * @param own the socket to listen on
   * @param stacks folder below which the stacks are synthesised
   */
  static async start(socket: string, own: string, stacks: string): Promise<ProviderRelay> {
    const provider = connect("http://provider", { createConnection: () => connectSocket(socket), maxSessionMemory });
    // What ends with the provider has an error at each stream, too.
    provider.on("error", () => undefined);
    const relay = new ProviderRelay(createServer({ maxSessionMemory }), provider, stacks);
    relay.#server.listen(own);
    await once(relay.#server, "listening");
    return relay;
  }

  stop(): void {
    this.#provider.destroy();
    this.#server.close();
  }

  #tellSchema(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on("error", () => undefined);
    stream.resume();
    this.#schema ??= this.#askForSchema(headers);
    this.#schema.then(
      (schema) => {
        for (const type of typesIn(this.#stacks)) types.add(type);
        respond(stream, schema.of(types));
      },
      (reason) => stream.destroy(reason),
    );
  }

  #passOn(stream: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
    stream.on("error", () => undefined);
    const request = this.#provider.request(headers);
    let trailers: OutgoingHttpHeaders = {};
    request.on("error", () => stream.close(http2.NGHTTP2_INTERNAL_ERROR));
    request.on("response", (answer, flags) => {
      const ended = (flags & http2.NGHTTP2_FLAG_END_STREAM) !== 0;
      if (stream.closed) return;
      stream.respond({ ...answer }, ended ? { endStream: true } : { waitForTrailers: true });
      if (!ended) request.pipe(stream);
    });
    request.on("trailers", (got) => {
      trailers = { ...got };
    });
    stream.on("wantTrailers", () => stream.sendTrailers(trailers));
    // Terraform takes a call back when it is interrupted.
    stream.on("close", () => request.close(stream.rstCode));
    stream.pipe(request);
  }

  async #askForSchema(headers: IncomingHttpHeaders): Promise<SchemaOfTypes> {
    const request = this.#provider.request(headers);
    request.end(Buffer.alloc(PREFIX));
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    const answer = Buffer.concat(parts);
    if (answer.length < PREFIX || answer[0] !== 0) throw new Error("the provider's schema is none, or compressed");
    return new SchemaOfTypes(answer.subarray(PREFIX));
  }
}

function respond(stream: ServerHttp2Stream, message: Buffer): void {
  if (stream.closed) return;
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
  stream.on("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(Buffer.concat([prefix, message]));
}

/** Of all stacks below a folder. */
function* typesIn(folder: string): Generator<string> {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!file.endsWith(".tf.json")) continue;
    const stack = JSON.parse(readFileSync(join(folder, file), "utf8"));
    for (const kind of ["resource", "data"]) for (const type of Object.keys(stack[kind] ?? {})) yield `${kind}.${type}`;
  }
}
