// express-admin (npm), as its README starts it: an admin panel for a database, an Express site with express-session, csurf, a login
// and redirects to it. Run as a process of its own, for it ends its process when the database is not there.

import { createRequire } from "node:module";
import path from "node:path";

interface ExpressApplication {
  listen(port: number, host: string): void;
}

const [port, folder, connectionString] = process.argv.slice(2);
const expressAdmin = createRequire(import.meta.url)("express-admin") as (config: object) => ExpressApplication;

expressAdmin({
  config: {
    pg: { connectionString },
    admin: { settings: path.join(folder, "settings.json"), upload: path.join(folder, "upload") },
  },
}).listen(Number(port), "127.0.0.1");
