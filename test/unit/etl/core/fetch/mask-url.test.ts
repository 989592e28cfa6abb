import { isUrl, maskLocation, maskText, maskUrl } from "../../../../../etl/core/fetch/mask-url";

describe("maskUrl", () => {
  test.each([
    ["https://me:secret@host/us.csv?v=1", "https://***@host/us.csv?v=1"],
    ["https://token@host/us.csv", "https://***@host/us.csv"],
    ["https://host/us.csv?API_KEY=s3cret&Version=1", "https://host/us.csv?API_KEY=***&Version=1"],
    ["https://host/us.csv?anything=s3cret&=s3cret", "https://host/us.csv?anything=***&=***"],
    ["https://host/us.csv?s3cret", "https://host/us.csv?***"],
    ["https://host/us.csv?czNjcmV0cw==", "https://host/us.csv?***"],
    ["https://host/us.csv?a=b=s3cret&&from=2020-01-01", "https://host/us.csv?a=***&&from=2020-01-01"],
    ["https://host/us.csv?%76=s3cret", "https://host/us.csv?%76=***"],
    ["https://host/us.csv#access_token=s3cret", "https://host/us.csv"],
    [
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=ab&X-Amz-Date=20201&X-Amz-Credential=c",
      "https://b.s3.amazonaws.com/k?X-Amz-Signature=***&X-Amz-Date=20201&X-Amz-Credential=***",
    ],
    ["https://host/us.csv", "https://host/us.csv"],
    ["https://host/us.csv?v=1;token=s3cret", "https://host/us.csv?v=***"],
    ["https://me:s3c@ret@host/us.csv", "https://***@host/us.csv"],
    ["https://s3cret%3As3cret@host/us.csv", "https://***@host/us.csv"],
    ["https://mirror/get/https://me:s3cret@host/us.csv?v=1", "https://mirror/***?v=1"],
    ["https://mirror/https%3A%2F%2Fme%3As3cret%40host%2Fus.csv", "https://mirror/***"],
    ["https://host/a;token=s3cret;v=1/us.csv", "https://host/a;token=***;v=1/us.csv"],
    ["https://host/us.csv?to=https://me:s3cret@host/", "https://host/us.csv?to=***"],
    ["https://host/us.csv?from=https://host/?token=s3cret", "https://host/us.csv?from=***"],
    ["https://host/us.csv?from=%2F%2Fme%3As3cret%40host", "https://host/us.csv?from=***"],
    ["https://host/us.csv?version=1%26token%3Ds3cret", "https://host/us.csv?version=***"],
    ["https://host/us.csv?version=1%2526token%253Ds3cret", "https://host/us.csv?version=***"],
    ["https://host/us.csv?year=2020%3Bs3cret", "https://host/us.csv?year=***"],
    [
      "https://host/us.csv?since=2020-01-01T00:00:00%2B01%3A00",
      "https://host/us.csv?since=2020-01-01T00:00:00%2B01%3A00",
    ],
    ["https://host/us.csv?date=01/02/2020", "https://host/us.csv?date=01/02/2020"],
    ["https://b/k?X-Amz-SignedHeaders=host%3Brange", "https://b/k?X-Amz-SignedHeaders=host%3Brange"],
  ])("%s", (url, masked) => {
    expect(maskUrl(new URL(url))).toBe(masked);
  });

  test("leaves the URL itself as it is", () => {
    const url = new URL("https://me:secret@host/");
    maskUrl(url);
    expect(url.password).toBe("secret");
  });
});

test.each([
  ["https://me:secret@host/us.csv?code=x", "https://***@host/us.csv?code=***"],
  ["ftp://me:secret@host/us.csv", "ftp://***@host/us.csv"],
  ["https://me:s3cret@host:port/us.csv", "***"],
  [" https://me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["\u00a0https://me:s3cret@host/us.csv", "***"],
  ["https:/me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["https:me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["HTTPS:\\\\me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["ht\ttps:/\n/me:s3\tcret@host/us.csv", "https://***@host/us.csv"],
  ["sftp:me:s3cret@host/us.csv", "***"],
  ["feeds/https://me:s3cret@host/us.csv", "***"],
  ["https://host:port/us.csv", "https://host:port/us.csv"],
  ["//me:s3cret@host/us.csv", "***"],
  ["me:s3cret@host/us.csv", "***"],
  ["s3cret:@host:80/us.csv", "***"],
  ["host.example/us.csv?token=s3cret", "***"],
  ["127.0.0.1:8080/us.csv?anything=s3cret", "***"],
  ["localhost:8080/us.csv?anything=s3cret", "***"],
  ["//host/us.csv?anything=s3cret", "***"],
  ["./host.example/us.csv?v=1", "./host.example/us.csv?v=1"],
  ["us.csv?v=1", "us.csv?v=1"],
  ["feeds//us@home.csv", "feeds//us@home.csv"],
  ["12:30@noon.csv", "12:30@noon.csv"],
  ["feeds/us.csv?v", "feeds/us.csv?v"],
  ["covid/cases/2026-11-21/ab.csv", "covid/cases/2026-11-21/ab.csv"],
])("maskLocation: %s", (location, masked) => {
  expect(maskLocation(location)).toBe(masked);
});

test.each([
  [" https://me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["https:me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["https:\\\\me:s3cret@host/us.csv", "https://***@host/us.csv"],
  ["https://me:s3cret@host:99999/", "***"],
  ["see https://me:s3cret@host/", "***"],
  ["arn:aws:kms:eu-central-1:111122223333:key/?", "arn:aws:kms:eu-central-1:111122223333:key/?"],
  ["sun:03:00-sun:04:00", "sun:03:00-sun:04:00"],
  ["me@example", "me@example"],
])("maskText: %j", (text, masked) => {
  expect(maskText(text)).toBe(masked);
});

describe("isUrl", () => {
  test.each([
    ["https://host/us.csv", true],
    ["HTTP://host", true],
    ["ftp://host/us.csv", true],
    [" https:/host", true],
    ["ht\ttp://host", true],
    ["me@host/a:b/us.csv", false],
    ["a b.csv", false],
    ["us.csv", false],
    ["./http/us.csv", false],
    ["C:\\feeds\\us.csv", false],
    ["/a://b", false],
  ])("%s: %s", (text, expected) => {
    expect(isUrl(text)).toBe(expected);
  });
});
