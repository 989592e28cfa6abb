import { covidCommand } from "./covid-command";
import { doctorCommand } from "./doctor-command";
import { importCommand } from "./import-command";
import { metadataCommand } from "./metadata-command";
import { ordersCommand } from "./orders-command";

/** One entry a pipeline, and `doctor`; each command tells `setExitCode` how its run ended. */
export const commands = [covidCommand, ordersCommand, metadataCommand, importCommand, doctorCommand];
