type Pieces = AsyncIterable<Uint8Array>;

export const Readable = { from: (pieces: Pieces): Pieces => pieces };

/** What comes out of a browser's stream; an error of either side ends both with it. */
export async function* pipeline(
  pieces: Pieces,
  { readable, writable }: Pick<DecompressionStream, "readable" | "writable">,
): AsyncGenerator<Uint8Array> {
  const writing = write(pieces, writable.getWriter());
  const reader = readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
    await writing;
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

async function write(pieces: Pieces, writer: WritableStreamDefaultWriter): Promise<void> {
  try {
    for await (const piece of pieces) await writer.write(piece);
    await writer.close();
  } catch (error) {
    // The reader meets it.
    await writer.abort(error).catch(() => undefined);
  }
}
