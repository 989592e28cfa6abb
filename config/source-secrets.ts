import type { Config } from "./schema";

/** A secret that holds a source's address, and its customer key, where it has one. */
export interface SourceSecret {
  readonly arn: string;
  readonly keyArn: string | undefined;
}

/** The secrets that pipelines read addresses of sources from. */
export function sourceSecrets({ pipelines }: Pick<Config, "pipelines">): readonly SourceSecret[] {
  const { enabled, credentials } = pipelines.covid;
  if (!enabled) return [];
  return Object.values(credentials).flatMap(({ secretArn, secretKeyArn }) =>
    secretArn === undefined ? [] : [{ arn: secretArn, keyArn: secretKeyArn }],
  );
}
