import { SoFar } from "../../../../../scripts/run/feed/so-far";

const counts = { rows: 5, inserted: 3, updated: 1, unchanged: 0, superseded: 0, rejected: 1, dropped: 0, altered: 0 };

/** A run of which two of three chunks are loaded. */
function midway(): SoFar {
  const soFar = new SoFar();
  soFar.begin("run");
  soFar.planned(3);
  soFar.loaded(counts);
  soFar.loaded(counts);
  return soFar;
}

describe("the message after a stop of a feed's run", () => {
  test("says how much is loaded and stays, and that the same command continues", () => {
    expect(midway().tellStop({})).toBe(
      "Stopped: 2 of 3 chunks are done and stay, with 6 inserts, 2 updates and 2 rejected rows; " +
        "a chunk that was under way is kept whole or not at all. The same command continues from there",
    );
    expect(midway().counts).toEqual({ ...counts, rows: 10, inserted: 6, updated: 2, rejected: 2 });
  });

  test("hears which options would undo that", () => {
    expect(midway().tellStop({ full: true, fresh: true })).toMatch(
      /The same command without --full and --fresh continues from there$/,
    );
  });

  test("hears that a dry run keeps nothing, and that nothing was loaded where no chunk was planned", () => {
    expect(midway().tellStop({ dryRun: true })).toBe("Stopped. It was a dry run: nothing was kept");
    expect(new SoFar().tellStop({})).toBe("Stopped before a row was loaded. The same command starts over");
  });

  test("a run that follows counts from nothing", () => {
    expect(new SoFar()).toMatchObject({ runId: null, chunks: 0, counts: { rows: 0 } });

    const soFar = midway();
    soFar.begin("next");

    expect(soFar).toMatchObject({ runId: "next", chunks: 0, counts: { rows: 0 } });
    expect(soFar.tellStop({})).toMatch(/before a row was loaded/);
  });
});
