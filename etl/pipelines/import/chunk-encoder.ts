import { cutRaw } from "../../core/csv/read-records";
import type { Rejections } from "../../core/csv/rejections";
import { CopyBuffer } from "../../core/load/copy-buffer";
import type { ImportContract } from "./contract";
import type { Row } from "./row";
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
    if (row.length === 1 && row.text(0).trim() === "") return;
    const head = this.#head;
    if (head === undefined) this.#head = this.#readHeader(row);
    else if (row.offset <= head.offset) return;
    else if (row.broken === undefined && head.encoder.encode(row, this.rows)) {
      this.#options.see(row, head.encoder);
    } else this.#reject(row, row.broken ?? head.encoder.explain(row));
  }

  #readHeader(row: Row): Head {
    const names = Array.from({ length: row.length }, (_, at) => row.text(at));
    return { encoder: RowEncoder.byHeader(this.#options.contract, names, this.#options.source), offset: row.offset };
  }

  #reject({ offset, raw }: Row, reason: string): void {
    this.#options.rejections.add({ source: this.#options.source, offset, reason, raw: cutRaw(raw) });
  }
}
