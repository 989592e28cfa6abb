import { bulkhead } from "cockatiel";
import { allCases, coverEach, parseCase, runCase } from "../faults/cases";
import { FAULTS, type FaultCase, nameOf, type Subject } from "../faults/fault";
import { GAPS } from "../faults/gaps";
import { diskMissing, FaultStage } from "../faults/stage";
import { createSubjects } from "../faults/subjects/subjects";
import { describeUnless } from "../support/files/real-data";
import { postgresMissing } from "../support/servers/postgres";

/** `npm run faults` takes others. */
const SEED = 20_261_128;
/** Of the cases that the seed chooses besides the gaps. */
const CHOSEN = 4;
/** They wait more than they work: for the database, and for processes to end. */
const AT_ONCE = 3;
/** A case waits for its turn. */
const PATIENCE_MS = 15 * 60_000;

if (diskMissing !== undefined) process.stderr.write(`skipped: the database's full disk: ${diskMissing}\n`);

describeUnless(postgresMissing, "every command, stopped in the middle", () => {
  const limit = bulkhead(AT_ONCE, Number.POSITIVE_INFINITY);
  const outcomes = new Map<string | number, Promise<readonly string[]>>();
  let stage: FaultStage;
  let subjects: readonly Subject[];
  const possible = GAPS.filter(
    (name) => diskMissing === undefined || !/^(covid|import.*|a new pipeline)\/.*\/disk$/.test(name),
  );

  beforeAll(async () => {
    stage = await FaultStage.start();
    subjects = await createSubjects(stage);
    const run = (key: string | number, given: FaultCase | undefined) => {
      const outcome =
        given === undefined ? Promise.resolve(["no such case"]) : limit.execute(() => runCase(subjects, given));
      outcomes.set(
        key,
        outcome.catch((error: unknown) => [String(error)]),
      );
    };
    for (const name of possible) run(name, parseCase(name, SEED));
    const others = allCases(subjects, SEED).filter((each) => !GAPS.includes(nameOf(each)));
    for (const [index, given] of coverEach(others, SEED).slice(0, CHOSEN).entries()) run(index, given);
  });
  afterAll(async () => {
    await Promise.all(outcomes.values());
    await stage?.close();
  }, PATIENCE_MS);

  test.each(possible)(
    "%s: what it says, the ledger and the table are one, and the next run completes",
    async (name) => {
      expect(await outcomes.get(name)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test.each(Array.from({ length: CHOSEN }, (_, index) => index))(
    "case %i of the seed: the same",
    async (index) => {
      expect(await outcomes.get(index)).toEqual([]);
    },
    PATIENCE_MS,
  );

  test("each command meets each fault that it can have, in its own phases", () => {
    const names = allCases(subjects, SEED).map(nameOf);
    const faultsOf = (subject: string) =>
      new Set(names.filter((name) => name.startsWith(`${subject}/`)).map((name) => name.split("/")[2]));

    const all = FAULTS.filter((fault) => fault !== "disk" || diskMissing === undefined);
    for (const subject of ["covid", "import", "import with 2 workers"])
      expect([...faultsOf(subject)].sort()).toEqual([...all].sort());
    expect([...faultsOf("covid by http")].sort()).toEqual([...FAULTS].sort());
    expect(GAPS.filter((name) => !names.includes(name) && !name.endsWith("/disk"))).toEqual([]);
    for (const pipeline of ["covid", "import", "orders", "metadata"]) {
      expect(GAPS.filter((name) => name.startsWith(`${pipeline}/`)).length).toBeGreaterThanOrEqual(5);
    }
  });
});
