import { identifyUrl, parseHttpUrl, refuseUrl } from "../../../../../etl/core/fetch/url";

describe("identifyUrl", () => {
  const identify = (url: string) => identifyUrl(new URL(url));

  test("is the same whatever the credentials", () => {
    expect(identify("https://me:a@host/us.csv?token=a&v=1")).toBe(identify("https://you:b@host/us.csv?token=b&v=1"));
  });

  test("tells apart all else, what is masked in messages too", () => {
    expect(identify("https://host/us.csv?series=1")).not.toBe(identify("https://host/us.csv?series=2"));
  });
});

describe("parseHttpUrl", () => {
  test.each([
    ["ftp://host/us.csv", "the scheme ftp:"],
    ["host/us.csv", "text that is not a URL"],
    ["me:secret@host/us.csv", "text that is not a URL"],
  ])("refuses %s, and shows no credential", (text, got) => {
    const parse = () => parseHttpUrl(text, "cases");

    expect(parse).toThrow(
      `This is not an address to download from: got ${got}, expected a URL that begins with http://`,
    );
    expect(parse).not.toThrow(/secret|me:/);
  });

  test.each(["http://host/", "https://host/us.csv?v=1"])("takes %s", (text) => {
    expect(parseHttpUrl(text, "cases").href).toBe(text);
  });
});

describe("refuseUrl", () => {
  test("shows no credentials of an address where a path is expected", () => {
    expect(() => refuseUrl("https://me:secret@host/us.csv?key=s3cret")).toThrow(
      "This is an address, not a path: got https://***@host/us.csv?key=***, expected a path on this machine",
    );
    expect(() => refuseUrl("incoming/us.csv")).not.toThrow();
  });
});
