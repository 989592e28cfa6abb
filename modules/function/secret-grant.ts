import type { Grantee } from "./policy";

/** Reading one secret; its key, if it has one of the customer's, may decrypt for Secrets Manager alone. */
export function grantSecret(grantee: Grantee, secretArn: string, keyArn: string | undefined): void {
  grantee.allow({ actions: ["secretsmanager:GetSecretValue"], resources: [secretArn] });
  if (keyArn === undefined) return;
  grantee.allow({
    actions: ["kms:Decrypt"],
    resources: [keyArn],
    conditions: { StringLike: { "kms:ViaService": "secretsmanager.*.amazonaws.com" } },
  });
}
