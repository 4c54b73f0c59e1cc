// Real sites that nobody here wrote, on free ports of this machine: Mono's ASP.NET with Debian's demo pages behind nginx, and
// express-admin on a PostgreSQL of its own.

import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Client } from "pg";
import { startPostgreSql } from "../../../../bench/servers/postgresql-server.ts";
import { startServer } from "../../../../bench/servers/server-process.ts";
import { isListening } from "../../processes.ts";

export interface RealSite {
  readonly origin: string;
  /** kill -9, and a start afterwards. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

const DEMOS = "/usr/share/asp.net-demos";
const NGINX = "/usr/sbin/nginx";
const MONO = "/usr/bin/fastcgi-mono-server4";

/** What is not installed, by the name of its Debian package. */
export function missingForMono(): string[] {
  const needed = {
    "mono-fastcgi-server4": MONO,
    "nginx-light": NGINX,
    "asp.net-examples": path.join(DEMOS, "web.config"),
  };
  return Object.entries(needed).flatMap(([name, file]) => (existsSync(file) ? [] : [name]));
}

/** @returns once its pages answer; compiling the first takes Mono some seconds. */
export async function startMonoSite(): Promise<RealSite> {
  const mono = await startServer({
    name: "mono",
    user: null,
    endSignal: "SIGKILL",
    connection: ({ port }) => `127.0.0.1:${port}`,
    command: ({ port, folder }) => ({
      file: "/usr/bin/env",
      args: [`TMPDIR=${folder}`, MONO, `/applications=/:${DEMOS}`, `/socket=tcp:127.0.0.1:${port}`],
    }),
    async ask({ port }) {
      if (!(await isListening(port))) throw new Error("not yet");
      return "Mono";
    },
  });
  const nginx = await startServer({
    name: "nginx",
    user: null,
    endSignal: "SIGTERM",
    connection: ({ port }) => `http://127.0.0.1:${port}`,
    prepare: ({ port, folder }) => writeFile(path.join(folder, "nginx.conf"), nginxSettings(port, folder, mono.port)),
    command: ({ folder }) => ({
      file: NGINX,
      args: ["-p", folder, "-c", path.join(folder, "nginx.conf"), "-e", "stderr"],
    }),
    ask: ({ port }) => answers(`http://127.0.0.1:${port}/1.1/asp.net/session1.aspx`),
  }).catch(async (error: unknown) => {
    await mono.stop();
    throw error;
  });
  return {
    origin: nginx.connection,
    async restart() {
      await mono.kill();
      await mono.restart();
    },
    async stop() {
      await nginx.stop();
      await mono.stop();
    },
  };
}

function nginxSettings(port: number, folder: string, monoPort: number): string {
  const places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
    (kind) => `${kind}_temp_path ${folder}/${kind};`,
  );
  return `
daemon off; master_process off; pid ${folder}/pid; events { worker_connections 256; }
http {
  access_log off; ${places.join(" ")}
  server {
    listen 127.0.0.1:${port};
    root ${DEMOS};
    location / {
      include /etc/nginx/fastcgi_params;
      fastcgi_param PATH_INFO "";
      fastcgi_param SCRIPT_FILENAME $document_root$fastcgi_script_name;
      fastcgi_index index.aspx;
      fastcgi_pass 127.0.0.1:${monoPort};
    }
  }
}
`;
}

export async function startExpressAdmin(): Promise<RealSite> {
  const database = await startPostgreSql({ durable: false });
  try {
    const client = new Client({ connectionString: database.connection });
    await client.connect();
    await client.query("create table item (id serial primary key, name varchar(40))");
    await client.end();
    const site = await startServer({
      name: "express-admin",
      user: null,
      endSignal: "SIGKILL",
      connection: ({ port }) => `http://127.0.0.1:${port}`,
      command: ({ port, folder }) => ({
        file: process.execPath,
        args: [path.join(import.meta.dirname, "express-admin-child.ts"), String(port), folder, database.connection],
      }),
      ask: ({ port }) => answers(`http://127.0.0.1:${port}/login`),
    });
    return {
      origin: site.connection,
      async restart() {
        await site.kill();
        await site.restart();
      },
      async stop() {
        await site.stop();
        await database.stop();
      },
    };
  } catch (error) {
    await database.stop();
    throw error;
  }
}

/** @returns once it answers with 200; rejects before. */
async function answers(address: string): Promise<string> {
  const { status, headers } = await fetch(address);
  if (status !== 200) throw new Error(`http ${status}`);
  return headers.get("server") ?? headers.get("x-powered-by") ?? "";
}
