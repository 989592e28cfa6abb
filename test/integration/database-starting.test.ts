import { once } from "node:events";
import { type AddressInfo, createServer, type Server } from "node:net";
import { openPostgres } from "../../etl/adapters/postgres/postgres";

/** PostgreSQL's refusal of a login, as it goes over the wire. */
function refusal(code: string, message: string): Buffer {
  const fields = `SFATAL\0C${code}\0M${message}\0\0`;
  const length = Buffer.alloc(4);
  length.writeInt32BE(Buffer.byteLength(fields) + 4);
  return Buffer.concat([Buffer.from("E"), length, Buffer.from(fields)]);
}

describe("a database that is not there yet", () => {
  let server: Server;
  let answers: string[];
  let asked: number;

  beforeEach(async () => {
    asked = 0;
    server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => {
        const code = answers[asked] ?? "3D000";
        asked += 1;
        socket.end(refusal(code, `answer ${code}`));
      });
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
  });
  afterEach(() => server.close());

  const url = () => `postgres://me:pw@127.0.0.1:${(server.address() as AddressInfo).port}/feeds`;

  test("is tried again while it says that it is starting", async () => {
    answers = ["57P03", "57P03"];

    await expect(openPostgres(url())).rejects.toThrow(/the database does not exist.*answer 3D000/);

    expect(asked).toBe(3);
  });

  test("is not tried again if no time is left, as near the end of a Lambda", async () => {
    answers = ["57P03", "57P03"];

    await expect(openPostgres(url(), { remainingMs: () => 10_000 })).rejects.toThrow(/is starting or stopping/);

    expect(asked).toBe(1);
  });

  test("is reported at once if nothing listens", async () => {
    const address = url();
    server.close();

    await expect(openPostgres(address)).rejects.toThrow(/nothing listens at the database's address/);

    expect(asked).toBe(0);
  });
});
