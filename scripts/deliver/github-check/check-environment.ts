import * as z from "zod";
import { readBackend } from "../../../config/backend";
import { bootstrapName } from "../../../config/names";
import { type Config, configSchema } from "../../../config/schema";
import { type RepositoryVariables, ROLE_KINDS, variableNames } from "./repository-variables";

/** How the repository's variables differ from an environment's configuration and backend file; one line each. */
export function checkEnvironment(config: Config, variables: RepositoryVariables): readonly string[] {
  const names = variableNames(config.environment);
  const arns = ROLE_KINDS.map((kind) => ({ kind, name: names.role(kind), arn: variables[names.role(kind)] }));
  const roles = arns.flatMap(({ kind, name, arn }) => {
    if (arn === undefined) return [`${name} is not set`];
    const wanted = `role/${bootstrapName(config, kind)}`;
    return new RegExp(`^arn:aws[a-z-]*:iam::\\d{12}:${wanted}$`).test(arn)
      ? []
      : [`${name} is ${arn}, but the bootstrap created arn:PARTITION:iam::ACCOUNT:${wanted}`];
  });
  const accounts = new Set(arns.flatMap(({ arn }) => /::(\d{12}):/.exec(arn ?? "")?.[1] ?? []));
  return [
    ...roles,
    ...checkAccounts(config, accounts),
    ...checkRegion(config, names.region, variables[names.region]),
    ...checkList(config, variables.ENVIRONMENTS),
    ...checkCheckout(config),
  ];
}

function checkAccounts({ aws, environment }: Config, accounts: ReadonlySet<string>): readonly string[] {
  if (accounts.size > 1) return [`the roles of ${environment} are in different accounts: ${[...accounts].join(", ")}`];
  const [account] = accounts;
  if (account === undefined || aws.accountId === undefined || aws.accountId === account) return [];
  return [`the roles of ${environment} are in the account ${account}, but aws.accountId is ${aws.accountId}`];
}

function checkRegion({ aws }: Config, name: string, region: string | undefined): readonly string[] {
  if (region === aws.region) return [];
  return [`${name} is ${region ?? "not set"}, but aws.region is ${aws.region}`];
}

const environmentsSchema = z.array(z.string()).min(1);

/** Without the variable, workflows use dev only. */
function checkList({ environment }: Config, text = '["dev"]'): readonly string[] {
  try {
    const list = environmentsSchema.parse(JSON.parse(text));
    return list.includes(environment) ? [] : [`ENVIRONMENTS does not list ${environment}: ${text}`];
  } catch {
    return [`ENVIRONMENTS is ${text}, expected a JSON list such as ["dev", "prod"]`];
  }
}

function checkCheckout(config: Config): readonly string[] {
  const unset = config.github.repository === configSchema.shape.github.parse({}).repository;
  return [
    ...(unset ? ["github.repository is not set in config: no workflow can assume the roles"] : []),
    ...(readBackend(config) === undefined
      ? [`the backend file of ${config.environment} does not exist: run the bootstrap and commit it`]
      : []),
  ];
}
