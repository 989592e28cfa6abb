import { readPolicies } from "./policies";
import type { Rule } from "./policy-rules";

/** A method of string was called on a token: what is written is the token's own text. */
export const brokenTokens: Rule = ({ text }) => text.match(/.{0,60}(TfToken|TfTok).{0,60}/gi) ?? [];

/** A password, key or token is written down in a stack. */
export const literalSecrets: Rule = (template) =>
  template.resources().flatMap(({ address, arguments: args }) =>
    Object.entries(flatten(args))
      .filter(([path]) => /(password|secret_string|secret_key|auth_token)(_wo)?$/.test(path))
      .filter(([, value]) => typeof value === "string" && !value.includes("${"))
      .map(([path]) => `${address}: ${path} is written down`),
  );

/** Everybody may come in, on whatever port. */
export const openToTheWorld: Rule = (template) => {
  const inline = template
    .resources("aws_security_group")
    .flatMap(({ address, arguments: { ingress = [] } }) =>
      [ingress].flat().map((rule) => ({ address, rule: rule as object })),
    );
  const rules = template
    .resources()
    .filter(({ type }) => type === "aws_vpc_security_group_ingress_rule" || type === "aws_security_group_rule")
    .filter(({ arguments: { type = "ingress" } }) => type === "ingress")
    .map(({ address, arguments: rule }) => ({ address, rule }));
  return [...inline, ...rules]
    .filter(({ rule }) => /"(0\.0\.0\.0|::)\/\d+"/.test(JSON.stringify(rule)))
    .map(({ address }) => `${address} lets everybody in`);
};

/** An endpoint that lets through any action on any resource, of any account. */
export const endpointWithoutPolicy: Rule = (template) =>
  template
    .resources("aws_vpc_endpoint")
    .filter((endpoint) => {
      const statements = readPolicies([endpoint]).flatMap((policy) => policy.statements);
      return (
        statements.length === 0 ||
        statements.some(
          ({ actions, resources, conditions }) =>
            actions.includes("*") || resources.includes("*") || conditions.StringEquals === undefined,
        )
      );
    })
    .map(({ address }) => `${address} lets everything through`);

/** A table of locks that somebody can delete. */
export const unprotectedLocks: Rule = (template) =>
  template
    .resources("aws_dynamodb_table")
    .filter(({ arguments: table }) => table.hash_key === "LockID" && table.deletion_protection_enabled !== true)
    .map(({ address }) => `${address} can be deleted`);

/** A bucket that answers over plain HTTP. */
export const plainHttpBuckets: Rule = (template) => {
  const refusals = template
    .policies()
    .filter(({ type }) => type === "aws_s3_bucket_policy")
    .flatMap(({ statements }) => statements)
    .filter(
      ({ effect, principals, actions }) => effect === "Deny" && principals.includes("*") && actions.includes("s3:*"),
    )
    .filter(({ conditions }) => conditions.Bool?.["aws:SecureTransport"]?.join() === "false")
    .flatMap(({ resources }) => resources);
  return template
    .resources("aws_s3_bucket")
    .map(({ address }) => address)
    .filter((address) => !["", "/*"].every((end) => refusals.includes(`\${${address}.arn}${end}`)))
    .map((address) => `${address} answers over plain HTTP`);
};

/** A role without the boundary that the deploy role must give it. */
export const unboundedRoles: Rule = (template) =>
  template
    .resources("aws_iam_role")
    .filter(({ arguments: role }) => !String(role.permissions_boundary).includes(":policy/bootstrap-"))
    .map(({ address }) => `${address} has no boundary`);

function flatten(value: unknown, path = ""): Record<string, unknown> {
  if (typeof value !== "object" || value === null) return { [path]: value };
  return Object.assign({}, ...Object.entries(value).map(([key, member]) => flatten(member, `${path}.${key}`)));
}
