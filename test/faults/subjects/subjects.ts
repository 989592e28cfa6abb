import type { Subject } from "../fault";
import type { FaultStage } from "../stage";
import { covidCommand } from "./covid-subject";
import { DatabaseSubject } from "./database-subject";
import { DoctorSubject } from "./doctor-subject";
import { DownloadSubject } from "./download-subject";
import { EmbeddedSubject } from "./embedded-subject";
import { feedLoading } from "./feed-subject";
import { MetadataSubject } from "./metadata-subject";
import { OrdersSubject } from "./orders-subject";

/** Every command. */
export async function createSubjects(stage: FaultStage): Promise<readonly Subject[]> {
  const { folder } = stage;
  const covid = covidCommand(folder);
  const covidTable = new DatabaseSubject(covid, stage);
  return [
    covidTable,
    new DownloadSubject(stage, covid, covidTable),
    new EmbeddedSubject(stage),
    ...[feedLoading(folder, 1), feedLoading(folder, 2)].map((one) => new DatabaseSubject(one, stage)),
    new OrdersSubject(stage),
    new MetadataSubject(stage),
    new DoctorSubject(stage),
  ];
}
