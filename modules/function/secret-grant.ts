import type { Grantee } from "./policy";

/** Allows reading one secret, and decrypting with its customer managed key, if any, through Secrets Manager only. */
export function grantSecret(grantee: Grantee, secretArn: string, keyArn: string | undefined): void {
  grantee.allow({ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] });
  if (keyArn === undefined) return;
  grantee.allow({
    actions: ["kms:Decrypt"],
    resources: [keyArn],
    conditions: { StringLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" } },
  });
}
