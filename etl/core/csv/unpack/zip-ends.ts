/** So much of a zip's end is looked at: a comment of 65,535 bytes and the directory of some hundred entries before it. */
const LAST = 131_072;
/** PKWARE's APPNOTE.TXT, 4.3.12 and 4.3.16. */
const LISTED = Buffer.from("PK\u0001\u0002");
const END = Buffer.from("PK\u0005\u0006");
const END_BYTES = 22;
/** Of an entry in the directory. */
const CRC_AT = 16;
const SIZE_AT = 24;
/** Of the first entry's own header. */
const FLAGS_AT = 6;
const ENCRYPTED = 1;

/** What a zip says of its entries at its two ends, as nothing that unpacks it as a stream reads its directory. */
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

  /** Whether its directory is there to its end. */
  isWhole(): boolean {
    const last = Buffer.concat(this.#last);
    const end = last.lastIndexOf(END);
    return end !== -1 && end + END_BYTES <= last.length;
  }

  /** Whether its directory, which is whole, has an entry of this CRC-32 and size. */
  lists(crc: number, size: number): boolean {
    const last = Buffer.concat(this.#last);
    const end = last.lastIndexOf(END);
    for (let at = last.indexOf(LISTED); at !== -1 && at + SIZE_AT < end; at = last.indexOf(LISTED, at + 1)) {
      const entry = last.subarray(at, end);
      // Where the size does not fit 32 bits, the CRC alone decides.
      const listed = entry.readUInt32LE(SIZE_AT);
      if (entry.readUInt32LE(CRC_AT) === crc && (listed === size || listed === 0xffff_ffff)) return true;
    }
    return false;
  }
}
