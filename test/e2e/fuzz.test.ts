import { findProgram } from "../../scripts/command-line/find-program";
import { judge } from "../fuzz/judge";
import { PythonReader } from "../fuzz/python-reader";
import { describeUnless } from "../support/files/real-data";

const python = findProgram("python3");
/** `npm run fuzz -- --minutes 10` tries others. */
const CASES = 1_500;

describeUnless(python === undefined ? "python3 is missing" : undefined, "made-up CSV of any form", () => {
  let reader: PythonReader;

  beforeAll(() => {
    reader = new PythonReader(python ?? "");
  });
  afterAll(() => reader?.stop());

  test.each([1, 2, 3])("is read as Python reads it, whatever the pieces and cuts (%s)", async (part) => {
    const findings = [];
    for (let seed = part * 10_000; seed < part * 10_000 + CASES / 3; seed += 1) {
      const finding = await judge(seed, reader);
      if (finding !== undefined) findings.push(finding);
    }
    expect(findings).toEqual([]);
  });
});
