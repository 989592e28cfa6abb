import { planEnvironment } from "../../../../../etl/feeds/run/environment";

const env = {
  ...{ FEED: "sales", SOURCE_BUCKET: "raw", SOURCE_PREFIX: "sales/", CHUNK_BYTES: "65536" },
  ...{ MANIFEST_BUCKET: "raw", MANIFEST_PREFIX: "import/manifests/" },
  ...{ DATABASE_HOST: "db", DATABASE_PORT: "5432", DATABASE_NAME: "feeds", DATABASE_SECRET_ARN: "arn:secret" },
};
const parse = (patterns: object) => planEnvironment.safeParse({ ...env, ...patterns });

describe("the environment of plan", () => {
  test.each([
    { CHUNK_BYTES: "65535" },
    { CHUNK_BYTES: "1e6" },
    { MANIFEST_PREFIX: "" },
    { MANIFEST_BUCKET: "ab" },
    { FEED: undefined },
  ])("is refused with %j", (change) => {
    expect(parse(change).success).toBe(false);
  });

  test("may be as short as it is taken", () => {
    expect(parse({ MANIFEST_PREFIX: "m", MANIFEST_BUCKET: "abc" }).data).toMatchObject({ CHUNK_BYTES: 65_536 });
  });
});

describe("which keys a deployed feed means", () => {
  test("are patterns in JSON, or all", () => {
    expect(parse({ INCLUDE: '["*.csv","2026/*"]', EXCLUDE: '["*/old/*"]' }).data).toMatchObject({
      INCLUDE: ["*.csv", "2026/*"],
      EXCLUDE: ["*/old/*"],
    });
    expect(parse({}).data).toMatchObject({ SOURCE_PREFIX: "sales/" });
    expect(parse({}).data?.INCLUDE).toBeUndefined();
  });

  test.each([{ INCLUDE: '{"a": 1}' }, { EXCLUDE: "[1]" }])("are nothing else: %j", (patterns) => {
    expect(parse(patterns).success).toBe(false);
  });
});
