import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { contracts } from "../../../../../../etl/feeds/feeds";
import { refuseDoubles } from "../../../../../../scripts/run/feed/contract/contract-files";

describe("two contracts of one name", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-contracts-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test("are refused with the files of both", () => {
    for (const file of ["sales", "shop", "other"]) {
      const name = file === "other" ? "other" : "sales";
      writeFileSync(join(folder, `${file}.js`), `exports.contract = { name: "${name}" };`);
    }
    const doubled = ["sales", "shop", "other"].map((file) => require(join(folder, `${file}.js`)).contract);

    expect(() => refuseDoubles(doubled, folder)).toThrow(
      'Two contracts have one name: got "sales" in etl/feeds/sales.ts and etl/feeds/shop.ts, expected a name of its own for each. Rename one',
    );
  });

  test("and so is one that is entered twice; those of the project are all different", () => {
    const [first] = contracts;

    expect(() => refuseDoubles(first === undefined ? [] : [first, first])).toThrow(
      /in etl\/feeds\/sales\.ts, expected/,
    );
    expect(() => refuseDoubles(contracts)).not.toThrow();
  });
});
