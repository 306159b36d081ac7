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
