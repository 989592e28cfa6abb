import type * as z from "zod";

type Text = readonly [path: readonly string[], text: string];

/**
 * Refuses what no text of a configuration may contain, whatever its key: text that Terraform would read as an
 * expression ("Strings and Templates", Terraform's language), and a secret or key of another region, which our
 * functions cannot read ("Secrets Manager endpoints": each region serves its own).
 */
export function checkTexts(
  config: { readonly aws: { readonly region: string } },
  context: z.core.$RefinementCtx,
): void {
  const { region } = config.aws;
  for (const [path, text] of textsOf(config)) {
    const refuse = (message: string) =>
      context.issues.push({ code: "custom", input: text, path: [...path], message, continue: true });
    if (/[$%]\{/.test(text)) refuse("a text without ${ and %{, which Terraform reads as expressions");
    const [, of = region] = /^arn:[\w-]+:(?:secretsmanager|kms):([\w-]+):/.exec(text) ?? [];
    if (of !== region) refuse(`one of aws.region, ${region}: services read secrets and keys of their own region only`);
  }
}

/** All texts of a configuration, with their paths. */
export function textsOf(value: unknown, path: readonly string[] = []): readonly Text[] {
  if (typeof value === "string") return [[path, value]];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => textsOf(member, [...path, key]));
}
