import { TaskCancelledError } from "cockatiel";
import { openPostgres } from "../../../../../etl/adapters/postgres/postgres";
import { DatabaseError } from "../../../../../etl/core/errors";
import { diagnoseFeed } from "../../../../../etl/feeds/doctor/doctor";
import { adviseOnConnection, adviseOnObjects, adviseOnSecret } from "../../../../../etl/feeds/doctor/doctor-advice";
import { MemoryRangedObjects } from "../../../../support/fakes/memory-ranged-objects";
import { readings } from "../../../../support/models/feeds/feed-run";

describe("diagnoseFeed", () => {
  test.each([
    [
      "mysql://me:sesame@here/db",
      /^the database URL cannot be read: expected postgres:\/\//,
      "Correct the URL: postgres://user@host:port/database",
    ],
    [
      "postgres://me@here/db?sslmode=yes",
      /^the database URL has an unknown TLS setting/,
      "Correct sslmode in the URL, or PGSSLMODE",
    ],
  ])("says of %s what is wrong with it, and of nothing that it is well", async (url, detail, fix) => {
    const checks = await diagnoseFeed({
      contract: readings,
      objects: new MemoryRangedObjects(),
      openDatabase: () => openPostgres(url),
    });

    expect(checks.slice(1)).toEqual([
      expect.objectContaining({ name: "network", ok: false, detail: expect.stringMatching(detail), fix }),
    ]);
    expect(JSON.stringify(checks)).not.toContain("sesame");
  });
});

const coded = (code: string, message = "no") => Object.assign(new Error(message), { code });

describe("advice on a connection", () => {
  test.each<[string, Error, string, RegExp]>([
    ["a wrong password", coded("28P01"), "login", /^Correct the password/],
    ["no line of pg_hba.conf", coded("28000"), "login", /pg_hba\.conf/],
    ["no such database", coded("3D000"), "login", /^Correct the database's name/],
    ["too many connections", coded("53300"), "login", /connections/],
    ["an unknown code of PostgreSQL", coded("XX000"), "login", /server's log/],
    ["a lost connection, by PostgreSQL's code", coded("08006"), "network", /security group/],
    ["a certificate", coded("CERT_HAS_EXPIRED"), "tls", /NODE_EXTRA_CA_CERTS/],
    ["a server without TLS", new Error("The server does not support SSL connections"), "tls", /^Switch TLS on/],
    ["a name that nobody knows", coded("ENOTFOUND"), "network", /^Correct the host/],
    ["a name server that does not answer", coded("EAI_AGAIN"), "network", /DNS support/],
    ["a port that nobody listens at", coded("ECONNREFUSED"), "network", /^Start the database/],
    ["silence", coded("ETIMEDOUT"), "network", /security group/],
    ["an end of the connection, whose code is none of PostgreSQL's", coded("EPIPE"), "network", /security group/],
  ])("names the part, and what to do: %s", (_what, error, part, fix) => {
    expect(adviseOnConnection(error)).toEqual({ part, fix: expect.stringMatching(fix) });
    expect(adviseOnConnection(new Error("wrapped", { cause: error }))).toMatchObject({ part });
  });

  test("repeats what was refused by ourselves, but not what a cause explains", () => {
    const details = { fix: "Do this" };

    expect(adviseOnConnection(new DatabaseError("No", details))).toEqual({ part: "login", fix: "Do this" });
    expect(adviseOnConnection(new DatabaseError("No", { ...details, cause: coded("ECONNREFUSED") }))).toMatchObject({
      part: "network",
    });
  });
});

describe("advice on AWS", () => {
  test.each<[string, Error, RegExp, RegExp]>([
    ["a clock that is wrong", coded("RequestTimeTooSkewed"), /^Set the clock/, /^Set the clock/],
    ["a missing grant", new Error("AccessDenied"), /s3:ListBucket/, /secretsmanager:GetSecretValue/],
    ["no answer", new TaskCancelledError(), /gateway endpoint/, /interface endpoint/],
    ["no way there", coded("ECONNREFUSED"), /gateway endpoint/, /interface endpoint/],
    ["anything else", new Error("odd"), /^Check that the bucket exists/, /^Store username and password/],
  ])("names what to do: %s", (_what, error, objects, secret) => {
    expect(adviseOnObjects(error).fix).toMatch(objects);
    expect(adviseOnSecret(error).fix).toMatch(secret);
  });

  test("names what is not there", () => {
    expect(adviseOnObjects(new Error("NoSuchBucket")).fix).toMatch(/^Correct the name of the bucket/);
    expect(adviseOnSecret(new Error("ResourceNotFoundException")).fix).toBe("Correct the secret's ARN");
  });
});
