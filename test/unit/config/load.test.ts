import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isEndpointInEnvironment, loadConfig } from "../../../config/load";
import { override } from "../../../config/overrides";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-config-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(content: string): string {
  const file = join(folder, "overrides.json");
  writeFileSync(file, content);
  return file;
}

describe("loadConfig", () => {
  test("chooses the environment by ENVIRONMENT, dev by default", () => {
    expect(loadConfig({}).environment).toBe("dev");
    expect(loadConfig({ ENVIRONMENT: "" }).environment).toBe("dev");
    expect(loadConfig({ ENVIRONMENT: "prod" }).environment).toBe("prod");
  });

  test("refuses an environment that is not there and names those that are", () => {
    expect(() => loadConfig({ ENVIRONMENT: "toString" })).toThrow(
      'ENVIRONMENT: got "toString", allowed is one of dev, prod',
    );
  });

  test("lays the file of MILLRACE_CONFIG over the environment's", () => {
    const file = write('{"aws": {"endpoint": "http://127.0.0.1:5000"}, "database": {"multiAz": false}}');

    const config = loadConfig({ ENVIRONMENT: "prod", MILLRACE_CONFIG: file });

    expect(config.aws.endpoint).toBe("http://127.0.0.1:5000");
    expect(config.database).toMatchObject({ multiAz: false, deletionProtection: true });
  });

  test("names both files when the sum is wrong", () => {
    const file = write('{"network": {"zones": 7}}');

    expect(() => loadConfig({ MILLRACE_CONFIG: file })).toThrow(`config/dev.ts under ${file} is refused`);
  });

  test.each(["{", "[]", "3"])("refuses a file of %j", (content) => {
    const file = write(content);

    const got =
      content === "{" ? /MILLRACE_CONFIG: got .*JSON.*, allowed/ : /MILLRACE_CONFIG: got something else, allowed/;
    expect(() => loadConfig({ MILLRACE_CONFIG: file })).toThrow(got);
    expect(() => loadConfig({ MILLRACE_CONFIG: file })).toThrow("allowed is the path of a JSON file with an object");
  });
});

test.each([
  ["http://127.0.0.1:5000", "http://127.0.0.1:5000", true],
  ["http://127.0.0.1:5000", "http://127.0.0.1:5001", false],
  ["http://127.0.0.1:5000", undefined, false],
  [undefined, "http://127.0.0.1:5000", false],
  [undefined, undefined, false],
])("aws.endpoint %j is in an environment with AWS_ENDPOINT_URL %j: %j", (endpoint, url, expected) => {
  const { aws } = loadConfig({});

  expect(isEndpointInEnvironment({ aws: { ...aws, endpoint } }, { AWS_ENDPOINT_URL: url })).toBe(expected);
});

describe("override", () => {
  test("goes into sections and replaces lists", () => {
    expect(override({ a: { b: 1, c: [1, 2] } }, { a: { c: [3] } })).toEqual({ a: { b: 1, c: [3] } });
  });

  test("replaces a section whose mode changes", () => {
    const base = { network: { mode: "create", cidr: "10.0.0.0/16" } };

    expect(override(base, { network: { mode: "existing", vpcId: "vpc-1" } })).toEqual({
      network: { mode: "existing", vpcId: "vpc-1" },
    });
    expect(override(base, { network: { mode: "create", zones: 3 } })).toEqual({
      network: { mode: "create", cidr: "10.0.0.0/16", zones: 3 },
    });
  });
});
