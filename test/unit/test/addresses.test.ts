import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { keptAddresses } from "../../infra/support/addresses";

describe("addresses that are written again", () => {
  test("are joined by new ones, and lose none", () => {
    const within = mkdtempSync(join(tmpdir(), "millrace-addresses-"));

    const first = keptAddresses("etl", ["b", "a"], { within, update: true });
    const second = keptAddresses("etl", ["c", "b"], { within, update: true });
    const read = keptAddresses("etl", ["d"], { within, update: false });

    expect(first).toEqual(["a", "b"]);
    expect(second).toEqual(["a", "b", "c"]);
    expect(read).toEqual(second);
    rmSync(within, { recursive: true });
  });
});
