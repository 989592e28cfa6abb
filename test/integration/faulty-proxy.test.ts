import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { type Fault, FaultyProxy } from "../support/feeds/faulty-proxy";

/** Longer than anything on the loopback takes. */
const A_WHILE = 150;

describe("the proxy that breaks connections", () => {
  let echo: Server;
  let proxy: FaultyProxy;
  let client: Socket;
  const seen: string[] = [];
  const heard: string[] = [];

  beforeEach(async () => {
    seen.length = 0;
    heard.length = 0;
    echo = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.on("data", (data) => {
        heard.push(data.toString());
        socket.write(data);
      });
    }).listen(0, "127.0.0.1");
    await once(echo, "listening");
    proxy = await FaultyProxy.start((echo.address() as AddressInfo).port);
    client = connect({ port: proxy.port, host: "127.0.0.1" });
    client.on("data", (data) => seen.push(data.toString()));
    for (const event of ["end", "error"] as const) client.on(event, () => seen.push(event));
    await once(client, "connect");
  });
  afterEach(async () => {
    client.destroy();
    await proxy.close();
    echo.close();
  });

  const say = async (text: string) => {
    client.write(text);
    await sleep(A_WHILE);
  };

  test.each<[string, Fault, { readonly seen: readonly string[]; readonly heard: readonly string[] }]>([
    [
      "swallows",
      { mode: "swallow", when: { side: "client", pattern: /commit/ } },
      { seen: ["begin"], heard: ["begin"] },
    ],
    [
      "swallows the answer alone",
      { mode: "swallow", when: { side: "client", pattern: /commit/, strike: "after" } },
      { seen: ["begin"], heard: ["begin", "commit"] },
    ],
    [
      "cuts",
      { mode: "cut", when: { side: "client", pattern: /commit/ } },
      { seen: ["begin", "error"], heard: ["begin"] },
    ],
    [
      "half-closes",
      { mode: "half-close", when: { side: "server", pattern: /commit/ } },
      { seen: ["begin", "end"], heard: ["begin", "commit"] },
    ],
    [
      "swallows after so many bytes",
      { mode: "swallow", when: { side: "client", bytes: 8 } },
      { seen: ["begin"], heard: ["begin", "com"] },
    ],
    [
      "strikes after something else only",
      { mode: "cut", when: { side: "client", after: /begin/, pattern: /begin|commit/ } },
      { seen: ["begin", "error"], heard: ["begin"] },
    ],
  ])("%s", async (_, fault, outcome) => {
    const struck = proxy.arm(fault);
    await say("begin");
    await say("commit");
    await struck;

    expect({ seen, heard }).toEqual(outcome);
  });

  test("delays", async () => {
    void proxy.arm({ mode: "delay", delayMs: 2 * A_WHILE, when: { side: "client", pattern: /commit/ } });
    await say("commit");
    const before = [...seen];
    await sleep(4 * A_WHILE);

    expect([before, seen]).toEqual([[], ["commit"]]);
  });

  test("delays an end, too, behind what was said before it", async () => {
    void proxy.arm({ mode: "delay", delayMs: A_WHILE, when: { side: "client", pattern: /commit/ } });
    client.end("commit");
    await sleep(4 * A_WHILE);

    expect(seen).toEqual(["commit", "end"]);
  });

  test("holds what comes until it is released, and then is as before", async () => {
    const struck = proxy.arm({ mode: "hold", when: { side: "client", pattern: /commit/ } });
    await say("commit");
    await struck;
    await say("more");
    const before = [...seen];
    proxy.release();
    await sleep(A_WHILE);
    await say("after");

    expect([before, seen.join("")]).toEqual([[], "commitmoreafter"]);
  });

  test("lets new connections pass, unless the fault lasts", async () => {
    void proxy.arm({ mode: "cut", lasting: true, when: { side: "client", pattern: /commit/ } });
    await say("commit");
    const second = connect({ port: proxy.port, host: "127.0.0.1" });
    const [error] = await once(second, "error");
    proxy.heal();
    const third = connect({ port: proxy.port, host: "127.0.0.1" });
    third.write("begin");
    const [data] = await once(third, "data");
    third.destroy();

    expect([error.code, String(data)]).toEqual(["ECONNRESET", "begin"]);
  });
});
