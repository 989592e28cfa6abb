import { chmod, mkdtemp, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { openFileSource } from "../../../../../etl/adapters/files/file-source";
import { SourceError } from "../../../../../etl/core/errors";

describe("openFileSource", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "file-source-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = async (content: string) => {
    const path = join(folder, "us.csv");
    await writeFile(path, content);
    return path;
  };

  test("reads a file where it lies, as often as it is opened", async () => {
    const path = await write("date,cases\n");
    const source = await openFileSource("cases", path);
    expect(source).toMatchObject({ name: "cases", location: path, size: 11 });
    expect(await text(await source.open())).toBe("date,cases\n");
    expect(await text(await source.open())).toBe("date,cases\n");
  });

  test("streams: a large file comes in pieces, and need not be read to its end", async () => {
    const source = await openFileSource("cases", await write("x".repeat(1_000_000)));
    for await (const chunk of await source.open()) {
      expect(chunk.length).toBeLessThanOrEqual(65_536);
      break;
    }
  });

  test("a missing file is named", async () => {
    const path = join(folder, "none.csv");
    await expect(openFileSource("cases", path)).rejects.toThrow(SourceError);
    await expect(openFileSource("cases", path)).rejects.toThrow(
      `The file cannot be read: got ENOENT: no such file or directory, stat '${path}' (cases, ${path}). Check the path for a typing`,
    );
  });

  test("a folder, and a path through a file, are no files", async () => {
    const path = await write("");
    await expect(openFileSource("cases", folder)).rejects.toThrow(/got a folder .*Name a file in it/);
    await expect(openFileSource("cases", join(path, "us.csv"))).rejects.toThrow(/ENOTDIR.*a part of it is a file/);
  });

  test("a file that vanished before it was opened is named", async () => {
    const path = await write("date\n");
    const source = await openFileSource("cases", path);
    await unlink(path);
    await expect(source.open()).rejects.toThrow(/ENOENT.*cases/);
  });

  test("a file that this user may not read is named", async () => {
    const path = await write("date\n");
    await chmod(path, 0o000);
    await chmod(folder, 0o755);
    const source = await openFileSource("cases", path);
    await asOrdinaryUser(async () => {
      await expect(source.open()).rejects.toThrow(/EACCES.*Give this user permission to read it/);
    });
  });
});

/** The superuser may read everything, so a test under that user becomes another for a while. */
async function asOrdinaryUser(act: () => Promise<void>): Promise<void> {
  const isSuperuser = process.geteuid?.() === 0;
  if (isSuperuser) process.seteuid?.(65534);
  try {
    await act();
  } finally {
    if (isSuperuser) process.seteuid?.(0);
  }
}
