import { Client } from "pg";
import { rotatePassword } from "../../../../../scripts/cloud/managed-databases";
import { file, hang, status } from "../../../feeds/feed-answers";
import { realData } from "../../../files/real-data";
import { functionLog } from "../../observe/function-log";
import type { CovidCloud } from "./covid-cloud";

const MINUTES = 60_000;
const COVID_PAGE = "pages/covid/index.html";
/** Long enough for an honest run on a busy machine. */
export const LOAD_TIMEOUT_SECONDS = 20;
/** A statement gives up so long before the function's end, and a function takes its time to start. */
const AHEAD_SECONDS = 8;

/** What fails on the way, and what comes of it. */
export function faultsSuite(getWorld: () => CovidCloud): void {
  test(
    "a page that fails leaves the run succeeded and the page of before, and is told in the log",
    async () => {
      const world = getWorld();
      // Prepare
      const stood = await world.versions(COVID_PAGE);
      await world.query("ALTER ROLE millrace_reader CONNECTION LIMIT 0");

      // Act
      const { status: ended } = await world.run();
      await world.query("ALTER ROLE millrace_reader CONNECTION LIMIT -1");

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await world.onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
      expect(stood.length).toBeGreaterThan(2);
      expect(await world.versions(COVID_PAGE)).toEqual(stood);
      const log = (await functionLog(world.cloud, "millrace-dev-pages")).join("\n");
      expect(log).toMatch(/"step failed"[\s\S]*millrace_reader could not log in/);
    },
    5 * MINUTES,
  );

  test(
    "a rotated password is read again, without a failure",
    async () => {
      const world = getWorld();
      // Prepare
      await rotatePassword(world.cloud, world.database);

      // Act
      const { status: ended } = await world.run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await world.onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
    },
    5 * MINUTES,
  );

  test(
    "a source that comes back is fetched by a retry",
    async () => {
      const world = getWorld();
      // Prepare: the step's own five attempts fail, the state machine's next one does not.
      const down = Array.from({ length: 5 }, () => status(503));
      world.feed.serve("/cases.csv", ...down, file(realData.cases()));

      // Act
      const { status: ended } = await world.run();

      // Assess
      expect(ended).toBe("SUCCEEDED");
      expect(await world.onlyMessage()).toMatch(/^There were 0 inserts and 0 updates$/m);
    },
    5 * MINUTES,
  );

  test(
    "a run of a day fails if no source is of a day, and says so",
    async () => {
      const world = getWorld();
      // Act
      const { status: ended } = await world.run({ date: "2020-09-30" });

      // Assess
      expect(ended).toBe("FAILED");
      expect(await world.onlyMessage()).toMatch(/No source is of a day: got the day 2020-09-30/);
    },
    5 * MINUTES,
  );

  test(
    "a source that stays down fails the run with one message, and nothing is loaded",
    async () => {
      const world = getWorld();
      // Prepare
      const stood = await world.totals();
      world.feed.serve("/cases.csv", status(503));
      const asked = world.feed.requests.length;

      // Act
      const { status: ended } = await world.run();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await world.onlyMessage()).toMatch(/failed at step fetch.*SourceUnavailableError.*executions\/details/s);
      expect(world.feed.requests.slice(asked).filter(({ path }) => path === "/cases.csv")).toHaveLength(4 * 5);
      expect(await world.objectText("pages/index.html")).toContain("the run failed at step fetch");
      expect(await world.totals()).toEqual(stood);
      world.serve(realData.cases());
    },
    5 * MINUTES,
  );

  test(
    "a database that is down fails the run with one message, and the next run finds it up again",
    async () => {
      const world = getWorld();
      // Prepare
      const stood = await world.totals();
      await world.cloud.postgres.stop();

      // Act
      const { status: ended } = await world.run();
      await world.cloud.postgres.start();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await world.onlyMessage()).toMatch(/failed at step load.*TransientDatabaseError/s);
      expect(await world.totals()).toEqual(stood);
      expect((await world.run()).status).toBe("SUCCEEDED");
      await world.topic.received();
    },
    5 * MINUTES,
  );

  test(
    "a load that waits for a lock gives up ahead of its time-out, is tried once more, fails with one message and leaves nothing",
    async () => {
      const world = getWorld();
      // Prepare: new data, and somebody who keeps the table to himself.
      const stood = await world.totals();
      world.serve(`${realData.cases().trimEnd()}\n2020-10-01,7264000,207000\n`);
      const blocker = new Client(world.cloud.postgres.connection(world.database.name));
      await blocker.connect();
      await blocker.query("BEGIN; LOCK TABLE covid_daily");

      // Act
      const began = Date.now();
      const { status: ended } = await world.run();
      await blocker.end();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await world.onlyMessage()).toMatch(
        /failed at step load.*OutOfTimeError.*waiting for a lock that other sessions hold/s,
      );
      expect(Date.now() - began).toBeGreaterThan(2 * (LOAD_TIMEOUT_SECONDS - AHEAD_SECONDS) * 1000);
      expect(await world.totals()).toEqual(stood);
      expect((await world.run()).status).toBe("SUCCEEDED");
      expect(await world.onlyMessage()).toMatch(/^There were 1 inserts and 0 updates$/m);
      expect(await world.query("SELECT id FROM etl_run WHERE status = 'running'")).toEqual([]);
    },
    5 * MINUTES,
  );

  test(
    "a source that never answers ends fetch by its time-out, with one message",
    async () => {
      const world = getWorld();
      // Prepare
      world.feed.serve("/recoveries.csv", hang());

      // Act
      const { status: ended } = await world.run();

      // Assess
      expect(ended).toBe("FAILED");
      expect(await world.onlyMessage()).toMatch(/failed at step fetch/);
      world.serve(realData.cases());
    },
    5 * MINUTES,
  );
}
