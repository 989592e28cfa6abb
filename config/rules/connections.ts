import type * as z from "zod";
import { connectionsOf, type FeedsConfig } from "../schema/feeds";

interface WithConnections {
  readonly database: { readonly connectionLimit: number };
  readonly feeds: FeedsConfig;
}

/** Refuses the feed whose chunks would run out of connections: all feeds may run at the same time. */
export function checkConnections({ database, feeds }: WithConnections, context: z.core.$RefinementCtx): void {
  let held = 0;
  for (const [name, feed] of Object.entries(feeds)) {
    const { enabled, maxConcurrency } = feed;
    if (!enabled) continue;
    held += connectionsOf(feed);
    if (held <= database.connectionLimit) continue;
    const others = held - connectionsOf(feed);
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
