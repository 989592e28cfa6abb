import { nextHop } from "../../../../../etl/adapters/http/redirects";

const follow = (from: string, to: string) => nextHop("cases", [new URL(from)], to, 5).href;

describe("nextHop", () => {
  test("never leaves TLS, and may enter it", () => {
    expect(() => follow("https://host/a", "http://host/a")).toThrow(/got a redirect from https to http \(cases\)/);
    expect(follow("http://host/a", "https://host/a")).toBe("https://host/a");
  });

  test("takes credentials along to the same origin only", () => {
    expect(follow("https://me:pw@host/a", "/b")).toBe("https://me:pw@host/b");
    expect(follow("https://me:pw@host/a", "https://host/b")).toBe("https://me:pw@host/b");
    expect(follow("https://me:pw@host/a", "https://other/b")).toBe("https://other/b");
    expect(follow("https://me:pw@host/a", "https://host:8443/b")).toBe("https://host:8443/b");
  });
});
