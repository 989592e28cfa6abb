import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { DeletionProtection, protectableOf } from "../../../../../scripts/deliver/destroy/deletion-protection";

const resource = (type: string, values: object) => ({ type, values: { ...values } });

test("a stack's databases and tables can be protected, and nothing else of it", () => {
  const resources = [
    resource("aws_db_instance", { identifier: "feeds" }),
    resource("aws_dynamodb_table", { name: "ledger" }),
    resource("aws_s3_bucket", { bucket: "raw" }),
  ];

  expect(protectableOf(resources)).toEqual([
    { kind: "database", name: "feeds" },
    { kind: "table", name: "ledger" },
  ]);
});

/** RDS and DynamoDB on the loopback, with one of each: what is protected is asked of AWS, not of a state. */
describe("deletion protection in AWS", () => {
  /** A database and a table may have one name. */
  const on = { databases: new Set(["feeds", "same"]), tables: new Set(["ledger", "same"]) };
  let server: Server;
  let protection: DeletionProtection;

  beforeAll(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "made-up", AWS_SECRET_ACCESS_KEY: "made-up" });
    server = createServer(async (request, response) => {
      const asked = await text(request);
      const { status, body } = String(request.headers["x-amz-target"] ?? "")
        ? tables(request.headers, asked)
        : databases(asked);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    protection = new DeletionProtection({ aws: { region: "eu-central-1", endpoint } });
  });

  afterAll(() => server.close());

  function databases(asked: string) {
    const values = new URLSearchParams(asked);
    const name = values.get("DBInstanceIdentifier") ?? "";
    if (name === "gone") {
      return { status: 404, body: "<ErrorResponse><Error><Code>DBInstanceNotFound</Code></Error></ErrorResponse>" };
    }
    if (values.get("Action") === "ModifyDBInstance" && values.get("DeletionProtection") === "false")
      on.databases.delete(name);
    const instance = `<DBInstance><DeletionProtection>${on.databases.has(name)}</DeletionProtection></DBInstance>`;
    const result = `<DescribeDBInstancesResult><DBInstances>${instance}</DBInstances></DescribeDBInstancesResult>`;
    return { status: 200, body: `<DescribeDBInstancesResponse>${result}</DescribeDBInstancesResponse>` };
  }

  function tables(headers: NodeJS.Dict<string | string[]>, asked: string) {
    const { TableName = "", DeletionProtectionEnabled } = JSON.parse(asked);
    if (TableName === "gone") return { status: 400, body: JSON.stringify({ __type: "#ResourceNotFoundException" }) };
    if (String(headers["x-amz-target"]).endsWith("UpdateTable") && DeletionProtectionEnabled === false)
      on.tables.delete(TableName);
    return { status: 200, body: JSON.stringify({ Table: { DeletionProtectionEnabled: on.tables.has(TableName) } }) };
  }

  test("is found, lifted one by one, except on deleted resources", async () => {
    const [database, table] = [
      { kind: "database", name: "feeds" } as const,
      { kind: "table", name: "ledger" } as const,
    ];
    const gone = [{ kind: "database", name: "gone" } as const, { kind: "table", name: "gone" } as const];

    expect(await protection.among([database, table, ...gone])).toEqual([database, table]);
    await protection.lift(database);
    expect(await protection.among([database, table])).toEqual([table]);
    await protection.lift(table);
    expect(await protection.among([database, table])).toEqual([]);
  });

  test("is lifted of the one that is meant, where a database and a table have one name", async () => {
    const [database, table] = [{ kind: "database", name: "same" } as const, { kind: "table", name: "same" } as const];

    await protection.lift(database);

    expect(await protection.among([database, table])).toEqual([table]);
  });
});
