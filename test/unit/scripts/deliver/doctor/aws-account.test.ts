import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { AwsAccount } from "../../../../../scripts/deliver/doctor/aws-account";

/** AWS on the loopback, which has nothing of what it is asked for unless an answer is given. */
describe("what the account does not have", () => {
  let server: Server;
  let account: AwsAccount;
  let refusal: { readonly status: number; readonly code: string };
  let answer: string | undefined;

  beforeAll(async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: "made-up",
      AWS_SECRET_ACCESS_KEY: "made-up",
      AWS_MAX_ATTEMPTS: "1",
    });
    server = createServer(async (request, response) => {
      await text(request);
      const { status, code } = refusal;
      if (answer !== undefined) return void response.end(answer);
      response.setHeader("x-amzn-errortype", code);
      const isJson = request.url?.includes("/functions/");
      response.writeHead(status).end(isJson ? "{}" : xmlOf(request.method === "GET", code));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    account = new AwsAccount({ aws: { region: "eu-central-1", endpoint } });
  });
  afterAll(() => {
    delete process.env.AWS_MAX_ATTEMPTS;
    server.closeAllConnections();
    server.close();
  });

  const xmlOf = (isS3: boolean, code: string) =>
    isS3 ? `<Error><Code>${code}</Code></Error>` : `<ErrorResponse><Error><Code>${code}</Code></Error></ErrorResponse>`;

  test.each<[string, number, string, (asked: AwsAccount) => Promise<unknown>, unknown]>([
    ["an instance of RDS", 404, "DBInstanceNotFound", (asked) => asked.instanceStatus("feeds"), undefined],
    ["a role", 404, "NoSuchEntity", (asked) => asked.hasRole("feeds"), false],
    ["a function", 404, "ResourceNotFoundException", (asked) => asked.reservedBy("feeds"), 0],
    ["a bucket", 404, "NoSuchBucket", (asked) => asked.bucket("feeds", "111122223333"), "free"],
    [
      "a topic",
      404,
      "NotFound",
      (asked) => asked.subscribers("arn:aws:sns:eu-central-1:111122223333:feeds"),
      undefined,
    ],
  ])("is no failure: %s", async (_what, status, code, ask, found) => {
    refusal = { status, code };

    expect(await ask(account)).toEqual(found);
  });

  test.each<[string, string, (asked: AwsAccount) => Promise<unknown>, unknown]>([
    [
      "the status of an instance",
      "<R><DescribeDBInstancesResult><DBInstances><DBInstance><DBInstanceStatus>stopped</DBInstanceStatus></DBInstance></DBInstances></DescribeDBInstancesResult></R>",
      (asked) => asked.instanceStatus("feeds"),
      "stopped",
    ],
    ["a role", "<R><GetRoleResult><Role/></GetRoleResult></R>", (asked) => asked.hasRole("feeds"), true],
    ["a function's concurrency", '{"ReservedConcurrentExecutions":4}', (asked) => asked.reservedBy("feeds"), 4],
    [
      "the concurrency that is left",
      '{"AccountLimit":{"UnreservedConcurrentExecutions":90}}',
      (asked) => asked.unreservedConcurrency(),
      90,
    ],
    ["no concurrency, where AWS names none", "{}", (asked) => asked.unreservedConcurrency(), 0],
  ])("is told from what it has: %s", async (_what, said, ask, found) => {
    answer = said;

    expect(await ask(account).finally(() => (answer = undefined))).toEqual(found);
  });

  test("is another thing than what it does not say", async () => {
    refusal = { status: 403, code: "AccessDenied" };

    await expect(account.instanceStatus("feeds")).rejects.toMatchObject({ name: "AccessDenied" });
    expect(await account.bucket("feeds", "111122223333")).toBe("taken");
  });
});
