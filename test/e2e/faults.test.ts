import { allCases, coverEach, parseCase, runCase } from "../faults/cases";
import { FAULTS, nameOf } from "../faults/fault";
import { GAPS } from "../faults/gaps";
import { diskMissing, FaultStage } from "../faults/stage";
import { createSubjects } from "../faults/subjects";
import { postgresMissing } from "../support/postgres";
import { describeUnless } from "../support/real-data";

/** `npm run faults` takes others. */
const SEED = 20_261_128;
/** Of the cases that the seed chooses besides the gaps. */
const CHOSEN = 6;

if (diskMissing !== undefined) process.stderr.write(`skipped: the database's full disk: ${diskMissing}\n`);

describeUnless(postgresMissing, "every command, stopped in the middle", () => {
  let stage: FaultStage;
  let subjects: ReturnType<typeof createSubjects>;

  beforeAll(async () => {
    stage = await FaultStage.start();
    subjects = createSubjects(stage);
  });
  afterAll(() => stage?.close());

  const possible = GAPS.filter((name) => diskMissing === undefined || !/^(covid|import).*\/disk$/.test(name));

  test.each(possible)(
    "%s: what it says, the ledger and the table are one, and the next run completes",
    async (name) => {
      const given = parseCase(name, SEED);
      if (given === undefined) throw new Error(`no case: ${name}`);

      expect(await runCase(subjects, given)).toEqual([]);
    },
  );

  // A silent peer takes as long as the patience with it.
  test.each(Array.from({ length: CHOSEN }, (_, index) => index))("case %i of the seed: the same", async (index) => {
    const quick = allCases(subjects, SEED).filter(({ fault }) => fault !== "silence");
    const given = coverEach(quick, SEED)[index];
    if (given === undefined) throw new Error("fewer cases than chosen");

    expect(await runCase(subjects, given)).toEqual([]);
  });

  test("each command meets each fault that can befall it, in phases of its own", () => {
    const names = allCases(subjects, SEED).map(nameOf);
    const faultsOf = (subject: string) =>
      new Set(names.filter((name) => name.startsWith(`${subject}/`)).map((name) => name.split("/")[2]));

    const all = FAULTS.filter((fault) => fault !== "disk" || diskMissing === undefined);
    for (const subject of ["covid", "import", "import with 2 workers"])
      expect([...faultsOf(subject)].sort()).toEqual([...all].sort());
    expect(GAPS.filter((name) => !names.includes(name) && !name.endsWith("/disk"))).toEqual([]);
    for (const pipeline of ["covid", "import", "orders"]) {
      expect(GAPS.filter((name) => name.startsWith(`${pipeline}/`)).length).toBeGreaterThanOrEqual(5);
    }
  });
});
