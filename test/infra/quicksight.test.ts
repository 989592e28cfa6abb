import { ConfigError } from "../../config/config-error";
import { type Overrides, override } from "../../config/overrides";
import { prod } from "../../config/prod";
import { quicksight } from "./support/pages-web";
import { someBackend, synthesizeShipped } from "./support/synthesize";

const stacksOf = (settings: Overrides = {}, more: Overrides = {}) =>
  synthesizeShipped({
    environment: prod,
    backend: someBackend,
    overrides: override({ pages: { quicksight: settings } }, more),
  });
const { etl, "state-backend": state } = stacksOf(quicksight);
const plain = stacksOf();

interface Definition {
  readonly data_set_identifiers_declarations: readonly unknown[];
  readonly sheets: readonly { readonly visuals: readonly unknown[] }[];
}

const GROUP = /^\$\{aws_security_group\.quicksight_connection_group_\w+\.id\}$/;
const DATABASE = /^\$\{aws_security_group\.database_security-group_\w+\.id\}$/;

describe("pages.quicksight", () => {
  test("makes nothing where it is off, whatever else of it is set", () => {
    const off = stacksOf({ ...quicksight, enabled: false });

    for (const stack of ["state-backend", "network", "etl"] as const) {
      expect(off[stack].text).toBe(plain[stack].text);
      expect(plain[stack].text).not.toMatch(/quicksight/i);
    }
  });

  test("reaches the database and nothing else; only the database's answers come in", () => {
    const rules = (type: string, side: "security_group_id" | "referenced_security_group_id") =>
      etl
        .resources(`aws_vpc_security_group_${type}_rule`)
        .map(({ arguments: rule }) => rule)
        .filter((rule) => GROUP.test(String(rule[side])));
    const postgres = { ip_protocol: "tcp", from_port: 5432, to_port: 5432 };

    expect(rules("egress", "security_group_id")).toMatchObject([
      { ...postgres, referenced_security_group_id: expect.stringMatching(DATABASE) },
    ]);
    expect(rules("ingress", "security_group_id")).toMatchObject([
      { from_port: 0, to_port: 65_535, referenced_security_group_id: expect.stringMatching(DATABASE) },
    ]);
    expect(rules("ingress", "referenced_security_group_id")).toMatchObject([
      { ...postgres, security_group_id: expect.stringMatching(DATABASE) },
    ]);
    expect(etl.only("aws_quicksight_vpc_connection")).toMatchObject({
      security_group_ids: [expect.stringMatching(GROUP)],
      role_arn: expect.stringMatching(/^\$\{aws_iam_role\.quicksight_connection_role_/),
      depends_on: [expect.stringMatching(/^aws_iam_role_policy\.quicksight_connection_role_/)],
    });
  });

  test.each([
    ["the database's own secret", undefined, expect.stringMatching(/^\$\{aws_db_instance\..*secret_arn\}$/)],
    ["a reader's secret", `${"arn:aws:secretsmanager:eu-central-1:111122223333:secret:reader"}-AbCdEf`, undefined],
  ])("reads with %s, over TLS, through its connection", (_, secretArn, expected) => {
    const source = stacksOf({ ...quicksight, secretArn }).etl.only("aws_quicksight_data_source");

    expect(source).toMatchObject({
      type: "POSTGRESQL",
      credentials: { secret_arn: expected ?? secretArn },
      ssl_properties: { disable_ssl: false },
      vpc_connection_properties: { vpc_connection_arn: expect.stringMatching(/^\$\{aws_quicksight_vpc_connection\./) },
    });
    expect(JSON.stringify(source)).not.toMatch(/password|username/);
  });

  test("shows cases, deaths, recoveries over time and what is new, as analysis and as dashboard, of one data set", () => {
    const definitionOf = (kind: string) => {
      const { definition } = etl.only(`aws_quicksight_${kind}`) as { readonly definition: readonly Definition[] };
      return definition[0] ?? { data_set_identifiers_declarations: [], sheets: [] };
    };
    const [analysis, dashboard] = [definitionOf("analysis"), definitionOf("dashboard")];
    const charts = dashboard.sheets.flatMap(({ visuals }) => visuals.map((visual) => JSON.stringify(visual)));

    expect(analysis).toEqual(dashboard);
    expect(dashboard.data_set_identifiers_declarations).toHaveLength(1);
    expect(charts).toEqual([
      expect.stringContaining('"column_name":"cases"'),
      expect.stringContaining('"column_name":"deaths"'),
      expect.stringContaining('"column_name":"recoveries"'),
      expect.stringMatching(/"new_cases".*"new_deaths".*"new_recoveries"/),
    ]);
  });

  test("is read again each day at the configured time, and seen by the configured people only", () => {
    const { etl: set } = stacksOf({ ...quicksight, refreshAt: "08:15", timeZone: "Europe/Berlin" });

    expect(set.only("aws_quicksight_refresh_schedule").schedule).toMatchObject([
      {
        refresh_type: "FULL_REFRESH",
        schedule_frequency: [{ interval: "DAILY", time_of_the_day: "08:15", timezone: "Europe/Berlin" }],
      },
    ]);
    const seen = ["data_set", "analysis", "dashboard"].flatMap(
      (kind) => etl.only(`aws_quicksight_${kind}`).permissions,
    );
    expect([...seen, ...[etl.only("aws_quicksight_data_source").permission].flat()]).toMatchObject(
      Array.from({ length: 4 }, () => ({ principal: quicksight.owners[0] })),
    );
  });

  test("has roles and a boundary that let QuickSight make its network interfaces", () => {
    expect(state.text).toContain("ec2:ModifyNetworkInterfaceAttribute");
    expect(state.text).toContain("quicksight.amazonaws.com");
  });

  test.each([
    ["owners", { enabled: true }, {}],
    ["enabled", quicksight, { pipelines: { covid: { enabled: false } } }],
  ])("is refused without what it needs: pages.quicksight.%s", (key, settings, more) => {
    expect(() => stacksOf(settings, more)).toThrow(ConfigError);
    expect(() => stacksOf(settings, more)).toThrow(`pages.quicksight.${key}: got`);
  });
});
