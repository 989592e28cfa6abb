import {
  type FetchEnvironment,
  fetchEnvironment,
  type LoadEnvironment,
  loadEnvironment,
} from "../../../../../etl/pipelines/covid/environment";
import { readEnvironment } from "../../../../../handlers/environment";

const ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:feed-AbCdEf";

describe("readEnvironment", () => {
  test("reads what the stack sets for load", () => {
    // Act
    const environment = readEnvironment(loadEnvironment, { ...loadVariables(), PATH: "/bin" });

    // Assess
    const read = { DATABASE_PORT: 5432, MAX_REJECTED: { percent: 5 }, MISSING_RECOVERIES: "fail", HISTORY: "full" };
    expect(environment).toEqual({ ...loadVariables(), ...read });
  });

  test("keeps revisions for ever unless the stack says how long", () => {
    expect(readEnvironment(loadEnvironment, loadVariables()).REVISION_DAYS).toBeUndefined();
    expect(readEnvironment(loadEnvironment, { ...loadVariables(), REVISION_DAYS: "730" }).REVISION_DAYS).toBe(730);
  });

  test("names every variable that is missing or wrong", () => {
    // Act
    const reading = () =>
      readEnvironment(fetchEnvironment, { ...fetchVariables({ CASES_URL: "us.csv" }), RAW_BUCKET: undefined });

    // Assess
    expect(reading).toThrow(/RAW_BUCKET: .*CASES_URL: .*\. Set these variables/);
    expect(reading).not.toThrow(/RECOVERIES_URL/);
  });

  test.each<[keyof LoadEnvironment, string]>([
    ["DATABASE_PORT", "0"],
    ["DATABASE_PORT", "65536"],
    ["DATABASE_PORT", "5432x"],
    ["DATABASE_HOST", ""],
    ["REVISION_DAYS", "0"],
    ["REVISION_DAYS", "soon"],
    ["DATABASE_SECRET_ARN", "my-secret"],
    ["JOIN", "outer"],
    ["HISTORY", "some"],
    ["MAX_REJECTED", "101%"],
    ["MAX_REJECTED", "few"],
  ])("refuses %s=%s", (name, value) => {
    expect(() => readEnvironment(loadEnvironment, { ...loadVariables(), [name]: value })).toThrow(`${name}: `);
  });

  test.each([
    [{ CASES_URL: undefined }, "CASES_URL: expected an address, or CASES_SECRET_ARN"],
    [{ RECOVERIES_URL: undefined, CASES_SECRET_ARN: ARN }, "RECOVERIES_URL: expected an address, or RECOVERIES_SECRET"],
    [{ CASES_URL: undefined, CASES_SECRET_ARN: "feed" }, "CASES_SECRET_ARN: "],
  ])("refuses sources without address and secret: %j", (changes, problem) => {
    expect(() => readEnvironment(fetchEnvironment, fetchVariables(changes))).toThrow(problem);
  });

  test("takes a secret in place of an address", () => {
    const changes = { CASES_URL: undefined, CASES_SECRET_ARN: ARN };

    expect(readEnvironment(fetchEnvironment, fetchVariables(changes))).toMatchObject({ CASES_SECRET_ARN: ARN });
  });

  test.each(["ftp://example.com/us.csv", "example.com/us.csv"])("refuses %s as an address", (CASES_URL) => {
    expect(() => readEnvironment(fetchEnvironment, { ...fetchVariables({ CASES_URL }) })).toThrow("CASES_URL: ");
  });
});

function fetchVariables(changes: Partial<FetchEnvironment> = {}): FetchEnvironment {
  return {
    RAW_BUCKET: "raw",
    CASES_URL: "https://example.com/us.csv",
    RECOVERIES_URL: "http://127.0.0.1:8080/jhu.csv",
    ...changes,
  };
}

function loadVariables(): LoadEnvironment {
  return {
    RAW_BUCKET: "raw",
    DATABASE_HOST: "db.example.eu-central-1.rds.amazonaws.com",
    DATABASE_PORT: "5432",
    DATABASE_NAME: "millrace",
    DATABASE_SECRET_ARN: "arn:aws:secretsmanager:eu-central-1:123456789012:secret:rds!db-1",
    JOIN: "left",
    MAX_REJECTED: "5%",
  };
}
