/** A page's facts about a batch; the pipeline's `batch-overview.ts` reads them. */
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

/**
 * The place of a rejected row in a batch's files, and the reason. Not the row itself: it is about a customer, whose
 * data may have to be deleted.
 */
export interface RejectedOrderRow {
  readonly batch: string;
  readonly source: string;
  readonly line: string;
  readonly reason: string;
}

/** All facts of the page of `orders`. */
export interface OrdersPage {
  readonly generated: Date;
  /** All of them, the latest change first. */
  readonly batches: readonly ReportedBatch[];
  /** Of the newest batches. */
  readonly rejections: readonly RejectedOrderRow[];
}
