import { openPglite } from "../../etl/adapters/pglite/pglite";
import { describeCovidMend } from "../support/suites/covid-mend-suite";
import { describeCovid } from "../support/suites/covid-suite";
import { describeRetention } from "../support/suites/retention-suite";
import { describeWatch } from "../support/suites/watch-suite";

describeCovid("PGlite", () => openPglite());
describeRetention("PGlite", () => openPglite());
describeWatch("PGlite", () => openPglite());
describeCovidMend("PGlite", () => openPglite());
