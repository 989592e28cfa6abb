import type * as z from "zod";

interface WithRetention {
  readonly retention: { readonly incomingDays?: number; readonly ledgerDays?: number };
}

/**
 * Refuses a ledger that forgets a batch while its files still exist: the next event of such a file would send the whole
 * batch again.
 */
export function checkRetention({ retention }: WithRetention, context: z.core.$RefinementCtx): void {
  const { incomingDays, ledgerDays } = retention;
  if (ledgerDays === undefined || (incomingDays !== undefined && incomingDays <= ledgerDays)) return;
  context.issues.push({
    code: "custom",
    input: ledgerDays,
    path: ["retention", "ledgerDays"],
    message:
      "at least retention.incomingDays, which must be set: a file that still exists but is forgotten would be sent again",
    continue: true,
  });
}
