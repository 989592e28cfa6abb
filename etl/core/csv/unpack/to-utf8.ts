import { TextDecoder } from "node:util";
import type { Encoding } from "../../contract/contract";
import { CsvError } from "../../errors";
import type { Bytes } from "../../ports";
import { peek } from "./peek";

const BIG_ENDIAN = [0xfe, 0xff];

/**
 * Turns text of another encoding into UTF-8, as a stream.
 *
 * @param name the source's name in messages
 * @throws CsvError if it is not in that encoding
 */
export async function* toUtf8(bytes: Bytes, encoding: Encoding, name: string): Bytes {
  if (encoding === "utf-8") {
    yield* bytes;
    return;
  }
  // The first bytes show the byte order.
  const { head, bytes: all } = await peek(bytes, BIG_ENDIAN.length);
  const decode = decoderOf(encoding, head, name);
  for await (const piece of all) yield Buffer.from(decode(piece));
  const rest = decode();
  if (rest !== "") yield Buffer.from(rest);
}

function decoderOf(encoding: Encoding, first: Uint8Array, name: string): (piece?: Uint8Array) => string {
  // In TextDecoder, iso-8859-1 is another name of windows-1252.
  if (encoding === "iso-8859-1") return (piece = new Uint8Array()) => Buffer.from(piece).toString("latin1");
  const isBigEndian = BIG_ENDIAN.every((byte, at) => first[at] === byte);
  const label = encoding === "utf-16" ? (isBigEndian ? "utf-16be" : "utf-16le") : encoding;
  // Not fatal, windows-1252 is read as latin1 by Node 20.
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  let behind = 0;
  return (piece) => {
    try {
      const text = decoder.decode(piece, { stream: piece !== undefined });
      behind += piece?.length ?? 0;
      return text;
    } catch (cause) {
      throw new CsvError(`This is not ${encoding} text`, {
        got: piece === undefined ? "an end in the middle of a character" : "half of a character",
        expected: encoding,
        where: {
          source: `${name}, ${piece === undefined ? `byte ${behind}` : `bytes ${behind} to ${behind + piece.length}`}`,
        },
        fix: "The file is damaged: upload it again, whole",
        cause,
      });
    }
  };
}
