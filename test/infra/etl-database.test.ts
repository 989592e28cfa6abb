import { dev } from "../../config/dev";
import { prod } from "../../config/prod";
import { combinations } from "./support/combinations";
import { someBackend, synthesizeShipped } from "./support/synthesize";
import type { Template } from "./support/template";

const { etl } = synthesizeShipped({ environment: prod, backend: someBackend });
const instance = etl.only("aws_db_instance");

describe("the created database", () => {
  test("is no database for functions until it has an address, as after an interrupted deployment", () => {
    expect(instance.lifecycle).toMatchObject({
      postcondition: [
        {
          condition: `\${self.address != null && self.address != ""}`,
          error_message: expect.stringContaining("Run the same command again in a few minutes"),
        },
      ],
    });
  });

  test("is private, encrypted, watched and kept", () => {
    const key = expect.stringMatching(/^\$\{aws_kms_key\.platform_key_\w+\.arn\}$/);

    expect(instance).toMatchObject({
      identifier: "millrace-prod-etl",
      engine: "postgres",
      engine_version: "17",
      storage_type: "gp3",
      storage_encrypted: true,
      kms_key_id: key,
      publicly_accessible: false,
      iam_database_authentication_enabled: true,
      performance_insights_enabled: true,
      performance_insights_kms_key_id: key,
      monitoring_interval: 60,
      enabled_cloudwatch_logs_exports: ["postgresql", "upgrade"],
      multi_az: true,
      backup_retention_period: 35,
      deletion_protection: true,
      skip_final_snapshot: false,
      final_snapshot_identifier: expect.stringMatching(/^millrace-prod-etl-final-\$\{random_id\./),
    });
  });

  test("has a password that only RDS knows, and a user name that cannot be guessed", () => {
    expect(instance).toMatchObject({
      manage_master_user_password: true,
      master_user_secret_kms_key_id: expect.stringContaining("aws_kms_key.platform_key"),
      username: expect.stringMatching(/^m\$\{random_string\.database_user_\w+\.result\}$/),
    });
    expect(instance).not.toHaveProperty("password");
    expect(etl.only("random_string")).toMatchObject({ length: 15, special: false, upper: false });
    expect(etl.text).not.toMatch(/"(password|secret_string)"\s*:/);
  });

  test("refuses connections without TLS", () => {
    const group = etl.only("aws_db_parameter_group");

    expect(group).toMatchObject({
      family: "postgres17",
      parameter: expect.arrayContaining([{ name: "rds.force_ssl", value: "1" }]),
    });
    expect(instance.parameter_group_name).toMatch(/^\$\{aws_db_parameter_group\./);
  });

  test("has a limit of its storage only if it may grow: RDS refuses a limit equal to the first size", () => {
    const most = (maxStorageGb: number) => {
      const overrides = { database: { storageGb: 100, maxStorageGb } };
      return synthesizeShipped({ environment: prod, overrides }).etl.only("aws_db_instance").max_allocated_storage;
    };

    expect([most(110), most(100)]).toEqual([110, undefined]);
  });

  test("comes after its log groups", () => {
    const groups = etl.named("aws_cloudwatch_log_group", "database_log-");

    expect(groups.map((group) => group.arguments.name).sort()).toEqual([
      "/aws/rds/instance/millrace-prod-etl/postgresql",
      "/aws/rds/instance/millrace-prod-etl/upgrade",
    ]);
    expect(instance.depends_on).toEqual(expect.arrayContaining(groups.map(({ address }) => address)));
  });

  test("costs less and can be removed where configuration says so", () => {
    expect(synthesizeShipped({ environment: dev }).etl.only("aws_db_instance")).toMatchObject({
      multi_az: false,
      backup_retention_period: 1,
      deletion_protection: false,
      skip_final_snapshot: true,
    });
  });
});

describe("database.instance", () => {
  const of = (instance?: string) => synthesizeShipped({ environment: prod, overrides: { database: { instance } } }).etl;
  const made = "millrace-prod-etl";
  const restored = `${made}-restored`;
  const addressOf = (template: Template) => template.resources("aws_db_instance")[0]?.address;

  test("adopts the instance in its configuration, by a separate address, and does not change the other one", () => {
    const there = of(restored);
    const back = of(made);

    expect(there.only("aws_db_instance").identifier).toBe(restored);
    expect(addressOf(there)).not.toBe(addressOf(etl));
    expect(addressOf(back)).toBe(addressOf(etl));
    for (const [template, id, other] of [
      [there, restored, etl],
      [back, made, there],
    ] as const) {
      expect(JSON.parse(template.text)).toMatchObject({
        import: [{ id, to: addressOf(template) }],
        removed: [{ from: addressOf(other), lifecycle: { destroy: false } }],
      });
    }
    expect(JSON.parse(etl.text)).not.toHaveProperty("import");
    expect(JSON.parse(etl.text)).not.toHaveProperty("removed");
  });

  test("is what functions, alarms and graphs know, under the names that they had", () => {
    const there = of(restored);
    const alarms = (template: Template) =>
      template
        .resources("aws_cloudwatch_metric_alarm")
        .filter(({ arguments: { namespace } }) => namespace === "AWS/RDS");

    expect(there.text).not.toMatch(/\$\{aws_db_instance\.database_instance_/);
    expect(there.text).not.toContain(`DBInstanceIdentifier\\",\\"${made}\\"`);
    expect(alarms(there).map(({ arguments: { alarm_name } }) => alarm_name)).toEqual(
      alarms(etl).map(({ arguments: { alarm_name } }) => alarm_name),
    );
    for (const { arguments: alarm } of alarms(there)) {
      expect(alarm.dimensions).toEqual({ DBInstanceIdentifier: restored });
    }
  });

  test("has log groups before it exports its logs, beside those of the other one", () => {
    const names = (template: Template) =>
      template.named("aws_cloudwatch_log_group", "database_").map(({ arguments: { name } }) => name);

    expect(names(of(restored))).toEqual(
      expect.arrayContaining([...names(etl), `/aws/rds/instance/${restored}/upgrade`]),
    );
    expect(names(of(made)).sort()).toEqual(names(of(restored)).sort());
  });

  test("is one of the two that a restore of this environment knows", () => {
    expect(() => of("payroll")).toThrow(
      /database\.instance: got "payroll", allowed is millrace-prod-etl or millrace-prod-etl-restored/,
    );
  });
});

describe.each(combinations)("security groups of the etl stack, $name", ({ network, database, overrides }) => {
  const { etl } = synthesizeShipped({ overrides });
  const egress = etl.resources("aws_vpc_security_group_egress_rule").map((rule) => rule.arguments);
  const ingress = etl.resources("aws_vpc_security_group_ingress_rule").map((rule) => rule.arguments);
  const load = expect.stringMatching(/^\$\{aws_security_group\.covid_load-group_\w+\.id\}$/);
  const sql = expect.stringMatching(/^\$\{aws_security_group\.sql_group_\w+\.id\}$/);
  const pages = expect.stringMatching(/^\$\{aws_security_group\.pages_group_\w+\.id\}$/);
  const exported = expect.stringMatching(/^\$\{aws_security_group\.export_group_\w+\.id\}$/);
  const created = database === "database create";
  /** Where the rules of `export` are among the others, by their names. */
  const exports = created ? 3 : undefined;
  const server = created ? expect.stringContaining("database_security-group") : "sg-0a1b2c3d4e5f60718";

  test("let load and pages out only to the database, S3 and Secrets Manager, and sql and export not to S3", () => {
    const [toDatabase, toSecrets] = exports === undefined ? [] : egress.splice(exports, 2);
    const groups = egress.map(({ security_group_id }) => security_group_id);
    expect(groups).toEqual([load, load, load, pages, pages, pages, sql, sql]);
    expect(egress.map((rule) => [rule.from_port, rule.to_port, rule.ip_protocol])).toEqual([
      [5432, 5432, "tcp"],
      [443, 443, "tcp"],
      [443, 443, "tcp"],
      [5432, 5432, "tcp"],
      [443, 443, "tcp"],
      [443, 443, "tcp"],
      [5432, 5432, "tcp"],
      [443, 443, "tcp"],
    ]);
    if (created) {
      expect(toDatabase).toMatchObject({
        security_group_id: exported,
        from_port: 5432,
        referenced_security_group_id: server,
      });
      expect(toSecrets).toMatchObject({ security_group_id: exported, from_port: 443, to_port: 443 });
      expect(toSecrets).not.toHaveProperty("prefix_list_id");
    }
    for (const at of [0, 3, 6]) expect(egress[at]).toMatchObject({ referenced_security_group_id: server });
    for (const at of [1, 4]) {
      expect(egress[at]).toMatchObject({ prefix_list_id: expect.stringContaining("s3-addresses") });
    }
    // A NAT gateway has no address of its own to name: HTTPS may go anywhere then, and only then.
    for (const https of [egress[2], egress[5], egress[7]]) {
      expect(https?.cidr_ipv4 === "0.0.0.0/0").toBe(network === "network create/nat");
    }
  });

  test("let only load, pages, sql and export in to the database, and no range of addresses", () => {
    const from = ingress.map(({ referenced_security_group_id }) => referenced_security_group_id);
    expect(from).toEqual(created ? [load, exported, pages, sql] : []);
    for (const rule of ingress) {
      expect(rule).toMatchObject({ from_port: 5432, to_port: 5432 });
      expect(rule).not.toHaveProperty("cidr_ipv4");
    }
    for (const { arguments: group } of etl.resources("aws_security_group")) {
      expect(group).not.toHaveProperty("ingress");
      expect(group).not.toHaveProperty("egress");
    }
  });
});

describe("database.access", () => {
  const access = {
    securityGroupIds: ["sg-0a1b2c3d"],
    cidrs: ["10.20.0.0/16", "192.168.7.0/24"],
    prefixListIds: ["pl-0a1b2c3d"],
  };

  test("lets in on the database's port what it names, and adds nothing else", () => {
    const rules = (overrides = {}) =>
      synthesizeShipped({ overrides }).etl.resources("aws_vpc_security_group_ingress_rule");
    const before = rules().map(({ address }) => address);

    const added = rules({ database: { access } }).filter(({ address }) => !before.includes(address));

    expect(added.map(({ arguments: rule }) => rule)).toEqual(
      [
        { cidr_ipv4: "10.20.0.0/16" },
        { cidr_ipv4: "192.168.7.0/24" },
        { prefix_list_id: "pl-0a1b2c3d" },
        { referenced_security_group_id: "sg-0a1b2c3d" },
      ].map((peer) => ({
        ...peer,
        description: expect.stringMatching(/, as configured$/),
        from_port: 5432,
        to_port: 5432,
        ip_protocol: "tcp",
        security_group_id: expect.stringContaining("database_security-group"),
      })),
    );
  });
});
