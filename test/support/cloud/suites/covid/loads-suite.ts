import { realData } from "../../../files/real-data";
import { type CovidCloud, PAGES, type Totals } from "./covid-cloud";

const MINUTES = 60_000;

/** What runs load, and say. */
export function loadsSuite(getWorld: () => CovidCloud): void {
  test(
    "the first run loads 254 days and says so",
    async () => {
      const world = getWorld();
      // Act
      const { status: ended } = await world.run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      const message = await world.onlyMessage();
      expect(message).toMatch(/^There were 254 inserts and 0 updates$/m);
      expect(message).toMatch(/^Page: ENVIRONMENT=dev npm run ops -- page covid$/m);
      expect(message).toMatch(
        new RegExp(`/s3/object/${PAGES}\\?region=${world.cloud.region}&prefix=pages/covid/index.html$`, "m"),
      );
      expect(await world.totals()).toMatchObject({ days: 254 });
    },
    5 * MINUTES,
  );

  test(
    "the next run finds the sources unchanged",
    async () => {
      const world = getWorld();
      // Act
      await world.run();

      // Assess
      const message = await world.onlyMessage();
      expect(message).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(message).toMatch(/^Sources unchanged: true$/m);
    },
    5 * MINUTES,
  );

  test(
    "changed sources give exact counts, and the objects of an earlier day replay it",
    async () => {
      const world = getWorld();
      // Prepare
      const first = await world.totals();
      const earlier = (await world.run()).output;
      await world.topic.received();
      const [header, ...days] = realData.cases().trimEnd().split("\n");
      const changed = days.map((day, index) => (index < 3 ? day.replace(/\d+$/, "7") : day));

      // Act
      world.serve(`${[header, ...changed, "2020-10-01,7264000,207000"].join("\n")}\n`);
      await world.run();

      // Assess
      expect(await world.onlyMessage()).toMatch(/^There were 1 inserts and 3 updates$/m);
      expect(await world.totals()).toMatchObject({ days: 255 });

      // Act
      const { objects } = JSON.parse(earlier ?? "{}");
      await world.run({ objects });

      // Assess
      expect(await world.onlyMessage()).toMatch(/^There were 0 inserts and 3 updates$/m);
      const [day] = await world.query<Totals>("DELETE FROM covid_daily WHERE date = '2020-10-01' RETURNING 1");
      expect(day).toBeDefined();
      expect(await world.totals()).toEqual(first);
      world.serve(realData.cases());
    },
    5 * MINUTES,
  );
}
