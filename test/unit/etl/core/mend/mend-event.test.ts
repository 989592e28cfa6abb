import { mendEvent, mendOutput, toldMend } from "../../../../../etl/core/mend/mend-event";

const report = {
  ...{ runId: "r", mended: 1, before: 0, outdated: 0, rejected: 0, gaveWay: [], left: [] },
  ...{ inserted: 1, updated: 0, unchanged: 0, superseded: 0, dropped: 0 },
};

describe("the step mend", () => {
  test("takes the key of a file and who corrected it, and nothing less", () => {
    expect(mendEvent.parse({ mend: { key: "k", by: "ann" }, execution: "e" })).toMatchObject({ mend: { key: "k" } });
    for (const mend of [{ key: "k" }, { by: "ann" }, { key: "", by: "ann" }, "k"]) {
      expect(mendEvent.safeParse({ mend }).success).toBe(false);
    }
  });

  test("gives its report as the machine's output has it, and the words for the message", () => {
    const { text, report: told } = toldMend("sales", report);

    expect(text).toBe("1 rejected row of sales was mended in run r: 1 inserts and 0 updates, 0 unchanged");
    expect(mendOutput.parse(JSON.parse(JSON.stringify({ told: { text }, mended: told })))).toEqual({ mended: report });
  });

  test("leaves out rows that a state has no place for, but counts them", () => {
    const left = Array.from({ length: 3_000 }, (_, at) => ({ line: at + 2, reason: `day: got "${"ü".repeat(100)}"` }));

    const { text, report: told } = toldMend("sales", { ...report, left, rejected: left.length });

    expect(told.left.length).toBeGreaterThan(100);
    expect(told.left).toEqual(left.slice(0, told.left.length));
    expect(Buffer.byteLength(JSON.stringify(told))).toBeLessThan(100_000);
    expect(text).toContain("3000 stay rejected");
  });
});
