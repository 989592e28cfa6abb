import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Config } from "../../config/schema";

/** Who calls AWS, as an ARN. */
export async function callerOf({ aws: { region, endpoint } }: Config): Promise<string | undefined> {
  const { Arn } = await new STSClient({ region, endpoint }).send(new GetCallerIdentityCommand({}));
  return Arn;
}

/** The account's 12 digits. */
export async function accountOf({ aws: { region, endpoint } }: Config): Promise<string> {
  const { Account = "" } = await new STSClient({ region, endpoint }).send(new GetCallerIdentityCommand({}));
  return Account;
}
