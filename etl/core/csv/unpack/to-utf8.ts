import { TextDecoder } from "node:util";
import type { Encoding } from "../../contract/contract";
import { startsWith } from "../../contract/fields/bytes";
import type { Bytes } from "../../ports";
import { EncodingEvidence, type SingleByte } from "./encoding-evidence";
import { peek } from "./peek";
import { LOOKED_AT } from "./refuse-binary";
import { notText, refuseSingleByteHead, refuseUndefined, refuseUtf8, requireUtf16 } from "./refuse-encoding";

const BIG_ENDIAN = Buffer.from([0xfe, 0xff]);
const MARKS = [BIG_ENDIAN, Buffer.from([0xff, 0xfe])];
const NUL = 0;

/**
 * Turns text of another encoding into UTF-8, as a stream.
 *
 * @param name the source's name in messages
 * @throws CsvError if it is not in that encoding, which may show only at the end
 */
export async function* toUtf8(bytes: Bytes, encoding: Encoding, name: string): Bytes {
  if (encoding === "utf-8") yield* bytes;
  else if (encoding === "utf-16") yield* fromUtf16(bytes, name);
  else yield* fromSingleBytes(bytes, encoding, name);
}

async function* fromUtf16(bytes: Bytes, name: string): Bytes {
  const { head, bytes: all } = await peek(bytes, LOOKED_AT, (first) => requireUtf16(first, name));
  const decode = decoderOf(isBigEndian(head) ? "utf-16be" : "utf-16le", "utf-16", name);
  for await (const piece of all) yield Buffer.from(decode(piece));
  const rest = decode();
  if (rest !== "") yield Buffer.from(rest);
}

async function* fromSingleBytes(bytes: Bytes, encoding: SingleByte, name: string): Bytes {
  const { bytes: all } = await peek(bytes, LOOKED_AT, (first) => refuseSingleByteHead(first, encoding, name));
  // In TextDecoder, iso-8859-1 is another name of windows-1252.
  const decode =
    encoding === "iso-8859-1"
      ? (piece: Uint8Array) => Buffer.from(piece).toString("latin1")
      : decoderOf(encoding, encoding, name);
  const evidence = new EncodingEvidence(encoding);
  for await (const piece of all) {
    evidence.add(piece);
    refuseUndefined(evidence, encoding, name);
    yield Buffer.from(decode(piece));
  }
  evidence.end();
  refuseUtf8(evidence, encoding, name);
}

/** By the mark of the byte order; without one, by the side on which ASCII characters have their NULs. */
function isBigEndian(first: Uint8Array): boolean {
  const mark = MARKS.find((bytes) => startsWith(first, 0, bytes));
  if (mark !== undefined) return mark === BIG_ENDIAN;
  const before = first.reduce((count, byte, at) => (byte !== NUL ? count : count + (at % 2 === 0 ? 1 : -1)), 0);
  return before > 0;
}

function decoderOf(label: string, encoding: Encoding, name: string): (piece?: Uint8Array) => string {
  // Not fatal, windows-1252 is read as latin1 by Node 20.
  const decoder = new TextDecoder(label, { fatal: true, ignoreBOM: true });
  let behind = 0;
  return (piece) => {
    try {
      const text = decoder.decode(piece, { stream: piece !== undefined });
      behind += piece?.length ?? 0;
      return text;
    } catch (cause) {
      const place = piece === undefined ? `byte ${behind}` : `bytes ${behind} to ${behind + piece.length}`;
      throw notText(encoding, {
        got: piece === undefined ? "an end in the middle of a character" : "half of a character",
        where: { source: `${name}, ${place}` },
        fix: "The file is damaged: upload it again, whole",
        cause,
      });
    }
  };
}
