import { SourceError } from "../../core/errors";
import { isHttp } from "../../core/fetch/url";
import type { SecretsCache } from "../postgres/secret-login";

/**
 * Reads a source's whole address, credentials included, from a secret; anew each time, as an address that was signed
 * again is good only now.
 *
 * @param name the source's name in its pipeline
 * @throws SourceError where it is no http or https address; never with a part of the secret in it
 */
export async function readAddress(secrets: SecretsCache, arn = "", name: string): Promise<string> {
  const text = String((await secrets.get(arn, { maxAge: 0, forceFetch: true })) ?? "").trim();
  if (URL.canParse(text) && isHttp(new URL(text))) return text;
  throw new SourceError(`The secret of the source ${name} cannot be used`, {
    got: `${text.length} characters`,
    expected: "as its plain text the source's whole http:// or https:// address, and nothing else",
    where: { source: arn },
    fix: "Write the address into the secret, not as JSON",
  });
}
