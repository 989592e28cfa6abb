import { crc32 } from "node:zlib";
import { Unzip, type UnzipFile, UnzipInflate } from "fflate";
import { CsvError } from "../../errors";
import type { Bytes } from "../../ports";
import { ZipEnds } from "./zip-ends";

/** Entries of a zip besides the user's file. */
const BESIDE = /\/$|^__MACOSX\/|(^|\/)\.[^/]*$/;
/** The first entries of a zip of these programs ([MS-OFFCRYPTO], "Open Packaging Conventions"; ODF 1.2, part 3). */
const OTHERS: readonly (readonly [RegExp, string])[] = [
  [/^(\[Content_Types\]\.xml|_rels\/|docProps\/|xl\/)/, "a workbook of Excel (.xlsx)"],
  [/^mimetype$/, "a file of LibreOffice"],
];

/** The packing methods of entries, by number in the zip (PKWARE's APPNOTE.TXT, 4.4.5). */
const [STORED, DEFLATED] = [0, 8];
const METHODS: Readonly<Record<number, string>> = {
  1: "shrink",
  6: "implode",
  9: "deflate64",
  12: "bzip2",
  14: "LZMA",
  93: "zstd",
  95: "xz",
  98: "PPMd",
};

/**
 * Unpacks the one file of a zip as a stream; folders and macOS's extra files are left out.
 *
 * @param name the zip's name in messages
 * @throws CsvError if it has several files or none, is a workbook, has a password, is packed by another method than
 * deflate, is damaged, or ends too early; damage may be found only at its end
 */
export async function* unzip(bytes: Bytes, name: string): Bytes {
  const entry = new OnlyEntry(name);
  for await (const piece of bytes) {
    entry.push(piece);
    yield* entry.take();
  }
  entry.end();
  yield* entry.take();
}

class OnlyEntry {
  readonly #name: string;
  readonly #unzip: Unzip;
  readonly #ends = new ZipEnds();
  #crc = 0;
  #size = 0;
  #file: string | undefined;
  #pieces: Uint8Array[] = [];
  #failure: Error | undefined;

  constructor(name: string) {
    this.#name = name;
    this.#unzip = new Unzip((file) => this.#open(file));
    this.#unzip.register(UnzipInflate);
  }

  push(piece: Uint8Array): void {
    this.#ends.see(piece);
    if (this.#ends.isEncrypted()) {
      throw this.#refuse("This zip has a password", undefined, "Pack it without one");
    }
    this.#run(() => this.#unzip.push(piece));
  }

  /** @throws CsvError if the zip is incomplete, or has no file */
  end(): void {
    this.#run(() => this.#unzip.push(new Uint8Array(), true));
    if (this.#file === undefined) throw this.#refuse("This zip has no file in it", undefined, "Put the CSV into it");
    if (!this.#ends.isWhole()) throw this.#broken(new Error("it ends before its directory does"));
    if (this.#ends.lists(this.#crc, this.#size)) return;
    throw this.#broken(new Error(`${this.#file} does not match the zip's own checksum`));
  }

  take(): readonly Uint8Array[] {
    const pieces = this.#pieces;
    this.#pieces = [];
    return pieces;
  }

  #open(file: UnzipFile): void {
    const [, what] = OTHERS.find(([entry]) => entry.test(file.name)) ?? [];
    if (what !== undefined) {
      throw this.#refuse("This is not a CSV", what, "Save it as CSV in UTF-8");
    }
    if (BESIDE.test(file.name)) return;
    if (this.#file !== undefined) {
      throw this.#refuse("This zip has several files in it", `${this.#file}, ${file.name}`, "Upload each separately");
    }
    this.#file = file.name;
    if (file.compression !== STORED && file.compression !== DEFLATED) {
      const method = METHODS[file.compression] ?? "unknown";
      throw this.#refuse(
        "This zip is packed by a method that is not supported",
        `${method} (method ${file.compression})`,
        "Pack it with deflate, which is what zip programs do by default",
      );
    }
    file.ondata = (failure, data) => {
      if (failure !== null) this.#failure = failure;
      else if (data.length > 0) {
        this.#crc = crc32(data, this.#crc);
        this.#size += data.length;
        this.#pieces.push(data);
      }
    };
    file.start();
  }

  #run(step: () => void): void {
    try {
      step();
    } catch (cause) {
      if (cause instanceof CsvError) throw cause;
      this.#failure ??= cause instanceof Error ? cause : new Error(String(cause));
    }
    if (this.#failure !== undefined) throw this.#broken(this.#failure);
  }

  #broken(cause: Error): CsvError {
    return new CsvError("This file cannot be unpacked", {
      got: cause.message,
      expected: "zip",
      where: { source: this.#name },
      fix: "Upload it again, whole and without a password",
      cause,
    });
  }

  #refuse(headline: string, got: string | undefined, fix: string): CsvError {
    return new CsvError(headline, { got, expected: "a CSV, or a zip of one", where: { source: this.#name }, fix });
  }
}
