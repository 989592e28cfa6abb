import { createContext, runInContext } from "node:vm";
import type { RejectedRow } from "../../../etl/core/csv/rejected-row";
import type { Doorstep, FileVerdict } from "../../../etl/report/doorstep/check-file";

/** What the page's worker says at its end. */
export interface Outcome {
  readonly verdict: Omit<FileVerdict, "rejections">;
  readonly shown: readonly RejectedRow[];
  readonly csv: Blob;
  readonly failure?: undefined;
}

/** What a page carries. */
export interface Carried {
  readonly doorstep: Doorstep;
  readonly worker: string;
}

export function carriedBy(page: string): Carried {
  const [, json = ""] = /<script type="application\/json" id="doorstep">(.*?)<\/script>/s.exec(page) ?? [];
  return JSON.parse(json);
}

type Said = { readonly done: number } | Outcome | { readonly failure: string };

/** Runs the worker of a page with what a browser has, and nothing of Node. @param onDone told of each step */
export async function checkInNode(
  { doorstep, worker }: Carried,
  file: File,
  onDone: (done: number) => void = () => undefined,
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const self: { onmessage?: (event: object) => void; postMessage: (said: Said) => void } = {
      postMessage: (said) => {
        if ("done" in said) onDone(said.done);
        else if (said.failure === undefined) resolve(said);
        else reject(new Error(said.failure));
      },
    };
    const browser = { self, Blob, DecompressionStream, TextDecoder, TextEncoder, Uint8Array };
    runInContext(worker, createContext(browser));
    self.onmessage?.({ data: { doorstep, file } });
  });
}
