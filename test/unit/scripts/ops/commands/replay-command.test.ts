import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { runProjectScript } from "../../../../support/processes/run-script";

/** So much of SQS and S3, on the loopback, as a replay asks for: one queue, and one object `there.csv`. */
describe("npm run ops -- replay orders KEY", () => {
  let server: Server;
  const sent: string[] = [];
  beforeAll(async () => {
    server = createServer(async (request, response) => {
      if (request.method === "HEAD") {
        response.writeHead(request.url?.endsWith("/there.csv") ? 200 : 404).end();
        return;
      }
      const body = (await json(request)) as { MessageBody?: string };
      if (body.MessageBody !== undefined) sent.push(body.MessageBody);
      response.setHeader("content-type", "application/x-amz-json-1.0");
      const QueueArn = "arn:aws:sqs:eu-central-1:111122223333:files";
      const MD5OfMessageBody = createHash("md5")
        .update(body.MessageBody ?? "")
        .digest("hex");
      const QueueUrl = `http://${request.headers.host}/files`;
      response.end(JSON.stringify({ QueueUrl, Attributes: { QueueArn }, MD5OfMessageBody }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const replay = (key: string) =>
    runProjectScript("ops.ts", ["replay", "orders", key], {
      ...{ ENVIRONMENT: "dev", AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" },
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    });

  test("sends the event of an object that is there", async () => {
    const { code, output } = await replay("orders/there.csv");

    expect(output).toContain("orders will read s3://");
    expect(code).toBe(0);
    expect(sent).toEqual([expect.stringContaining("orders/there.csv")]);
  });

  test("refuses a key that no object has, and sends nothing", async () => {
    sent.length = 0;

    const { code, output } = await replay("orders/their.csv");

    expect(output).toContain("There is no such object, so nothing was sent: got orders/their.csv");
    expect(code).toBe(1);
    expect(sent).toEqual([]);
  });
});
