import { openPostgres } from "../../../../../etl/adapters/postgres/postgres";
import { requireKnownTls } from "../../../../../etl/adapters/postgres/tls";

const at = (query: string) => `postgres://loader:hunter2@db.example.com/feed${query}`;

describe("requireKnownTls", () => {
  const { PGSSLMODE } = process.env;
  beforeEach(() => {
    delete process.env.PGSSLMODE;
  });
  afterAll(() => {
    if (PGSSLMODE !== undefined) process.env.PGSSLMODE = PGSSLMODE;
  });

  test.each([
    ["?sslmode=bogus", "sslmode=bogus"],
    ["?sslmode=", "sslmode="],
    ["?sslmode=Verify-Full", "sslmode=Verify-Full"],
    ["?application_name=a&sslmode=allow", "sslmode=allow"],
    ["?sslmode=verify-full&sslmode=non", "sslmode=non"],
    ["?ssl=on", "ssl=on"],
    ["?ssl=false", "ssl=false"],
    ["?sslMode=verify-full", "sslMode=verify-full"],
    ["?ssl_mode=verify-full", "ssl_mode=verify-full"],
    ["?SSL=true", "SSL=true"],
  ])("refuses %s, and names what is allowed", (query, got) => {
    const refused = () => requireKnownTls(at(query));

    expect(refused).toThrow(`got ${got}, expected sslmode=verify-full`);
    expect(refused).toThrow(/verify-ca, require and prefer.*no-verify.*disable/);
    expect(refused).not.toThrow(/hunter2/);
  });

  test.each([
    ...["", "?application_name=sslmode", "#?sslmode=bogus", "?ssl=true", "?ssl=1", "?ssl=0", "?ssl=no-verify"],
    ...["verify-full", "verify-ca", "require", "prefer", "no-verify", "disable"].map((mode) => `?sslmode=${mode}`),
    "?sslrootcert=/etc/ca.pem&sslcert=a&sslkey=b&sslnegotiation=direct",
  ])("takes %j", (query) => {
    expect(() => requireKnownTls(at(query))).not.toThrow();
  });

  test("is asked before a connection is tried", async () => {
    await expect(openPostgres("postgres://loader:hunter2@127.0.0.1:1/feed?sslmode=bogus")).rejects.toThrow(
      "got sslmode=bogus, expected sslmode=verify-full",
    );
  });

  test("refuses an unknown PGSSLMODE if the URL has none", () => {
    process.env.PGSSLMODE = "bogus";

    expect(() => requireKnownTls(at(""))).toThrow("got PGSSLMODE=bogus, expected sslmode=verify-full");
    expect(() => requireKnownTls(at("?sslmode=verify-full"))).not.toThrow();
  });
});
