import { isUrl, maskUrl } from "../../../etl/core/fetch-url";

describe("maskUrl", () => {
  test.each([
    ["https://me:secret@host/us.csv?v=1", "https://***@host/us.csv?v=1"],
    ["https://token@host/us.csv", "https://***@host/us.csv"],
    ["https://host/us.csv?API_KEY=s3cret&v=1", "https://host/us.csv?API_KEY=***&v=1"],
    [
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=ab&X-Amz-Date=20201",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=***&X-Amz-Date=20201",
    ],
    ["https://host/us.csv?a=%20b&c", "https://host/us.csv?a=%20b&c"],
  ])("%s", (url, masked) => {
    expect(maskUrl(new URL(url))).toBe(masked);
  });

  test("leaves the URL itself as it is", () => {
    const url = new URL("https://me:secret@host/");
    maskUrl(url);
    expect(url.password).toBe("secret");
  });
});

describe("isUrl", () => {
  test.each([
    ["https://host/us.csv", true],
    ["HTTP://host", true],
    ["ftp://host/us.csv", true],
    ["us.csv", false],
    ["./http/us.csv", false],
    ["C:\\feeds\\us.csv", false],
    ["/a://b", false],
  ])("%s: %s", (text, expected) => {
    expect(isUrl(text)).toBe(expected);
  });
});
