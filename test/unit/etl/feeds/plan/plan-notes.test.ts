import { PlanNotes } from "../../../../../etl/feeds/plan/plan-notes";

describe("what a listing found that a person should hear", () => {
  test("is nothing where all is as it should be, or there is no object", () => {
    const [fine, none] = [new PlanNotes(), new PlanNotes()];
    fine.listed(3, 2);
    none.listed(0, 0);

    expect([fine.list(), none.list()]).toEqual([[], []]);
  });

  test("empty objects, the first five by name", () => {
    const notes = new PlanNotes();
    for (let at = 1; at <= 7; at += 1) notes.empty(`${at}.csv`);

    expect(notes.list()).toEqual([
      "7 objects were empty, and loaded without rows: 1.csv; 2.csv; 3.csv; 4.csv; 5.csv; and 2 more",
    ]);
  });

  test("that objects are there, and none is selected", () => {
    const notes = new PlanNotes();
    notes.listed(1, 0);
    notes.listed(2, 0);

    expect(notes.list()).toEqual([
      expect.stringMatching(/^3 objects are there, and none is selected: .*include and exclude/),
    ]);
  });

  test("columns that the table got, what an earlier contract loaded and what is left out as rejected", () => {
    const notes = new PlanNotes();
    notes.added("sales", []);
    expect(notes.hasAdded).toBe(false);
    notes.added("sales", ["note", "day"]);
    notes.ofEarlier();
    notes.leftOut("a.csv", "no column id");

    expect(notes.hasAdded).toBe(true);
    expect(notes.list()).toEqual([
      "sales has the contract's new columns, NULL in all earlier rows: note, day",
      expect.stringMatching(/^1 object was loaded with an earlier contract, .*--full/),
      expect.stringMatching(
        /^1 object was left out, as rejected before: a\.csv: no column id\. They are read again .*--full/,
      ),
    ]);
  });
});
