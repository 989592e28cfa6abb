import type { Writable } from "node:stream";
import { MillraceError } from "../../core/errors";
import type { Outbox, OutgoingMessage } from "../../core/objects/outbox";

/** The reader is gone: no later message can be sent either. */
export class LostReaderError extends MillraceError {
  override readonly name = "LostReaderError";
}

/** Writes the body of each message as one line, for example to standard output. */
export class LineOutbox implements Outbox {
  readonly #stream: Writable;

  constructor(stream: Writable) {
    this.#stream = stream;
  }

  async maxBytes(): Promise<number> {
    return Number.POSITIVE_INFINITY;
  }

  /** @throws LostReaderError if they cannot be written */
  async send(messages: readonly OutgoingMessage[]): Promise<void> {
    const text = messages.map(({ body }) => `${body}\n`).join("");
    await new Promise<void>((resolve, reject) => {
      this.#stream.write(text, (error) => (error ? reject(lost(error)) : resolve()));
    });
  }
}

function lost(cause: Error): LostReaderError {
  return new LostReaderError("The messages cannot be printed", {
    got: cause.message,
    fix: "Run again with a reader that reads all of them: those not printed, and at most the last thousand, come again",
    cause,
  });
}
