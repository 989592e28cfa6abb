import { cutRaw } from "../../core/csv/read-records";
import type { Rejections } from "../../core/csv/rejections";
import type { Row } from "../../core/csv/row";
import { swallowedLines } from "../../core/csv/swallowed-lines";
import { CopyBuffer } from "../../core/load/copy-buffer";
import type { ImportContract } from "./contract";
import { RowEncoder } from "./row-encoder";

/** How the columns of an object lie, and the byte that its header begins at: -1 where it has none. */
export interface Head {
  readonly encoder: RowEncoder;
  readonly offset: number;
}

export interface ChunkEncoderOptions {
  readonly contract: ImportContract;
  /** What messages call the object. */
  readonly source: string;
  /** Default: the first row is the header. */
  readonly head?: Head;
  readonly rejections: Pick<Rejections, "add">;
  /** Shown each row that is encoded, and how the object's columns lie in it. */
  readonly see: (row: Row, encoder: RowEncoder) => void;
}

/** Encodes the rows of a chunk, and rejects those that break the contract. */
export class ChunkEncoder {
  readonly rows = new CopyBuffer();
  readonly #options: ChunkEncoderOptions;
  #head: Head | undefined;

  constructor(options: ChunkEncoderOptions) {
    this.#options = options;
    this.#head = options.head;
  }

  take(row: Row): void {
    if (row.isBlank) return;
    const head = this.#head;
    if (head === undefined) this.#head = this.#readHeader(row);
    else if (row.offset <= head.offset) return;
    else if (row.broken === undefined && head.encoder.encode(row, this.rows)) {
      this.#options.see(row, head.encoder);
    } else this.#reject(row, head);
  }

  #readHeader(row: Row): Head {
    const { contract, source } = this.#options;
    return { encoder: RowEncoder.byHeader(contract, row.texts, source), offset: row.offset };
  }

  #reject(row: Row, head: Head): void {
    const { source, rejections } = this.#options;
    const reason = row.broken ?? head.encoder.explain(row);
    rejections.add({ source, offset: row.offset, reason, raw: cutRaw(row.raw) });
    if (row.broken === undefined && row.length === head.encoder.width) return;
    for (const { offset, raw } of swallowedLines(row)) {
      rejections.add({ source, offset, reason: `it stands in the broken row at byte ${row.offset}`, raw: cutRaw(raw) });
    }
  }
}
