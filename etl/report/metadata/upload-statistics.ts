/** The facts of an upload for a page. */
export interface ReportedUpload {
  /** `text/csv`; `none` if the upload has no type. */
  readonly type: string;
  readonly bytes: number;
  readonly uploaded: Date;
}

export interface Sum {
  readonly title: string;
  uploads: number;
  bytes: number;
}

const KIB = 1024;
/** The upper limits of the size classes. */
const SIZES = [
  ["up to 1 KiB", KIB],
  ["up to 1 MiB", KIB ** 2],
  ["up to 100 MiB", 100 * KIB ** 2],
  ["up to 1 GiB", KIB ** 3],
  ["more than 1 GiB", Number.POSITIVE_INFINITY],
] as const;

/** The most types that are counted separately: a client may send any text. */
const MOST_TYPES = 50;
const OTHER = "other types";

/** Adds uploads up by type and by size. Memory does not grow with their number. */
export class UploadStatistics {
  readonly #types = new Map<string, Sum>();
  readonly sizes: readonly Sum[] = SIZES.map(([title]) => ({ title, uploads: 0, bytes: 0 }));
  uploads = 0;
  bytes = 0;
  newest: Date | undefined;

  add({ type, bytes, uploaded }: ReportedUpload): void {
    const known = this.#types.has(type) || this.#types.size < MOST_TYPES ? type : OTHER;
    const ofType = this.#types.get(known) ?? { title: known, uploads: 0, bytes: 0 };
    this.#types.set(known, ofType);
    const ofSize = this.sizes[SIZES.findIndex(([, most]) => bytes <= most)];
    for (const sum of [ofType, ofSize ?? ofType, this]) {
      sum.uploads += 1;
      sum.bytes += bytes;
    }
    if (this.newest === undefined || uploaded > this.newest) this.newest = uploaded;
  }

  /** The most frequent first. */
  get types(): readonly Sum[] {
    return [...this.#types.values()].sort((a, b) => b.uploads - a.uploads || (a.title < b.title ? -1 : 1));
  }
}
