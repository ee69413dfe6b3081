// Runs ../worker.py inside Pyodide, with the same frames on stdin and stdout; with a path, runs that program instead.
// node worker.mjs PACKAGE-FOLDER WORKER.PY [PROGRAM.PY OUTCOME.JSON]
import { readFileSync, readSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Worker, isMainThread } from "node:worker_threads";

const [packageFolder, workerPath, programPath, outcomePath] = process.argv.slice(2);

function readExactly(size) {
  const data = new Uint8Array(size);
  for (let at = 0; at < size; ) {
    const count = readSync(0, data, at, size - at, null);
    if (count === 0) return null;
    at += count;
  }
  return data;
}

function writeAll(data) {
  for (let at = 0; at < data.length; ) at += writeSync(1, data, at);
}

function send(message) {
  const data = Buffer.from(message, "ascii");
  const header = Buffer.alloc(4);
  header.writeUInt32BE(data.length);
  writeAll(Buffer.concat([header, data]));
}

function serve(answer, version) {
  send(JSON.stringify({ version }));
  for (let header; (header = readExactly(4)); ) {
    const source = readExactly(new DataView(header.buffer).getUint32(0));
    try {
      send(answer(source));
    } catch (error) {
      // The WebAssembly stack ran out: a limit of this host, and the interpreter cannot go on.
      send(JSON.stringify({ kinds: [error.name], message: error.message, line: null, column: null, warnings: [] }));
      process.exit(1);
    }
  }
}

async function judge() {
  const { loadPyodide } = await import(pathToFileURL(join(packageFolder, "pyodide.mjs")));
  const print = (line) => programPath && writeAll(Buffer.from(line + "\n"));
  const snapshot = readFileSync(join(packageFolder, "snapshot.bin"));
  const python = await loadPyodide({ stdout: print, stderr: () => {}, _loadSnapshot: snapshot });
  python.runPython(readFileSync(workerPath, "utf8"));
  if (programPath) {
    const run = python.runPython("lambda data: json.dumps(executed(data.to_bytes()))");
    writeFileSync(outcomePath, run(new Uint8Array(readFileSync(programPath))));
    process.exit(0);
  }
  const answer = python.runPython("lambda data: answer(data.to_bytes())");
  serve(answer, python.runPython("import sys; sys.version"));
}

// A thread of its own, because only there Node lets the stack be as large as deeply nested code needs.
if (isMainThread) {
  const thread = new Worker(new URL(import.meta.url), {
    argv: process.argv.slice(2),
    resourceLimits: { stackSizeMb: 60 },
  });
  thread.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
} else {
  await judge();
}
