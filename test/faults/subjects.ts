import { covidCommand } from "./covid-subject";
import { DatabaseSubject } from "./database-subject";
import { DoctorSubject } from "./doctor-subject";
import { EmbeddedSubject } from "./embedded-subject";
import type { Subject } from "./fault";
import { FeedSubject } from "./feed-subject";
import { importCommand } from "./import-subject";
import { MetadataSubject } from "./metadata-subject";
import { OrdersSubject } from "./orders-subject";
import type { FaultStage } from "./stage";

/** Every command. */
export async function createSubjects(stage: FaultStage): Promise<readonly Subject[]> {
  const { folder } = stage;
  const covid = covidCommand(folder);
  const covidTable = new DatabaseSubject(covid, stage);
  return [
    covidTable,
    new FeedSubject(stage, covid, covidTable),
    new EmbeddedSubject(stage),
    ...[importCommand(folder, 1), importCommand(folder, 2)].map((one) => new DatabaseSubject(one, stage)),
    new OrdersSubject(stage),
    new MetadataSubject(stage),
    new DoctorSubject(stage),
  ];
}
