import { request, type Server } from "node:http";
import { createDashboard, listen } from "../../../../../scripts/run/dashboard/server";

const servers: Server[] = [];
let reads = 0;

async function start(): Promise<string> {
  const server = createDashboard(async () => {
    reads += 1;
    return { status: 200, html: `<p>read ${reads}` };
  });
  servers.push(server);
  return listen(server, 0);
}

beforeEach(() => {
  reads = 0;
});
afterAll(() => {
  for (const server of servers) server.close();
});

test("makes the page again for each request, and forbids keeping it", async () => {
  const address = await start();
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/$/);
  const first = await fetch(address);
  expect(await first.text()).toBe("<p>read 1");
  expect(await (await fetch(`${address}?again`)).text()).toBe("<p>read 2");
  expect(first.headers.get("cache-control")).toBe("no-store");
  const policy = first.headers.get("content-security-policy");
  expect(policy).toMatch(/^default-src 'none'.*script-src 'sha256-.*frame-ancestors 'none'$/);
});

test("everything else is refused without a read", async () => {
  const address = await start();
  expect((await fetch(`${address}favicon.ico`)).status).toBe(404);
  expect((await fetch(`${address}../etc/passwd`)).status).toBe(404);
  const posted = await fetch(address, { method: "POST", body: "x" });
  expect([posted.status, posted.headers.get("allow")]).toEqual([405, "GET, HEAD"]);
  expect(reads).toBe(0);
});

test("a foreign host name is refused: its site must not read the figures", async () => {
  const { port } = new URL(await start());
  const status = await new Promise((resolve, reject) => {
    const headers = { host: `evil.example:${port}` };
    request({ host: "127.0.0.1", port, headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(status).toBe(421);
  expect(reads).toBe(0);
});

test("a port that is taken is named with what to do", async () => {
  const { port } = new URL(await start());
  const second = createDashboard(async () => ({ status: 200, html: "" }));
  await expect(listen(second, Number(port))).rejects.toThrow(
    new RegExp(`cannot listen on port ${port}.*EADDRINUSE.*--port 0`),
  );
});

test("listens on the loopback only", async () => {
  await start();
  expect(servers.at(-1)?.address()).toMatchObject({ address: "127.0.0.1" });
});
