import { combinations } from "./support/combinations";
import { synthesize } from "./support/synthesize";

const networkOf = (network: object, database: object = { mode: "create" }) =>
  synthesize({ overrides: { network, database } }).network;
const counts = (template: ReturnType<typeof networkOf>, ...types: string[]) =>
  types.map((type) => template.resources(`aws_${type}`).length);

describe("a network without a way out", () => {
  const network = networkOf({ mode: "create" });

  test("has private subnets in two zones and nothing public", () => {
    expect(counts(network, "vpc", "subnet", "route_table", "internet_gateway", "nat_gateway", "route", "eip")).toEqual([
      1, 2, 2, 0, 0, 0, 0,
    ]);
    expect(network.resources("aws_subnet").map(({ arguments: subnet }) => subnet.cidr_block)).toEqual(
      [0, 1].map((index) => `\${cidrsubnet("10.42.0.0/16", 4, ${index})}`),
    );
  });

  test("reaches S3, DynamoDB and Secrets Manager by endpoints, each for our own things only", () => {
    const endpoints = network.resources("aws_vpc_endpoint").map(({ arguments: endpoint }) => endpoint);
    const policies = network.policies().filter(({ type }) => type === "aws_vpc_endpoint");

    expect(endpoints.map(({ vpc_endpoint_type }) => vpc_endpoint_type).sort()).toEqual([
      "Gateway",
      "Gateway",
      "Interface",
    ]);
    expect(policies.flatMap(({ statements }) => statements.flatMap(({ resources }) => resources)).sort()).toEqual([
      expect.stringMatching(/:dynamodb:.*:table\/millrace-dev-\*$/),
      expect.stringMatching(/:s3:::millrace-dev-\*$/),
      expect.stringMatching(/:secretsmanager:.*:secret:rds!db-\*$/),
    ]);
  });

  test("lets only the VPC into the interface endpoint, by HTTPS only", () => {
    expect(network.only("aws_vpc_security_group_ingress_rule")).toMatchObject({
      cidr_ipv4: "10.42.0.0/16",
      from_port: 443,
      to_port: 443,
      ip_protocol: "tcp",
    });
    expect(counts(network, "vpc_security_group_egress_rule")).toEqual([0]);
  });

  test("logs all flows, encrypted", () => {
    expect(network.only("aws_flow_log")).toMatchObject({ traffic_type: "ALL" });
    expect(network.only("aws_cloudwatch_log_group")).toMatchObject({
      retention_in_days: 14,
      kms_key_id: expect.stringMatching(/aws_kms_key/),
    });
  });

  test("lets the flow log's role do what VPC Flow Logs does with it, the listing of groups on all", () => {
    const [role] = network.policies().filter(({ type }) => type === "aws_iam_role_policy");
    const granted = role?.statements.flatMap(({ actions, resources }) => actions.map((action) => [action, resources]));

    expect(Object.fromEntries(granted ?? [])).toEqual({
      "logs:CreateLogStream": [expect.stringMatching(/:\*$/)],
      "logs:PutLogEvents": [expect.stringMatching(/:\*$/)],
      "logs:DescribeLogStreams": [expect.stringMatching(/:\*$/)],
      "logs:DescribeLogGroups": ["*"],
    });
  });
});

describe("a network with NAT", () => {
  test.each([
    ["one", 3, [1, 1, 1, 4]],
    ["one-per-zone", 3, [1, 3, 3, 4]],
  ])("has gateways: %s", (gateways, zones, expected) => {
    const network = networkOf({ mode: "create", zones, egress: { mode: "nat", gateways } });

    expect(counts(network, "internet_gateway", "nat_gateway", "eip", "route")).toEqual(expected);
    expect(network.resources("aws_subnet").filter(({ address }) => address.includes("public"))).toHaveLength(
      gateways === "one" ? 1 : 3,
    );
    expect(network.named("aws_vpc_endpoint", "secrets")).toHaveLength(0);
  });

  test("sends each zone through its own gateway when it has one", () => {
    const network = networkOf({ mode: "create", egress: { mode: "nat", gateways: "one-per-zone" } });
    const routes = network.named("aws_route", "private-out").map(({ arguments: route }) => route.nat_gateway_id);

    expect(routes).toEqual([expect.stringContaining("nat-0"), expect.stringContaining("nat-1")]);
  });
});

describe("an existing network", () => {
  const existing = combinations.find(({ network }) => network === "network existing");
  const { network, etl } = synthesize({ overrides: existing?.overrides });

  test("is looked up and never changed", () => {
    expect(network.resources()).toEqual([]);
    expect(network.dataSources("aws_subnet")).toHaveLength(2);
    expect(network.dataSources("aws_vpc_endpoint")).toHaveLength(2);
  });

  test("is refused when a subnet is not in the VPC or all are in one zone", () => {
    const [first, last] = network.dataSources("aws_subnet").map(({ arguments: subnet }) => subnet);

    expect(first).toMatchObject({ id: "subnet-0a1b2c3d4e5f60718", vpc_id: expect.stringMatching(/data\.aws_vpc/) });
    expect(first).not.toHaveProperty("lifecycle");
    expect(last?.lifecycle).toMatchObject({
      postcondition: [
        { condition: expect.stringMatching(/^\$\{length\(distinct\(\[data.*, self\.availability_zone\]\)\) > 1\}$/) },
      ],
    });
  });

  test("serves the etl stack as a created one does", () => {
    const created = synthesize().etl;
    const groups = (template: typeof etl) => template.resources("aws_vpc_security_group_egress_rule").length;

    expect(groups(etl)).toBe(groups(created));
    expect(groups(etl)).toBeGreaterThan(0);
  });
});

describe("the Secrets Manager endpoint", () => {
  test("lets the secret of an existing database through, and no other", () => {
    const existing = combinations.find(({ name }) => name === "network create/none, database existing");
    const { network } = synthesize({ overrides: existing?.overrides });
    const [policy] = network.policies().filter(({ place }) => place.includes("aws_vpc_endpoint.network_secrets"));

    expect(policy?.statements.map(({ resources }) => resources)).toEqual([
      ["arn:aws:secretsmanager:eu-central-1:111122223333:secret:feeds-AbCdEf"],
    ]);
  });
});
