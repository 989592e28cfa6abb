/**
 * The number of a zip's last bytes that are read: a comment of 65,535 bytes and the directory of some hundred entries
 * before it.
 */
const LAST = 131_072;
/** PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16. */
const LISTED = Buffer.from("PK\u0001\u0002");
const END = Buffer.from("PK\u0005\u0006");
const END_BYTES = 22;
/** Size of an entry in the directory. */
const CRC_AT = 16;
const SIZE_AT = 24;
/** Size of the first entry's own header. */
const FLAGS_AT = 6;
const ENCRYPTED = 1;

/** A zip's facts about its entries, from its two ends, since unpacking it as a stream does not read its directory. */
export class ZipEnds {
  #first: Buffer = Buffer.alloc(0);
  #last: Uint8Array[] = [];
  #length = 0;

  see(piece: Uint8Array): void {
    if (this.#first.length <= FLAGS_AT) this.#first = Buffer.concat([this.#first, piece.subarray(0, FLAGS_AT + 1)]);
    this.#last.push(piece);
    this.#length += piece.length;
    while (this.#length - (this.#last[0]?.length ?? 0) >= LAST) this.#length -= this.#last.shift()?.length ?? 0;
  }

  /** Whether its first entry has a password. */
  isEncrypted(): boolean {
    return ((this.#first[FLAGS_AT] ?? 0) & ENCRYPTED) !== 0;
  }

  /** Whether its directory is complete. */
  isWhole(): boolean {
    const last = Buffer.concat(this.#last);
    const end = last.lastIndexOf(END);
    return end !== -1 && end + END_BYTES <= last.length;
  }

  /** Whether its complete directory has an entry with this CRC-32 and size. */
  lists(crc: number, size: number): boolean {
    const last = Buffer.concat(this.#last);
    const end = last.lastIndexOf(END);
    for (let at = last.indexOf(LISTED); at !== -1 && at + SIZE_AT < end; at = last.indexOf(LISTED, at + 1)) {
      const entry = last.subarray(at, end);
      // If the size does not fit 32 bits, only the CRC decides.
      const listed = entry.readUInt32LE(SIZE_AT);
      if (entry.readUInt32LE(CRC_AT) === crc && (listed === size || listed === 0xffff_ffff)) return true;
    }
    return false;
  }
}
