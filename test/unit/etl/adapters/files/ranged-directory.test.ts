import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { RangedDirectory } from "../../../../../etl/adapters/files/ranged-directory";
import { SourceError } from "../../../../../etl/core/errors";
import type { ListedObject } from "../../../../../etl/core/objects/objects";

describe("RangedDirectory", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "millrace-ranged-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  async function list(directory: RangedDirectory): Promise<ListedObject[]> {
    const all: ListedObject[] = [];
    for await (const page of directory.list()) all.push(...page);
    return all;
  }

  test("lists the files of all folders in the order of their keys, and reads ranges of them", async () => {
    mkdirSync(join(folder, "b", "c"), { recursive: true });
    writeFileSync(join(folder, "b", "c", "2.csv"), "0123456789");
    writeFileSync(join(folder, "a.csv"), "a");
    const directory = await RangedDirectory.open(folder);

    const [first, second] = await list(directory);

    expect([first?.key, second?.key, second?.bytes]).toEqual(["a.csv", "b/c/2.csv", 10]);
    const range = await directory.openRange(second as ListedObject, 2, 5);
    expect(await text(Readable.from(range))).toBe("234");
  });

  test("lists links to files, and none to folders and to nowhere", async () => {
    const other = mkdtempSync(join(tmpdir(), "millrace-linked-"));
    writeFileSync(join(other, "real.csv"), "0123");
    for (const [name, target] of [
      ["link.csv", join(other, "real.csv")],
      ["folder", other],
      [".#lock", "nowhere"],
    ] as const) {
      symlinkSync(target, join(folder, name));
    }
    const directory = await RangedDirectory.open(folder);

    const [only, ...others] = await list(directory);

    expect([only?.key, only?.bytes, others]).toEqual(["link.csv", 4, []]);
    expect(await text(Readable.from(await directory.openRange(only as ListedObject, 1, 3)))).toBe("12");
    rmSync(other, { recursive: true });
  });

  test("does not read a file that was replaced since it was listed", async () => {
    writeFileSync(join(folder, "a.csv"), "old");
    const directory = await RangedDirectory.open(folder);
    const [listed] = await list(directory);
    writeFileSync(join(folder, "a.csv"), "newer");

    await expect(directory.openRange(listed as ListedObject, 0, 3)).rejects.toThrow(/replaced.*a\.csv.*Run again/);
  });

  test("tells of a file that is rewritten behind a range that is not read to its end", async () => {
    writeFileSync(join(folder, "a.csv"), "x".repeat(1_000_000));
    const directory = await RangedDirectory.open(folder);
    const [listed] = await list(directory);
    const readFirst = async () => {
      for await (const _ of await directory.openRange(listed as ListedObject, 0, 1_000_000)) {
        writeFileSync(join(folder, "a.csv"), "y".repeat(1_000_000));
        break;
      }
    };

    await expect(readFirst()).rejects.toThrow(/The file changed while it was read/);
  });

  // The tail of a chunk is left at the end of its line: in its only piece, or in one of several.
  test.each([1_000, 300_000, 1_000_000])(
    "reads ranges of %i bytes whose reader stops after the first piece",
    async (end) => {
      writeFileSync(join(folder, "a.csv"), "x".repeat(1_000_000));
      const directory = await RangedDirectory.open(folder);
      const [listed] = await list(directory);

      for (let time = 0; time < 20; time += 1) {
        let read = 0;
        for await (const piece of await directory.openRange(listed as ListedObject, 0, end)) {
          read = piece.length;
          // Where the stream is at its end by now.
          await new Promise((resolve) => setTimeout(resolve, time % 2));
          break;
        }
        expect(read).toBe(Math.min(end, 262_144));
      }
    },
  );

  test("says which folder is not there", async () => {
    await expect(RangedDirectory.open(join(folder, "none"))).rejects.toThrow(SourceError);
  });
});
