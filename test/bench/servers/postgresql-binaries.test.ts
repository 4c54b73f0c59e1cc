import { mkdir, readlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { makeLinks } from "../../../bench/servers/postgresql-binaries.ts";
import { temporaryFolder } from "../temporary-folder.ts";

test("where npm ran no scripts the libraries' links are made, once, and those that are there stay", async () => {
  const folder = await temporaryFolder();
  const library = path.join(folder, "native", "lib");
  await mkdir(library, { recursive: true });
  await writeFile(path.join(library, "libpq.so.5.18"), "");
  await writeFile(path.join(library, "libother.so"), "a file in the place of a link");
  const links = [
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libpq.so.5" },
    { source: "native/lib/libpq.so.5.18", target: "native/lib/libother.so" },
  ];
  await writeFile(path.join(folder, "native", "pg-symlinks.json"), JSON.stringify(links));
  await Promise.all([makeLinks(folder), makeLinks(folder)]);
  await makeLinks(folder);
  expect(await readlink(path.join(library, "libpq.so.5"))).toBe("libpq.so.5.18");
  await expect(readlink(path.join(library, "libother.so"))).rejects.toThrow("EINVAL");
});
