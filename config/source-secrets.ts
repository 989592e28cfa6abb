import type { Config } from "./schema";

/** A secret with a source's address, and its customer managed key, if it has one. */
export interface SourceSecret {
  readonly arn: string;
  readonly keyArn: string | undefined;
}

/** The secrets from which pipelines read addresses of sources. */
export function sourceSecrets({ pipelines }: Pick<Config, "pipelines">): readonly SourceSecret[] {
  const { enabled, credentials } = pipelines.covid;
  if (!enabled) return [];
  return Object.values(credentials).flatMap(({ secretArn, secretKeyArn }) =>
    secretArn === undefined ? [] : [{ arn: secretArn, keyArn: secretKeyArn }],
  );
}
