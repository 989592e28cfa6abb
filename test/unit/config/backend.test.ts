import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backendFile, localStateFile, readBackend, stateKey } from "../../../config/backend";
import { dev } from "../../../config/dev";
import { overrideConfig } from "../../../config/load";
import { bootstrapName, resourceName } from "../../../config/names";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "millrace-backend-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const configIn = (at: string) => overrideConfig(dev, { state: { backendFile: join(at, "{environment}.json") } });
const backend = {
  bucket: "bootstrap-millrace-dev-state-0a1b2c3d",
  lockTable: "bootstrap-millrace-dev-state",
  kmsKeyArn: "arn:aws:kms:eu-central-1:111122223333:key/1",
  region: "eu-central-1",
};

describe("the state backend", () => {
  test("is none before the bootstrap", () => {
    expect(readBackend(configIn(folder))).toBeUndefined();
  });

  test("is read from the environment's file, beside which local state lies", () => {
    const config = configIn(folder);
    writeFileSync(join(folder, "dev.json"), JSON.stringify(backend));

    expect(readBackend(config)).toEqual(backend);
    expect(backendFile(config)).toBe(join(folder, "dev.json"));
    expect(localStateFile(config, "network")).toBe(join(folder, "terraform.dev.network.tfstate"));
    expect(stateKey(config, "network")).toBe("millrace/dev/network.tfstate");
  });

  test.each([
    ["{", "got a file that is not JSON"],
    [JSON.stringify({ ...backend, bucket: "B!" }), "bucket: allowed is a bucket's name"],
    [JSON.stringify({ bucket: backend.bucket }), "lockTable: allowed is a DynamoDB table's name"],
  ])("is refused as %s", (content, message) => {
    writeFileSync(join(folder, "dev.json"), content);

    expect(() => readBackend(configIn(folder))).toThrow(message);
  });
});

describe("names", () => {
  test("of the bootstrap lie outside of what the deploy role may change", () => {
    const config = overrideConfig(dev, {});

    expect(resourceName(config, "raw")).toBe("millrace-dev-raw");
    expect(bootstrapName(config, "deploy").startsWith(resourceName(config))).toBe(false);
  });
});
