/** The account that tests decide in. */
export const ACCOUNT = "111122223333";
export const REGION = "eu-central-1";

/**
 * A synthesized text with account, region and partition filled in; what else the stack itself makes is shown as
 * `<aws_kms_key.state_key>` for its ARN, without the hash of its address.
 */
export function inAccount(text: string): string {
  return text
    .replaceAll(/\$\{data\.aws_partition\.\w+\.partition\}/g, "aws")
    .replaceAll(/\$\{data\.aws_region\.\w+\.name\}/g, REGION)
    .replaceAll(/\$\{data\.aws_caller_identity\.\w+\.account_id\}/g, ACCOUNT)
    .replaceAll(/\$\{(aws_\w+\.[\w-]+?)(_[0-9A-F]{8})?\.arn\}/g, "<$1>");
}
