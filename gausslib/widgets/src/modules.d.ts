/** What the bundler makes of imports that are not scripts. */
declare module "*.css" {
  const text: string;
  export default text;
}

/** An entry of the registry of formulas, with MathML for its TeX. */
declare module "formula:*" {
  const formula: import("./runtime/figure.js").Formula;
  export default formula;
}

/** Every file of src/figures/. */
declare module "figures:all" {
  const figures: import("./runtime/figure.js").Definition[];
  export default figures;
}

/** What src/runtime/index.js exports, as one object. */
declare module "runtime:shared" {
  const runtime: typeof import("./runtime/index.js");
  export default runtime;
}

/** The runtime, once on a page, whatever scripts it loads. */
declare var gaussRuntime: typeof import("./runtime/index.js");

/** Trusted Types, which not every browser has. */
declare var trustedTypes: { createPolicy: (name: string, rules: object) => any } | undefined;

/** What `stills.js` is for those who run it without a browser. */
declare var gaussStills: {
  figures: { [tag: string]: import("./runtime/figure.js").Definition };
  still: (tag: string, attributes: { [name: string]: string }) => string;
  walk: (
    tag: string,
    attributes: { [name: string]: string },
    steps: import("./walks/check.js").Step[],
  ) => import("./walks/check.js").Checked[];
  read: (
    tag: string,
    given: { [field: string]: string },
  ) => import("./runtime/fields.js").State;
  panel: (title: string, steps: number) => [string, string];
};
