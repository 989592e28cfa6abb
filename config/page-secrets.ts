import type { Config } from "./schema";
import type { SourceSecret } from "./source-secrets";

/** The secret of the key that signs links to pages, where they are signed. */
export function pageSecrets({ pages: { web } }: Pick<Config, "pages">): readonly SourceSecret[] {
  if (!web.enabled || web.keySecretArn === undefined) return [];
  return [{ arn: web.keySecretArn, keyArn: web.keySecretKeyArn }];
}
