import { covidCommand } from "./covid/covid-command";
import { doctorCommand } from "./feed/doctor-command";
import { feedCommand } from "./feed/feed-command";
import { metadataCommand } from "./metadata-command";
import { ordersCommand } from "./orders/orders-command";
import { pagesCommand } from "./pages-command";

/** One entry a pipeline, `feed`, `doctor` and `pages`; each command tells `setExitCode` how its run ended. */
export const commands = [covidCommand, ordersCommand, metadataCommand, feedCommand, doctorCommand, pagesCommand];
