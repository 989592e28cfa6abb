import type { Config } from "../../../config/schema";
import type { Account } from "./account";
import { fail, type Outcome, ok, warn } from "./finding";

/** Of what an account can have one of in each region, and the role by which the account shows that it has used it. */
const SINGLETONS = [
  {
    key: "config",
    name: "AWS Config",
    role: "AWSServiceRoleForConfig",
    ask: "aws configservice describe-configuration-recorders",
  },
  {
    key: "securityHub",
    name: "Security Hub",
    role: "AWSServiceRoleForSecurityHub",
    ask: "aws securityhub describe-hub",
  },
] as const;

/**
 * Looks whether the account has AWS Config and Security Hub already: AWS refuses a second recorder or hub only after
 * everything else is made.
 *
 * @param settled whether the bootstrap has made them, or found them
 */
export async function checkAudit(config: Config, account: Account, settled: boolean): Promise<Outcome | undefined> {
  const used = SINGLETONS.filter(({ key }) => config.audit[key] !== "off");
  if (used.length === 0) return undefined;
  const outcomes = await Promise.all(
    used.map(async (each) => checkSingleton(each, config, await account.hasRole(each.role), settled)),
  );
  return (
    outcomes.find(({ level }) => level === "fail") ??
    outcomes.find(({ level }) => level === "warn") ??
    ok(outcomes.map(({ detail }) => detail).join("; "))
  );
}

function checkSingleton(
  { key, name, role, ask }: (typeof SINGLETONS)[number],
  { audit, environment }: Config,
  hasRole: boolean,
  settled: boolean,
): Outcome {
  const set = (mode: string) => `Set audit.${key}: "${mode}" in config/${environment}.ts`;
  if (audit[key] === "existing") {
    if (hasRole) return ok(`the account has used ${name}`);
    return fail(`the account has never used ${name}: it has no role ${role}`, set("create"));
  }
  // The recorder works by this role, and nothing else creates it; Security Hub creates its own.
  if (key === "config" && !hasRole) {
    const fix = "aws iam create-service-linked-role --aws-service-name config.amazonaws.com";
    return fail(`the recorder needs the role ${role}, which the account does not have`, fix);
  }
  if (settled || !hasRole) return ok(`the bootstrap creates ${name}`);
  return warn(
    `the account has used ${name} before: it has the role ${role}`,
    `${ask}; if it finds one: ${set("existing")}`,
  );
}
