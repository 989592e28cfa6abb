import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeCovidMend } from "../support/suites/covid/covid-mend-suite";
import { describeCovid } from "../support/suites/covid/covid-suite";
import { describeRetention } from "../support/suites/covid/retention-suite";
import { describeWatch } from "../support/suites/covid/watch-suite";

describeCovid("PGlite", () => openPglite());
describeRetention("PGlite", () => openPglite());
describeWatch("PGlite", () => openPglite());
describeCovidMend("PGlite", () => openPglite());
