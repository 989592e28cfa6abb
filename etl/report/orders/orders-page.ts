/** What a page says of a batch; `batch-overview.ts` of the pipeline finds it. */
export interface ReportedBatch {
  readonly batch: string;
  readonly state: string;
  readonly changed: Date | null;
  readonly files: readonly { readonly kind: string; readonly bytes: number; readonly rows?: number }[];
  readonly missing: readonly string[];
  readonly rejected: number;
  readonly failure?: string;
  readonly customers: number;
  readonly corrected: number;
  readonly messages: number;
}

/** Where a row of a batch's files was rejected, and why. Not the row itself: it is about a customer, who may have to be forgotten. */
export interface RejectedOrderRow {
  readonly batch: string;
  readonly source: string;
  readonly line: string;
  readonly reason: string;
}

/** All that the page of `orders` says. */
export interface OrdersPage {
  readonly generated: Date;
  /** All of them, the one that changed last first. */
  readonly batches: readonly ReportedBatch[];
  /** Of the newest batches. */
  readonly rejections: readonly RejectedOrderRow[];
}
