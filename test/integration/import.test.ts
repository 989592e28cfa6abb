import { openPglite } from "../../etl/adapters/pglite";
import { describeImportModel } from "../support/import-model";
import { describeImport } from "../support/import-suite";

describeImport("PGlite", openPglite);
describeImportModel("PGlite", openPglite, 25);
