import { SourceError } from "../../core/errors";
import { isHttp } from "../../core/fetch/url";
import type { SecretsCache } from "../postgres/secret-login";

/**
 * Reads a source's whole address, including credentials, from a secret; again each time, since a newly signed address
 * replaces the old one.
 *
 * @param name the source's name in its pipeline
 * @throws SourceError if it is not an http or https address; never with a part of the secret in it
 */
export async function readAddress(secrets: SecretsCache, arn = "", name: string): Promise<string> {
  const text = String((await secrets.get(arn, { maxAge: 0, forceFetch: true })) ?? "").trim();
  if (URL.canParse(text) && isHttp(new URL(text))) return text;
  throw new SourceError(`The secret of the source ${name} cannot be used`, {
    got: `${text.length} characters`,
    expected: "only the source's whole http:// or https:// address, as plain text",
    where: { source: arn },
    fix: "Write the address into the secret, not as JSON",
  });
}
