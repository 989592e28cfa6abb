import type { Weakening } from "../weakening";

export const access: readonly Weakening[] = [
  {
    name: "an endpoint lets other accounts through",
    file: "modules/endpoint-policy.ts",
    find: '        Condition: { StringEquals: { "aws:PrincipalAccount": Account.of(scope).id } },\n',
    replace: "",
    gate: { tests: ["test/infra/stacks.test.ts"] },
    says: /network breaks no rule of ours/,
  },
  {
    name: "everybody reaches the endpoint",
    file: "modules/interface-endpoint.ts",
    find: "cidrIpv4: vpc.cidr",
    replace: 'cidrIpv4: "0.0.0.0/0"',
    gate: { tests: ["test/infra/network.test.ts"] },
    says: /lets the VPC alone into the interface endpoint, by HTTPS alone/,
  },
  {
    name: "a token for anybody is taken",
    file: "modules/github-oidc.ts",
    find: "[`${HOST}:aud`]: AUDIENCE, ",
    replace: "",
    gate: { tests: ["test/infra/stacks.test.ts"] },
    says: /state-backend breaks no rule of ours/,
  },
  {
    name: "a subject may have a wildcard",
    file: "modules/github-oidc.ts",
    find: "/^repo:[^/:*?$]+\\/[^/:*?$]+:[^*?$]+$/",
    replace: "/^repo:/",
    gate: { tests: ["test/infra/delivery-roles.test.ts"] },
    says: /never is repo:o\/\*:pull_request/,
  },
  {
    name: "the deploy role writes the state backend",
    file: "stacks/state-backend.ts",
    find: 'const deployed = ["network", "etl"].map',
    replace: 'const deployed = ["network", "etl", "state-backend"].map',
    gate: { tests: ["test/infra/delivery-roles.test.ts"] },
    says: /of what it plans is read by plan, which writes neither states nor lock/,
  },
];
