import { rmSync } from "node:fs";

/** Below a prefix of a bucket. */
export interface BucketPlace {
  readonly bucket: string;
  /** Ends in a slash. */
  readonly prefix: string;
}

type Phase = "begin" | "export" | "keep" | "kept";

/** Where a rehearsal's export is made, and where it is kept if there is a bucket for it. */
export interface ExportPlaces {
  readonly folder: string;
  readonly place: BucketPlace | undefined;
}

/** The folder that an export is restored into. */
export function restoreFolder(folder: string): string {
  return `${folder}-restored`;
}

/** What a rehearsal leaves if it is stopped. */
export class RehearsalStop {
  #phase: Phase = "begin";
  #places: ExportPlaces | undefined;

  /** From here the export is made in its folder. */
  exports(places: ExportPlaces): void {
    this.#places = places;
    this.#phase = "export";
  }

  /** The export is whole, was restored and compared; `kept`: also where it stays. */
  begins(phase: "keep" | "kept"): void {
    this.#phase = phase;
  }

  /** Removes what is of no use, and says what is left. */
  end(): string {
    const { folder, place } = this.#places ?? {};
    if (folder === undefined || this.#phase === "begin" || this.#phase === "export") {
      for (const made of folder === undefined ? [] : [folder, restoreFolder(folder)]) {
        rmSync(made, { recursive: true, force: true });
      }
      return "Stopped: nothing was destroyed, and no export is left. The same command starts over";
    }
    if (place === undefined || this.#phase === "keep") {
      const files = place === undefined ? "" : `; files in ${addressOf(place)} without an export.json are of no use`;
      return `Stopped: nothing was destroyed. The export is in ${folder}, whole and compared${files}`;
    }
    return `Stopped: nothing was destroyed. The export is in ${addressOf(place)}, whole and compared`;
  }
}

/** The address of an export in a bucket. */
export function addressOf({ bucket, prefix }: BucketPlace): string {
  return `s3://${bucket}/${prefix.replace(/\/$/, "")}`;
}
