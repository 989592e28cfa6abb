import type * as z from "zod";

interface WithDatabase {
  readonly project: string;
  readonly environment: string;
  readonly database: { readonly mode: "create"; readonly instance?: string } | { readonly mode: "existing" };
}

/** Refuses an instance that no restore of this environment creates: Terraform would take over a foreign one. */
export function checkInstance(config: WithDatabase, context: z.core.$RefinementCtx): void {
  const { database } = config;
  if (database.mode === "existing" || database.instance === undefined) return;
  // As in config/names.ts, which imports this schema.
  const made = `${config.project}-${config.environment}-etl`;
  const both = [made, `${made}-restored`];
  if (both.includes(database.instance)) return;
  const message = `${both.join(" or ")}, as npm run ops -- restore says`;
  context.issues.push({
    ...{ code: "custom", input: database.instance, path: ["database", "instance"], message, continue: true },
  });
}
