import type { Writable } from "node:stream";
import type { Outbox, OutgoingMessage } from "../core/outbox";

/** Writes the body of each message on a line of its own, for example to standard output. */
export class LineOutbox implements Outbox {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async maxBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  /** @throws where the reader went away */
  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const text = messages.map(({ body }) => `${body}\n`).join("");
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(error) : resolve()));
    });
  }
}
