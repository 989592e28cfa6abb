import type * as z from "zod";

interface Named {
  readonly webhooks: readonly { readonly name: string }[];
}

interface WithWebhooks {
  readonly notifications: Named;
  readonly pipelines: Readonly<Record<string, { readonly recipients: Named }>>;
  readonly feeds: Readonly<Record<string, { readonly recipients: Named }>>;
}

/** Refuses a webhook's name that is used twice: its function is named after it. */
export function checkWebhookNames({ notifications, ...sections }: WithWebhooks, context: z.core.$RefinementCtx): void {
  const seen = new Set<string>();
  const places: readonly (readonly [readonly string[], Named])[] = [
    [["notifications"], notifications],
    ...(["pipelines", "feeds"] as const).flatMap((kind) =>
      Object.entries(sections[kind]).map(([name, { recipients }]) => [[kind, name, "recipients"], recipients] as const),
    ),
  ];
  for (const [path, section] of places) {
    for (const [index, { name }] of section.webhooks.entries()) {
      if (seen.has(name)) {
        const message = "a name that no other webhook has";
        context.issues.push({
          ...{ code: "custom", input: name, path: [...path, "webhooks", index, "name"], message, continue: true },
        });
      }
      seen.add(name);
    }
  }
}
