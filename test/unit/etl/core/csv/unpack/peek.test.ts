import { peek } from "../../../../../../etl/core/csv/unpack/peek";
import type { Bytes } from "../../../../../../etl/core/ports";

function stream(...texts: string[]) {
  const closed = jest.fn();
  async function* pieces(): Bytes {
    try {
      for (const text of texts) yield Buffer.from(text);
    } finally {
      closed();
    }
  }
  return { bytes: pieces(), closed };
}

async function textOf(bytes: Bytes): Promise<string> {
  let text = "";
  for await (const piece of bytes) text += Buffer.from(piece).toString();
  return text;
}

describe("peek", () => {
  test("shows the beginning, and leaves the stream whole", async () => {
    const { head, isWhole, bytes } = await peek(stream("a", "bc", "d", "e").bytes, 3);
    expect([head.toString(), isWhole, await textOf(bytes)]).toEqual(["abc", false, "abcde"]);
  });

  test("shows all of a shorter stream", async () => {
    const { head, isWhole, bytes } = await peek(stream("a", "bc").bytes, 10);
    expect([head.toString(), isWhole, await textOf(bytes)]).toEqual(["abc", true, "abc"]);
  });

  test("closes a stream that is refused by its beginning", async () => {
    const { bytes, closed } = stream("abc", "d");
    const refuse = () => {
      throw new Error("not this one");
    };
    await expect(peek(bytes, 2, refuse)).rejects.toThrow("not this one");
    expect(closed).toHaveBeenCalledTimes(1);
  });
});
