/**
 * `<gauss-pair>`: two Gaussians in the plane, to be moved by their means and semi-axes, and the distances between them.
 *
 *     <gauss-pair p="0,0,1,0.5,0.3" q="1,0.5,0.7,1.2,-0.4" show="terms">still picture</gauss-pair>
 *
 * Attributes p, q: mean_x, mean_y, semi_axis_1, semi_axis_2, angle; the start, and what Reset returns to. A later change of
 * an attribute moves the figure too; the element itself never writes them.
 * Attribute show: `terms` adds the three terms of KL(p‖q), which light up their part of the picture.
 * Properties p, q: the current state (copies). Property values: {kl_pq, kl_qp, bhattacharyya, w2}. Method reset().
 * Event change, on every change: detail {source: "pointer" | "keyboard" | "reset" | "property", p, q, values}.
 * Event settle, when a gesture has ended.
 *
 * @typedef {import("./gauss2d.js").Axes} Axes
 * @typedef {import("./plane.js").Point} Point
 * @typedef {"p" | "q"} Name
 * @typedef {"mean" | "trace" | "logdet"} Term
 * @typedef {"pointer" | "keyboard" | "reset" | "property"} Source
 */
import { distances, fromAxes, klTerms, squaredLength } from "./gauss2d.js";
import { axisEnd, checked, DEFAULTS, parsed, reach, withAxisEnd, withMean } from "./ellipse.js";
import { formatted } from "./format.js";
import { HALF_HEIGHT, HALF_WIDTH, HIT_RADIUS, makeMovable, Plane } from "./plane.js";
import palette from "./palette.css";
import style from "./figure.css";

/** @type {Name[]} */
const NAMES = ["p", "q"];
const FORMULA = "eq-kl";
const REST = "Point at a term, or move to it with Tab, to see what makes it.";

const sheet = new CSSStyleSheet();
sheet.replaceSync(palette + style);

const handles = (/** @type {Name} */ name) =>
  ["mean", "first semi-axis", "second semi-axis"]
    .map((part, index) => `
      <g class="handle" tabindex="0" role="slider" aria-label="${part} of ${name}">
        <circle class="hit" r="${HIT_RADIUS}"/><circle class="ring" r="11"/>
        <circle class="${index ? "end" : "centre"}" r="5"/>
      </g>`)
    .join("");

const gaussian = (/** @type {Name} */ name) =>
  `<g class="${name}"><ellipse class="two"/><ellipse class="one"/><path class="axes"/></g>`;

const number = (/** @type {string} */ key, /** @type {string} */ label, /** @type {string} */ unit) =>
  `<div><dt>${label} <span class="unit">${unit}</span></dt><dd class="gauss-number" data-value="${key}"></dd></div>`;

const chip = (/** @type {Term} */ term, /** @type {string} */ label) =>
  `<button type="button" class="chip term-${term}" data-term="${term}">${label} <span class="gauss-number" data-value="${term}"></span></button>`;

const template = document.createElement("template");
template.innerHTML = `
  <div class="gauss-figure">
    <p class="gauss-note" role="alert" hidden></p>
    <dl class="gauss-readout">
      ${number("kl_pq", "KL(p‖q)", "nats")}${number("kl_qp", "KL(q‖p)", "nats")}
      ${number("bhattacharyya", "Bhattacharyya", "nats")}${number("w2", "W₂", "length")}
    </dl>
    <svg class="gauss-plane" role="group" aria-label="Two Gaussians p and q in the plane, as ellipses at one and two standard deviations">
      <path class="grid"/><path class="origin"/><g class="ticks" aria-hidden="true"></g>
      ${NAMES.map(gaussian).join("")}
      <g class="overlay logdet"><ellipse class="area-p"/><ellipse class="area-q"/></g>
      <g class="overlay trace"><ellipse class="thin"/><path class="lengths"/></g>
      <g class="overlay mean"><ellipse class="thin"/><path class="shaft"/><path class="head"/></g>
      ${NAMES.map((name) => `<g class="${name}">${handles(name)}<text class="name" aria-hidden="true">${name}</text></g>`).join("")}
    </svg>
    <div class="gauss-bar">
      <p class="hint">Drag a dot<span class="keys">, or use Tab and the arrow keys<span class="more"> (Shift: larger steps, Alt: finer)</span></span>.</p>
      <button type="button" class="reset">Reset</button>
    </div>
    <div class="gauss-terms" hidden>
      <div class="gauss-sum" role="group" aria-label="The three terms of KL(p‖q)">
        <span class="whole">KL(p‖q) =</span>
        ${chip("mean", "mean")}<span>+</span>${chip("trace", "trace")}<span>+</span>${chip("logdet", "log-det")}
      </div>
      <p class="gauss-caption" aria-live="polite">${REST}</p>
    </div>
  </div>`;

/** Tell the document which term of which formula is pointed at: figures and formulas light it up. */
export function announceTerm(/** @type {string} */ formula, /** @type {string | null} */ term) {
  document.dispatchEvent(new CustomEvent("gauss-term", { detail: { formula, term } }));
}

function setAttributes(/** @type {Element} */ element, /** @type {Record<string, string | number>} */ attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

export class GaussPair extends HTMLElement {
  static observedAttributes = ["p", "q", "show"];

  #root = this.attachShadow({ mode: "open" });
  #plane = new Plane();
  #start = { ...DEFAULTS };
  #state = { ...DEFAULTS };
  #values = distances(fromAxes(DEFAULTS.p), fromAxes(DEFAULTS.q));
  /** What is wrong with an attribute. @type {Record<Name, string>} */
  #notes = { p: "", q: "" };
  /** @type {Term | null} */
  #lit = null;
  #dragging = () => false;
  /** Ends everything that outlives the element in its place: listeners, observers. @type {AbortController | null} */
  #presence = null;

  constructor() {
    super();
    this.#root.adoptedStyleSheets = [sheet];
    this.#root.append(template.content.cloneNode(true));
    this.#find(".reset").addEventListener("click", () => this.reset());
    for (const element of this.#root.querySelectorAll(".chip")) this.#connectChip(/** @type {HTMLElement} */ (element));
    for (const name of NAMES) this.#upgrade(name);
  }

  get p() {
    return /** @type {Axes} */ ([...this.#state.p]);
  }

  set p(value) {
    this.#place({ ...this.#state, p: checked("p", value) });
  }

  get q() {
    return /** @type {Axes} */ ([...this.#state.q]);
  }

  set q(value) {
    this.#place({ ...this.#state, q: checked("q", value) });
  }

  get values() {
    return { ...this.#values };
  }

  reset() {
    this.#place(this.#start, "reset");
    this.#settled();
  }

  attributeChangedCallback(/** @type {"p" | "q" | "show"} */ attribute, /** @type {string | null} */ _, /** @type {string | null} */ text) {
    if (attribute === "show") {
      const extras = (text ?? "").split(/\s+/);
      this.#find(".gauss-terms").toggleAttribute("hidden", !extras.includes("terms"));
      this.#light(null);
      return;
    }
    let start = DEFAULTS[attribute];
    this.#notes[attribute] = "";
    try {
      if (text !== null) start = parsed(attribute, text);
    } catch (error) {
      this.#notes[attribute] = `Attribute ${/** @type {Error} */ (error).message}. The figure starts with its default ${attribute}.`;
    }
    const note = this.#find(".gauss-note");
    note.textContent = NAMES.map((name) => this.#notes[name]).join(" ").trim();
    note.toggleAttribute("hidden", !note.textContent);
    this.#start = { ...this.#start, [attribute]: start };
    this.#place({ ...this.#state, [attribute]: start });
  }

  connectedCallback() {
    this.#presence = new AbortController();
    const { signal } = this.#presence;
    const svg = /** @type {SVGSVGElement} */ (this.#find(".gauss-plane"));
    const movable = NAMES.flatMap((name) => this.#handles(name));
    this.#dragging = makeMovable(svg, this.#plane, movable, () => this.#settled(), signal);
    document.addEventListener("gauss-term", (event) => {
      const { formula, term } = /** @type {CustomEvent} */ (event).detail;
      if (formula === FORMULA) this.#light(term);
    }, { signal });
    const observer = new ResizeObserver(([{ contentRect }]) => {
      if (contentRect.width === 0) return; // not laid out: in a closed panel, say
      this.#plane.width = contentRect.width;
      this.#drawPlane();
      this.#draw();
    });
    observer.observe(svg);
    signal.addEventListener("abort", () => observer.disconnect());
    this.#drawPlane();
    this.#draw();
  }

  disconnectedCallback() {
    this.#presence?.abort();
    this.#dragging = () => false;
    this.#light(null);
  }

  #find(/** @type {string} */ selector) {
    return /** @type {HTMLElement | SVGElement} */ (this.#root.querySelector(selector));
  }

  /** A property that was set before the element was defined hides the accessor: set it again. */
  #upgrade(/** @type {Name} */ name) {
    if (!Object.hasOwn(this, name)) return;
    const value = this[name];
    delete this[name];
    this[name] = value;
  }

  /** Go to a state from outside; the window changes to fit it, though never under a moving finger. */
  #place(/** @type {Record<Name, Axes>} */ state, /** @type {Source} */ source = "property") {
    if (NAMES.every((name) => state[name].every((value, index) => Object.is(value, this.#state[name][index])))) return;
    if (!this.#dragging()) {
      const half = /** @type {Point} */ ([HALF_WIDTH, HALF_HEIGHT]);
      this.#plane.fit(Math.max(reach(state.p, half), reach(state.q, half)));
      this.#drawPlane();
    }
    this.#change(state, source);
  }

  /** Every change of the state comes through here. */
  #change(/** @type {Record<Name, Axes>} */ state, /** @type {Source} */ source) {
    this.#state = state;
    this.#values = distances(fromAxes(state.p), fromAxes(state.q));
    if (!this.#presence) return; // not in the page yet: nobody can see, and markup is no change
    this.#draw();
    const detail = { source, p: this.p, q: this.q, values: this.values };
    this.dispatchEvent(new CustomEvent("change", { bubbles: true, composed: true, detail }));
  }

  #settled() {
    this.dispatchEvent(new CustomEvent("settle", { bubbles: true, composed: true }));
  }

  /** The three handles of a Gaussian, in the order of the drawing. */
  #handles(/** @type {Name} */ name) {
    const elements = /** @type {NodeListOf<SVGElement>} */ (this.#root.querySelectorAll(`.${name} .handle`));
    const move = (/** @type {Axes} */ axes, /** @type {Source} */ source) => this.#change({ ...this.#state, [name]: axes }, source);
    const mean = {
      element: elements[0],
      position: () => /** @type {Point} */ ([this.#state[name][0], this.#state[name][1]]),
      constrain: (/** @type {Point} */ point) => withMean(this.#state[name], point, this.#plane),
      move,
    };
    const ends = /** @type {const} */ ([0, 1]).map((index) => ({
      element: elements[1 + index],
      position: () => axisEnd(this.#state[name], index),
      constrain: (/** @type {Point} */ point) => withAxisEnd(this.#state[name], index, point, this.#plane),
      move,
    }));
    return [mean, ...ends];
  }

  #connectChip(/** @type {HTMLElement} */ chip) {
    const term = /** @type {Term} */ (chip.dataset.term);
    for (const type of ["pointerenter", "focus"]) chip.addEventListener(type, () => announceTerm(FORMULA, term));
    chip.addEventListener("pointerleave", () => announceTerm(FORMULA, this.#focusedTerm()));
    chip.addEventListener("blur", () => announceTerm(FORMULA, null));
    chip.addEventListener("click", () => chip.focus()); // a tap does not focus a button in every browser
  }

  #focusedTerm() {
    return /** @type {HTMLElement | null} */ (this.#root.activeElement)?.dataset.term ?? null;
  }

  #light(/** @type {Term | null} */ term) {
    const shown = !this.#find(".gauss-terms").hasAttribute("hidden");
    this.#lit = shown ? term : null;
    const figure = this.#find(".gauss-figure");
    if (this.#lit) figure.dataset.lit = this.#lit;
    else delete figure.dataset.lit;
    this.#writeCaption();
  }

  /** Draw what depends on the state. */
  #draw() {
    for (const name of NAMES) this.#drawGaussian(name);
    this.#drawOverlays();
    this.#writeNumbers();
    this.#writeCaption();
  }

  /** Draw what depends on the window alone. */
  #drawPlane() {
    const plane = this.#plane;
    const { width, height } = plane;
    setAttributes(this.#find(".gauss-plane"), { viewBox: `0 0 ${width} ${height}` });
    const columns = plane.ticks(HALF_WIDTH).map((x) => ({ label: x, at: plane.toPixels([x, 0])[0] }));
    const rows = plane.ticks(HALF_HEIGHT).map((y) => ({ label: y, at: plane.toPixels([0, y])[1] }));
    const lines = [...columns.map(({ at }) => `M${at} 0V${height}`), ...rows.map(({ at }) => `M0 ${at}H${width}`)];
    setAttributes(this.#find(".grid"), { d: lines.join("") });
    setAttributes(this.#find(".origin"), { d: `M${width / 2} 0V${height}M0 ${height / 2}H${width}` });
    const text = (/** @type {number} */ label) => String(label).replace("-", "−");
    this.#find(".ticks").innerHTML = [
      ...columns.map(({ label, at }) => `<text x="${at}" y="${height - 6}" text-anchor="middle">${text(label)}</text>`),
      ...rows.map(({ label, at }) => `<text x="6" y="${at + 4}">${text(label)}</text>`),
    ].join("");
  }

  /** Attributes of the ellipse of a Gaussian at `size` standard deviations. */
  #ellipse(/** @type {Axes} */ [x, y, s1, s2, angle], size = 1) {
    const [u, v] = this.#plane.toPixels([x, y]);
    const unit = this.#plane.unit * size;
    return { rx: s1 * unit, ry: s2 * unit, transform: `translate(${u} ${v}) rotate(${(-angle * 180) / Math.PI})` };
  }

  #drawGaussian(/** @type {Name} */ name) {
    const axes = this.#state[name];
    setAttributes(this.#find(`.${name} .one`), this.#ellipse(axes));
    setAttributes(this.#find(`.${name} .two`), this.#ellipse(axes, 2));
    const [u, v] = this.#plane.toPixels([axes[0], axes[1]]);
    const ends = [axisEnd(axes, 0), axisEnd(axes, 1)].map((end) => this.#plane.toPixels(end));
    setAttributes(this.#find(`.${name} .axes`), { d: ends.map((end) => `M${u} ${v}L${end}`).join("") });
    const handles = this.#root.querySelectorAll(`.${name} .handle`);
    [[u, v], ...ends].forEach(([x, y], index) => setAttributes(handles[index], { transform: `translate(${x} ${y})` }));
    // p's letter stands to the left and q's to the right, so that both can be read where the means meet
    setAttributes(this.#find(`.${name} .name`), { x: u + (name === "p" ? -14 : 14), y: v + 16 });
    this.#describeHandles(handles, axes);
  }

  #describeHandles(/** @type {NodeListOf<Element>} */ handles, /** @type {Axes} */ axes) {
    const show = (/** @type {number} */ value) => String(Number(value.toFixed(3))).replace("-", "−");
    const degrees = (/** @type {number} */ angle) => `${Math.round((angle * 180) / Math.PI)}°`.replace("-", "−");
    const right = HALF_WIDTH * this.#plane.scale;
    setAttributes(handles[0], {
      "aria-valuemin": -right, "aria-valuemax": right, "aria-valuenow": axes[0],
      "aria-valuetext": `x ${show(axes[0])}, y ${show(axes[1])}`,
    });
    for (const index of [0, 1]) {
      setAttributes(handles[1 + index], {
        "aria-valuemin": 0, "aria-valuemax": 2 * right, "aria-valuenow": axes[2 + index],
        "aria-valuetext": `length ${show(axes[2 + index])}, angle ${degrees(axes[4] + (index * Math.PI) / 2)}`,
      });
    }
  }

  #drawOverlays() {
    const { p, q } = this.#state;
    const [from, to] = [q, p].map((axes) => this.#plane.toPixels([axes[0], axes[1]]));
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    // An arrow shorter than its head is not drawn: its direction means nothing.
    const [cos, sin] = length < 12 ? [0, 0] : [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const corner = (/** @type {number} */ back, /** @type {number} */ side) =>
      `${to[0] - back * cos - side * sin} ${to[1] - back * sin + side * cos}`;
    setAttributes(this.#find(".mean .shaft"), { d: `M${from}L${corner(10, 0)}` });
    setAttributes(this.#find(".mean .head"), { d: `M${corner(1, 0)}L${corner(14, 6)}L${corner(14, -6)}Z` });
    setAttributes(this.#find(".mean .thin"), this.#ellipse(q, this.#meanLength()));

    const moved = /** @type {Axes} */ ([q[0], q[1], p[2], p[3], p[4]]);
    const ends = [axisEnd(moved, 0), axisEnd(moved, 1)].map((end) => this.#plane.toPixels(end));
    setAttributes(this.#find(".trace .thin"), this.#ellipse(moved));
    setAttributes(this.#find(".trace .lengths"), { d: ends.map((end) => `M${from}L${end}`).join("") });

    for (const name of NAMES) setAttributes(this.#find(`.area-${name}`), this.#ellipse(this.#state[name]));
  }

  /** The distance of the means with q's ellipse as the unit of length. */
  #meanLength() {
    const { p, q } = this.#state;
    return Math.sqrt(squaredLength([p[0] - q[0], p[1] - q[1]], fromAxes(q)));
  }

  #writeNumbers() {
    const terms = klTerms(fromAxes(this.#state.p), fromAxes(this.#state.q));
    for (const [key, value] of Object.entries({ ...this.#values, ...terms })) {
      this.#find(`[data-value="${key}"]`).textContent = formatted(value);
    }
  }

  #writeCaption() {
    const { p, q } = this.#state;
    const axis = (/** @type {0 | 1} */ index) => {
      const [x, y] = axisEnd(p, index);
      return formatted(Math.sqrt(squaredLength([x - p[0], y - p[1]], fromAxes(q))));
    };
    const captions = {
      mean: () => `Mean: the dashed ellipse is q's, enlarged ${formatted(this.#meanLength())} times, until it meets the other mean; the term is half of the square of this number.`,
      trace: () => `Trace: laid on q's ellipse and measured with it, p's semi-axes are a = ${axis(0)} and b = ${axis(1)} long; the term is ½(a² + b²) − 1.`,
      logdet: () => `Log-det: q's ellipse has ${formatted((q[2] * q[3]) / (p[2] * p[3]))} times the area of p's; the term is the logarithm of that ratio.`,
    };
    const text = this.#lit ? captions[this.#lit]() : REST;
    const caption = this.#find(".gauss-caption");
    if (caption.textContent !== text) caption.textContent = text;
  }
}
