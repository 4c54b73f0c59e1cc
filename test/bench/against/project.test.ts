import { existsSync, lstatSync, realpathSync } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Project, prepareSide, projectAt } from "../../../bench/against/project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

interface Files {
  readonly [name: string]: string;
}

async function write(folder: string, files: Files): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
    await writeFile(path.join(folder, name), text);
  }
}

/** The user's own files, those of a commit beside them, and an npm that only notes where it was asked for what. */
async function twoTrees(own: Files, theirs: Files, inside = "") {
  const folder = realpathSync(await temporaryFolder());
  const [repository, worktree] = [path.join(folder, "own"), path.join(folder, "theirs")];
  await write(repository, own);
  await write(worktree, theirs);
  const npm = path.join(folder, "bin", "npm");
  await write(folder, { "bin/npm": `#!/bin/sh\necho "$(pwd): $*" >> ${folder}/asked\n[ ! -e ${folder}/fails ]\n` });
  await chmod(npm, 0o755);
  const project: Project = { repository, inside, isSessionlab: false };
  const said: string[] = [];
  return {
    folder,
    repository,
    worktree,
    said,
    prepare: (needed: string | null = null, build: string | null = null) =>
      prepareSide(project, worktree, needed, {
        name: "HEAD~1",
        signal: new AbortController().signal,
        env: { ...process.env, PATH: `${path.dirname(npm)}:${process.env.PATH}` },
        build,
        tell: (note) => said.push(note),
      }),
    asked: () => readFile(path.join(folder, "asked"), "utf8").catch(() => ""),
  };
}

const manifest = JSON.stringify({ dependencies: { left: "1.0.0" }, scripts: { build: "make" } });
const installed = { "package.json": manifest, "package-lock.json": "{}", "node_modules/left/index.js": "" };

describe("the dependencies of a side", () => {
  test("are those of the project where both have the same lock file", async () => {
    const trees = await twoTrees(installed, { "package.json": manifest, "package-lock.json": "{}" });
    await trees.prepare();
    const linked = path.join(trees.worktree, "node_modules");
    expect(lstatSync(linked).isSymbolicLink()).toBe(true);
    expect(realpathSync(linked)).toBe(path.join(trees.repository, "node_modules"));
    expect(await trees.asked()).toBe("");
  });

  test.each<[string, Files, Files]>([
    ["the lock file is another", installed, { "package.json": manifest, "package-lock.json": '{ "a": 1 }' }],
    [
      "nothing is installed",
      { "package.json": manifest, "package-lock.json": "{}" },
      { "package.json": manifest, "package-lock.json": "{}" },
    ],
    [
      "one of them is a link into the working tree",
      { ...installed, "package.json": '{ "dependencies": { "left": "file:./left" } }' },
      { "package.json": '{ "dependencies": { "left": "file:./left" } }', "package-lock.json": "{}" },
    ],
  ])("are installed with npm ci where %s", async (_why, own, theirs) => {
    const trees = await twoTrees(own, theirs);
    await trees.prepare();
    expect(await trees.asked()).toMatch(/theirs: ci /);
    expect(existsSync(path.join(trees.worktree, "node_modules"))).toBe(false);
    expect(trees.said).toContain("HEAD~1: npm ci");
  });

  test("of one package among several are those at the top, where the lock file is", async () => {
    const top = '{ "workspaces": ["packages/*"] }';
    const files = { "package.json": top, "package-lock.json": "{}", "packages/one/package.json": manifest };
    const trees = await twoTrees({ ...files, "node_modules/left/index.js": "" }, files, path.join("packages", "one"));
    await trees.prepare();
    expect(await trees.asked()).toMatch(/theirs: ci /);
  });

  test("that only another installer could provide are refused, unless the build is told", async () => {
    const own = { "package.json": manifest, "pnpm-lock.yaml": "a", "node_modules/left/index.js": "" };
    const trees = await twoTrees(own, { "package.json": manifest, "pnpm-lock.yaml": "b" });
    await expect(trees.prepare()).rejects.toThrow(/HEAD~1.*--build "pnpm install/s);
    await trees.prepare(null, "true");
  });

  test("that cannot be installed are told with what npm said", async () => {
    const trees = await twoTrees(installed, { "package.json": manifest, "package-lock.json": '{ "a": 1 }' });
    await write(trees.folder, { fails: "" });
    await expect(trees.prepare()).rejects.toThrow(/Cannot prepare HEAD~1: npm ci is a failure \(exit code 1\)/);
  });
});

describe("the build of a side", () => {
  const plain = { "package.json": '{ "scripts": { "build": "make" } }', "made/here.js": "" };

  test("is the project's own, and only where what is to be run is not there", async () => {
    const trees = await twoTrees(plain, plain);
    await trees.prepare("made/here.js");
    expect(await trees.asked()).toBe("");
    await trees.prepare("made/missing.js");
    expect(await trees.asked()).toMatch(/theirs: run build/);
  });

  test("is what the user says, always", async () => {
    const trees = await twoTrees(plain, plain);
    await trees.prepare("made/here.js", "echo built > made/by-hand.js");
    expect(existsSync(path.join(trees.worktree, "made", "by-hand.js"))).toBe(true);
  });

  test("that fails is told with its last lines", async () => {
    const trees = await twoTrees(plain, plain);
    await expect(trees.prepare(null, "echo nothing to make; exit 7")).rejects.toThrow(
      /exit code 7\):\nnothing to make/,
    );
  });
});

describe("the project", () => {
  test("is the nearest folder with a package.json, within the repository", async () => {
    const folder = realpathSync(await temporaryFolder());
    await write(folder, { "a/package.json": "{}", "a/b/c.js": "", "d/e.js": "" });
    expect(projectAt(folder, path.join(folder, "a", "b"))).toMatchObject({ inside: "a", isSessionlab: false });
    expect(projectAt(folder, path.join(folder, "d"))).toMatchObject({ inside: null });
  });

  test("is sessionlab where the repository is sessionlab's", async () => {
    const root = path.resolve(import.meta.dirname, "../../..");
    expect(projectAt(root, path.join(root, "bench"))).toMatchObject({ inside: "", isSessionlab: true });
  });
});
