import { readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv/dist/2020";
import { writeJsonSchema } from "../../../../../../etl/core/contract/schema/json-schema";
import { sales } from "../../../../../../etl/feeds/sales";

const file = readFileSync(join(__dirname, "../../../../../../docs/contract.schema.json"), "utf8");

describe("docs/contract.schema.json", () => {
  test("is what the schema says", () => expect(file).toBe(writeJsonSchema()));

  test("takes contracts, and tells what is none", () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(file));
    const isContract = (changes: object) => validate({ ...sales, ...changes });

    expect(isContract({ $schema: "./contract.schema.json" })).toBe(true);
    expect(isContract({ delimiter: "\t", encoding: "windows-1252", maxRejected: { rows: 3 }, revisions: true })).toBe(
      true,
    );
    expect(isContract({ columns: { a: { type: "money" } } })).toBe(false);
    expect(isContract({ columns: { a: { type: "text", nulable: true } } })).toBe(false);
    expect(isContract({ delimiter: "§" })).toBe(false);
    expect(isContract({ key: [] })).toBe(false);
    expect(validate({ name: "t" })).toBe(false);
  });
});
