/** The account that tests decide in. */
export const ACCOUNT = "111122223333";
export const REGION = "eu-central-1";

/** A synthesized text with account, region and partition filled in. */
export function inAccount(text: string): string {
  return text
    .replaceAll(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replaceAll(/\$\{data\.aws_region\.\w+\.name\}/g, REGION)
    .replaceAll(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, ACCOUNT);
}

/** Besides, the ARN of what the stack itself makes as `<aws_kms_key.state_key>`, without the hash of its address. */
export function withoutHashes(text: string): string {
  return inAccount(text).replaceAll(/\$\{(aws_\w+\.[\w-]+?)(_[0-9A-F]{8})?\.arn\}/g, "<$1>");
}
