import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { deployedDatabase } from "../../../../../scripts/deliver/destroy/deployed-export";

describe("the deployed function that shows the tables", () => {
  const before = { ...process.env };
  let server: Server;

  beforeAll(async () => {
    Object.assign(process.env, { AWS_ACCESS_KEY_ID: "test", AWS_SECRET_ACCESS_KEY: "test" });
    server = createServer((_, response) =>
      response
        .writeHead(404, { "x-amzn-errortype": "ResourceNotFoundException" })
        .end('{"Message":"Function not found"}'),
    ).listen(0, "127.0.0.1");
    await once(server, "listening");
  });
  afterAll(() => {
    process.env = before;
    server.closeAllConnections();
    server.close();
  });

  test("that was deleted is named, with what to do", async () => {
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const config = { project: "millrace", environment: "dev", aws: { region: "eu-central-1", endpoint } };

    await expect(deployedDatabase(config as Parameters<typeof deployedDatabase>[0], "ann").tables()).rejects.toThrow(
      /^The tables cannot be exported: .*got no function millrace-dev-export\. npm run deploy makes it again/,
    );
  });
});
