import type * as z from "zod";

interface WithConnections {
  readonly database: { readonly connectionLimit: number };
  readonly feeds: Readonly<Record<string, { readonly enabled: boolean; readonly maxConcurrency: number }>>;
}

/** Refuses the feed whose chunks find no connection any more: they may all run at one time. */
export function checkConnections({ database, feeds }: WithConnections, context: z.core.$RefinementCtx): void {
  let held = 0;
  for (const [name, { enabled, maxConcurrency }] of Object.entries(feeds)) {
    if (!enabled) continue;
    held += maxConcurrency;
    if (held <= database.connectionLimit) continue;
    const others = held - maxConcurrency;
    const message =
      `at most database.connectionLimit, ${database.connectionLimit}` +
      `${others === 0 ? "" : `, less ${others} of the feeds before`}: each chunk that is loaded holds one connection`;
    context.issues.push({
      code: "custom",
      input: maxConcurrency,
      path: ["feeds", name, "maxConcurrency"],
      message,
      continue: true,
    });
    return;
  }
}
