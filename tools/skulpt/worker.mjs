// Loads the Skulpt that a folder holds (skulpt.min.js, skulpt-stdlib*.js*) and answers requests on standard input, one
// JSON array a line: ["compile" | "run", source]. Each answer is one JSON line: [error or null, what it printed].
// The second argument is the language that the client speaks: 2 or 3.
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import vm from "node:vm";

const [folder, language] = process.argv.slice(2);
const read = (name) => fs.readFileSync(path.join(folder, name), "utf-8");
Object.assign(globalThis, { window: globalThis, self: globalThis, document: undefined });
vm.runInThisContext(read("skulpt.min.js"));
vm.runInThisContext(read("skulpt-stdlib.js"));
const Sk = globalThis.Sk;
const files = Sk.builtinFiles.files;
// Later releases keep most of the library apart: a number in the table names the part.
for (const name of fs.readdirSync(folder).filter((each) => /^skulpt-stdlib-\d\.json$/.test(each))) {
  for (const [file, source] of Object.entries(JSON.parse(read(name)))) if (typeof files[file] !== "string") files[file] = source;
}

let printed = "";

function configure() {
  printed = "";
  Sk.configure({
    output: (text) => (printed += text),
    read: (file) => {
      if (typeof files[file] !== "string") throw `File not found: '${file}'`;
      return files[file];
    },
    __future__: { ...(language === "2" ? Sk.python2 : Sk.python3), super_args: true },
    execLimit: 10_000,
    yieldLimit: null,
  });
}

const told = (error) => {
  try {
    return String(error && error.toString ? error.toString() : error);
  } catch {
    return "an error that has no text";
  }
};

async function answer(action, source) {
  configure();
  try {
    if (action === "compile") Sk.compile(source, "<stdin>.py", "exec", true);
    else await Sk.misceval.asyncToPromise(() => Sk.importMainWithBody("<stdin>", false, source, true));
    return [null, printed];
  } catch (error) {
    return [told(error), printed];
  }
}

for await (const line of readline.createInterface({ input: process.stdin })) {
  const [action, source] = JSON.parse(line);
  process.stdout.write(JSON.stringify(await answer(action, source)) + "\n");
}
