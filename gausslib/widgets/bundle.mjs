/**
 * Bundles the figures into static/.
 *
 * - `runtime.js` and `<tag>.js`, one for each figure, are the classic scripts of a page. What the
 *   figures share is in the runtime, which has one global name, `gaussRuntime`.
 * - `<tag>.widget.js` is a figure as one module, for anywidget, which allows no imports.
 * - `stills.js` has all figures and needs no browser: the site's build uses it, and the tests.
 * - `modules.js` has every module that needs no browser, for the tests.
 * - `figures.json` has what the Python classes of the figures must know: labels, starts, limits.
 *
 * The figures are the files of src/figures/, each named by the tag of its element; a style sheet of
 * the same name has the look of that figure alone. A formula comes from the registry in Python, and
 * its TeX is made MathML here.
 */
import { execFileSync } from "node:child_process";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import { build, transform } from "esbuild";
import katex from "katex";
import { minify } from "terser";

/**
 * @typedef {import("esbuild").Plugin} Plugin
 * @typedef {import("esbuild").BuildOptions} BuildOptions
 * @typedef {{name: string, pieces: [string | null, string][]}} RegistryEntry
 */

const HERE = dirname(fileURLToPath(import.meta.url));
const FIGURES = resolve(HERE, "src/figures");
const RUNTIME = resolve(HERE, "src/runtime");
const HOSTS = resolve(HERE, "src/hosts");
const STATIC = resolve(HERE, "static");

const figureFiles = (await readdir(FIGURES)).sort();
const tags = figureFiles
  .filter((file) => file.endsWith(".js"))
  .map((file) => basename(file, ".js"));

/**
 * The name by which the file of a figure exports it: `gaussPair` for `gauss-pair`.
 * @param {string} tag
 */
function exportedName(tag) {
  return tag.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/**
 * TeX as the inside of MathML's <math>, without its source and without attributes that say what
 * is so anyway.
 * @param {string} tex
 */
function mathml(tex) {
  const html = katex.renderToString(tex, { output: "mathml", displayMode: true, strict: "error" });
  const inside = /<semantics>(.*?)<annotation/s.exec(html)?.[1] ?? "";
  return inside
    .replace(/^<mrow>(.*)<\/mrow>$/s, "$1")
    .replace(/ mathvariant="normal">(?!\p{L}<)/gu, ">") // Only single letters are slanted.
    .replace(/ (fence|separator)="\w+"| stretchy="true"/g, "")
    .replace(/="([\w.]+)"/g, "=$1");
}

/**
 * The entries of the registry of formulas, by their keys.
 * @returns {{[key: string]: RegistryEntry}}
 */
function readRegistry() {
  const python = process.env.PYTHON ?? "python";
  const printed = execFileSync(python, ["-m", "gausslib.formulas"], {
    cwd: `${HERE}/../..`,
    encoding: "utf8",
    maxBuffer: 1e8,
  });
  return JSON.parse(printed);
}

/**
 * Imports of `formula:<key>` bring an entry of the registry.
 * @type {Plugin}
 */
const formulas = {
  name: "formulas",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^formula:/ }, ({ path }) => ({
      path: path.slice("formula:".length),
      namespace: "formula",
    }));
    onLoad({ filter: /.*/, namespace: "formula" }, ({ path: key }) => {
      const entry = registry[key];
      if (!entry) return { errors: [{ text: `the registry has no formula ${key}` }] };
      const pieces = entry.pieces.map(([term, tex]) => [term, mathml(tex)]);
      return { contents: JSON.stringify({ key, name: entry.name, pieces }), loader: "json" };
    });
  },
};

/**
 * Imports of style sheets bring their text.
 * @type {Plugin}
 */
const styles = {
  name: "styles",
  setup({ onLoad }) {
    onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const sheet = await readFile(path, "utf8");
      const { code } = await transform(sheet, { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/**
 * The import of `figures:all` brings the list of all figures.
 * @type {Plugin}
 */
const allFigures = {
  name: "all figures",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^figures:all$/ }, ({ path }) => ({ path, namespace: "figures" }));
    onLoad({ filter: /.*/, namespace: "figures" }, () => {
      const names = tags.map(exportedName);
      const imports = tags.map((tag) => `import { ${exportedName(tag)} } from "./${tag}.js";`);
      const contents = `${imports.join("\n")}\nexport default [${names.join(", ")}];`;
      return { contents, resolveDir: FIGURES };
    });
  },
};

/**
 * The runtime that all scripts of a page share. Hosts bring it, by the import of `runtime:shared`;
 * what figures and their parts import from its files is taken from the global `gaussRuntime`.
 * @type {Plugin}
 */
const sharedRuntime = {
  name: "shared runtime",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^runtime:shared$/ }, ({ path }) => ({ path, namespace: "shared" }));
    onLoad({ filter: /.*/, namespace: "shared" }, () => {
      const names = shared.names.join(", ");
      const contents = `import { ${names} } from "./index.js"; export default { ${names} };`;
      return { contents, resolveDir: RUNTIME };
    });
    onResolve({ filter: /\/runtime\/[\w-]+\.js$/ }, ({ path, importer, resolveDir }) => {
      const isOfRuntime = [HOSTS, RUNTIME].includes(dirname(importer));
      if (isOfRuntime || !shared.files.includes(resolve(resolveDir, path))) return;
      return { path: "gaussRuntime", namespace: "global" };
    });
    onLoad({ filter: /.*/, namespace: "global" }, () => {
      // A call that is marked as pure is left out where nobody uses its value.
      const lines = shared.names.map(
        (name) => `export const ${name} = /* @__PURE__ */ (() => gaussRuntime.${name})();`,
      );
      return { contents: lines.join("\n") };
    });
  },
};

/**
 * A bundle, in which esbuild finds an export for every import.
 * @param {BuildOptions} options
 */
async function bundled(options) {
  const result = await build({
    absWorkingDir: HERE,
    bundle: true,
    minify: true,
    outdir: STATIC,
    target: "es2022",
    charset: "utf8",
    logLevel: "warning",
    plugins: [formulas, styles, allFigures],
    ...options,
    metafile: true,
    write: false,
  });
  const { inputs, outputs } = result.metafile;
  const [{ exports }] = Object.values(outputs);
  return { text: result.outputFiles[0].text, exports, inputs };
}

/**
 * A bundle that brings the runtime only where a host does.
 * @param {string} contents  of its entry, which imports as from src/hosts/
 * @param {"iife" | "esm"} format
 */
async function bundledForPages(contents, format) {
  const stdin = { contents, resolveDir: HOSTS, sourcefile: "entry.js" };
  const { text } = await bundled({ stdin, format, plugins: [formulas, styles, sharedRuntime] });
  return text;
}

/**
 * A classic script, a thirtieth smaller still than esbuild makes it.
 * @param {string} text
 */
async function shortened(text) {
  const { code = "" } = await minify(text, { ecma: 2022, compress: { passes: 3 }, toplevel: true });
  return code;
}

/**
 * The names that the runtime exports, and the files that they come from.
 * @returns {Promise<{names: string[], files: string[]}>}
 */
async function sharedParts() {
  const index = "src/runtime/index.js";
  const { exports, inputs } = await bundled({ entryPoints: [index], format: "esm" });
  const files = inputs[index].imports.map(({ path }) => resolve(HERE, path));
  return { names: exports, files };
}

/** @type {Set<string>} */
const written = new Set();

/**
 * Writes a file of static/ in one step, so that nobody reads half of it.
 * @param {string} name
 * @param {string} text
 */
async function write(name, text) {
  written.add(name);
  await writeFile(`${STATIC}/${name}.new`, text);
  await rename(`${STATIC}/${name}.new`, `${STATIC}/${name}`);
}

/**
 * Writes the scripts of one figure.
 * @param {string} tag
 */
async function writeFigure(tag) {
  const imported = [`import { ${exportedName(tag)} as figure } from "../figures/${tag}.js";`];
  const hasLook = figureFiles.includes(`${tag}.css`);
  if (hasLook) imported.push(`import look from "../figures/${tag}.css";`);
  const figure = hasLook ? "(figure, look)" : "(figure)";
  const script = [...imported, `gaussRuntime.define${figure};`].join("\n");
  await write(`${tag}.js`, await shortened(await bundledForPages(script, "iife")));
  const host = 'import { widgetOf } from "./anywidget.js";';
  const widget = [host, ...imported, `export default widgetOf${figure};`].join("\n");
  await write(`${tag}.widget.js`, await bundledForPages(widget, "esm"));
}

/**
 * Writes the modules that need no browser, by the names of their files, for the tests.
 * @param {string[]} inputs  what the stills consist of
 */
async function writeModules(inputs) {
  const paths = inputs.filter((path) => /^src\/(?!hosts\/).*\.js$/.test(path));
  const imports = paths.map((path, index) => `import * as m${index} from "./${path}";`);
  const named = paths.map((path, index) => `"${basename(path)}": m${index}`);
  const contents = `${imports.join("\n")}\nglobalThis.gaussModules = { ${named.join(", ")} };`;
  const { text } = await bundled({ stdin: { contents, resolveDir: HERE }, format: "iife" });
  await write("modules.js", text);
}

/**
 * Writes what the Python classes of the figures take from here.
 * @param {string} stills  the script that has all figures
 */
async function writeDefinitions(stills) {
  runInThisContext(stills);
  const definitions = Object.entries(gaussStills.figures).map(([tag, { label, fields }]) => {
    const facts = Object.entries(fields).map(([name, { start, options, limits, expected }]) => [
      name,
      { start, options, limits, expected },
    ]);
    return [tag, { label, fields: Object.fromEntries(facts) }];
  });
  await write("figures.json", JSON.stringify(Object.fromEntries(definitions), null, 1));
}

/** What an earlier run has left, of a figure that is gone, say. */
async function removeOthers() {
  const others = (await readdir(STATIC)).filter((name) => !written.has(name));
  for (const name of others) await rm(`${STATIC}/${name}`);
}

const registry = readRegistry();
const shared = await sharedParts();
await mkdir(STATIC, { recursive: true });
await Promise.all(tags.map(writeFigure));
const page = await bundledForPages('import "./page.js";', "iife");
await write("runtime.js", await shortened(page));
const stills = await bundled({ entryPoints: ["src/hosts/stills.js"], format: "iife" });
await write("stills.js", stills.text);
await writeModules(Object.keys(stills.inputs));
await writeDefinitions(stills.text);
await removeOthers();
