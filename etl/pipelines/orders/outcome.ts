import type { Kind } from "./batch";
import type { SendReport } from "./send-batch";

/** What a look at a batch came to. */
export type BatchOutcome = { readonly batch: string } & (
  | { readonly status: "waiting"; readonly missing: readonly Kind[] }
  /** Its messages are sent already; nothing was read. */
  | { readonly status: "unchanged" }
  | ({ readonly status: "sent"; readonly rejected: number; readonly rows: Readonly<Record<Kind, number>> } & SendReport)
);
