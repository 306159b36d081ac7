/**
 * The custom element of a figure, for any host.
 *
 *     <gauss-pair id="pair" p="0,0,1,0.5,0.3" q="1,0.5,0.7,1.2,-0.4" show="terms" link="pair">still picture</gauss-pair>
 *
 * Attributes are the fields of the figure: the start, and what Reset returns to. A later change of an attribute moves the
 * figure too; the element itself never writes them. Properties of the same names are the current state (copies), `values`
 * its numbers. Methods: reset(). With an `id` when it enters the page, the state stands in the address of the page.
 * Event change, on every change: detail {source, ...state, values}; sources: pointer, keyboard, control, animation, reset,
 * property, link, address. Event settle, when a gesture has ended.
 *
 * @typedef {import("./figure.js").Definition} Definition
 * @typedef {import("./figure.js").Lit} Lit
 * @typedef {import("./fields.js").State} State
 */
import { read, written } from "./address.js";
import { applies, fit, grid, labelOf, markup, REST, spoken, startOf } from "./figure.js";
import { has } from "./fields.js";
import { formatted } from "./format.js";
import { join, leave, settle, share } from "./links.js";
import { makeMovable, Plane } from "./plane.js";
import palette from "./palette.css";
import style from "./figure.css";

/** The query of the address that the figures of the page know. */
let query = "";
/** Those that have a place in it. @type {Set<HTMLElement & {readAddress: () => void, writeAddress: () => void}>} */
const addressed = new Set();

/** The figures whose state stands in the address. */
export const addressedFigures = () => [...addressed];

/** A change of the hash alone, by a link within the page, is nothing to figures. */
export function followHistory() {
  addEventListener("popstate", () => {
    if (query !== location.search) for (const figure of addressed) figure.readAddress();
  });
}

/** Where the classic script that runs now comes from; "" if it is a module. */
function scriptAddress() {
  return /** @type {HTMLScriptElement | null} */ (document.currentScript)?.src ?? "";
}
/** Tell the document which term of which formula is pointed at: figures and formulas light it up. */
export function announceTerm(/** @type {string} */ formula, /** @type {string | null} */ term) {
  document.dispatchEvent(new CustomEvent("gauss-term", { detail: { formula, term } }));
}

function setAttributes(
  /** @type {Element} */ element,
  /** @type {{[name: string]: string | number}} */ attributes,
) {
  for (const [name, value] of Object.entries(attributes)) {
    if (element.getAttribute(name) !== `${value}`) element.setAttribute(name, `${value}`);
  }
}

function setText(/** @type {Element} */ element, /** @type {string} */ text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Lists of lists are copied whole. @type {(value: any) => any} */
const copyOf = (value) => (Array.isArray(value) ? value.map(copyOf) : value);

/**
 * The class of a figure's element.
 * @param {Definition} figure
 * @param {string[]} scripts  the addresses that a page loads it from, for embedding; none in a notebook
 */
export function elementOf(figure, scripts) {
  const {
    fields,
    handles = [],
    backdrop,
    panels = [],
    controls = [],
    sources = [],
    formulas = [],
    readout = [],
    table,
    play,
  } = figure;
  const names = Object.keys(fields);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(palette + style);

  class FigureElement extends HTMLElement {
    static observedAttributes = [...names, "link"];
    static fields = fields;

    #root = this.attachShadow({ mode: "open" });
    /** @type {Map<string, any[]>} */
    #found = new Map();
    #plane = new Plane();
    #start = startOf(figure);
    #state = this.#start;
    #values = figure.values(this.#state);
    /** What is wrong with an attribute or an address. @type {{[name: string]: string}} */
    #notes = {};
    /** @type {Lit} */
    #lit = null;
    #dragging = () => false;
    #link = "";
    #member = {
      fields,
      follow: (/** @type {State} */ state) => this.#place(state, "link"),
      write: () => this.writeAddress(),
    };
    /** Where the figure stood when it first entered a page, but for the address. @type {State | null} */
    #home = null;
    /** Properties from before the element was defined. @type {State} */
    #early = {};
    #frame = 0;
    /** Ends everything that outlives the element in its place: listeners, observers. @type {AbortController | null} */
    #presence = null;

    constructor() {
      super();
      this.#root.adoptedStyleSheets = [sheet];
      this.#root.innerHTML = markup(figure, this.#state, true, this.#plane);
      this.#root.querySelectorAll(".gauss-fault").forEach((fault, index) => {
        fault.id = `fault-${index}`;
        for (const input of this.#root.querySelectorAll(
          `:has(> #${fault.id}) > :is(textarea, input)`,
        )) {
          setAttributes(input, { "aria-describedby": fault.id });
          input.removeAttribute("readonly");
        }
      });
      this.#listen();
      for (const name of names) {
        // A property that was set before the element was defined hides the accessor: it is set again after the attributes.
        if (!Object.hasOwn(this, name)) continue;
        this.#early[name] = /** @type {any} */ (this)[name];
        delete (/** @type {any} */ (this)[name]);
      }
    }

    get values() {
      return { ...this.#values };
    }

    /** The current value of a field. */
    get(/** @type {string} */ name) {
      return copyOf(this.#state[name]);
    }

    set(/** @type {string} */ name, /** @type {unknown} */ value) {
      this.#place({ [name]: fields[name].check(name, value) }, "property");
    }

    reset() {
      for (const input of this.#root.querySelectorAll("[data-source]"))
        this.#complain(/** @type {HTMLInputElement} */ (input), "").value = "";
      this.#place(this.#start, "reset");
      this.#refit();
      this.#settled();
    }

    /** Take the state that the address of the page has for this figure; what it does not name is as at home. */
    readAddress() {
      const { state, faults } = read(location.search, this.id, fields);
      query = location.search;
      this.#note(
        "address",
        faults.length
          ? `In the address, ${faults.join("; ")}. The figure does not follow it there.`
          : "",
      );
      this.#place({ ...this.#home, ...state }, "address");
    }

    /** Put the state into the address of the page. */
    writeAddress() {
      if (!this.id || !this.#presence) return;
      this.#note("address", "");
      history.replaceState(history.state, "", this.#address());
      query = location.search;
    }

    attributeChangedCallback(
      /** @type {string} */ name,
      /** @type {string | null} */ _,
      /** @type {string | null} */ text,
    ) {
      if (name === "link") return this.#enter(text ?? "");
      let start = fields[name].start;
      let note = "";
      try {
        if (text !== null) start = fields[name].parse(name, text);
      } catch (error) {
        note = `Attribute ${/** @type {Error} */ (error).message}. The figure starts with its default ${name}.`;
      }
      this.#start = { ...this.#start, [name]: start };
      this.#note(name, note);
      this.#place({ [name]: start }, "property");
    }

    connectedCallback() {
      this.#presence = new AbortController();
      const { signal } = this.#presence;
      const svg = /** @type {any} */ (this.#find(".gauss-plane"));
      if (svg) this.#connectPlane(svg, signal);
      document.addEventListener(
        "gauss-term",
        (event) => {
          const { formula, term } = /** @type {CustomEvent} */ (event).detail;
          if (formulas.some((part) => part.formula.key === formula))
            this.#light(term && { formula, term });
        },
        { signal },
      );
      document.addEventListener("pointerdown", (event) => this.#closeMenus(event.composedPath()), {
        signal,
      });
      for (const [name, value] of Object.entries(this.#early)) {
        try {
          this.set(name, value);
        } catch (error) {
          this.#note(name, `Property ${/** @type {Error} */ (error).message}.`);
        }
      }
      this.#early = {};
      this.#enter(this.getAttribute("link") ?? "");
      const first = !this.#home;
      this.#home ??= this.#state;
      if (this.id) {
        addressed.add(this);
        if (first) this.readAddress();
      }
      this.#update();
    }

    /** Join the figures of this link, and leave those of another. */
    #enter(/** @type {string} */ link) {
      if (this.#link) leave(this.#link, this.#member);
      this.#link = this.#presence ? link : "";
      if (this.#link) join(this.#link, this.#member, this.#state);
    }

    disconnectedCallback() {
      this.#presence?.abort();
      this.#presence = null;
      this.#dragging = () => false;
      this.#stop();
      this.#lit = null;
      addressed.delete(this);
      this.#enter("");
    }

    #connectPlane(/** @type {SVGSVGElement} */ svg, /** @type {AbortSignal} */ signal) {
      const elements = /** @type {any[]} */ (this.#all(".handle"));
      const movable = handles.map((part, index) => ({
        element: elements[index],
        visible: () => applies(part, this.#state),
        position: () => part.position(this.#state, this.#plane),
        move: (/** @type {import("./plane.js").Point} */ point, /** @type {string} */ source) =>
          this.#change(
            part.constrain(this.#state, this.#plane.clamped(point), this.#plane),
            source,
          ),
      }));
      const behind = backdrop && {
        position: () => backdrop.position(this.#state),
        move: (/** @type {import("./plane.js").Point} */ point, /** @type {string} */ source) =>
          this.#change(backdrop.constrain(this.#state, point), source),
      };
      this.#dragging = makeMovable(
        svg,
        this.#plane,
        movable,
        () => this.#settled(),
        signal,
        behind,
      );
      const observer = new ResizeObserver(([{ contentRect }]) => {
        if (contentRect.width === 0) return; // not laid out: in a closed panel, say
        this.#plane.width = contentRect.width;
        this.#drawWindow();
        this.#draw();
      });
      observer.observe(svg);
      signal.addEventListener("abort", () => observer.disconnect());
    }

    /** The elements of a selector. They are there for good, so each selector is looked up once. @returns {HTMLElement[]} */
    #all(/** @type {string} */ selector) {
      let found = this.#found.get(selector);
      if (!found) this.#found.set(selector, (found = [...this.#root.querySelectorAll(selector)]));
      return found;
    }

    #find(/** @type {string} */ selector) {
      return this.#all(selector)[0];
    }

    /** Listeners of the inside, which lives as long as the element. */
    #listen() {
      const root = this.#root;
      const on = (
        /** @type {string} */ type,
        /** @type {string} */ selector,
        /** @type {(target: any, event: Event) => void} */ act,
      ) =>
        root.addEventListener(type, (event) => {
          const target = /** @type {Element} */ (event.target).closest(selector);
          if (target) act(target, event);
        });
      on("click", ".reset", () => this.reset());
      on("click", ".play", () => (this.#frame ? this.#stop() : this.#play()));
      on("click", "[data-preset]", ({ dataset }) => this.#choose(this.#preset(dataset.preset)));
      on("click", "[data-copy]", ({ dataset }) => this.#copy(dataset.copy));
      on("change", "[data-extra]", () => {
        const chosen = [...root.querySelectorAll("[data-extra]:checked")].map(
          (box) => /** @type {HTMLElement} */ (box).dataset.extra,
        );
        this.#choose({ show: fields.show.check("show", chosen.join(" ")) });
      });
      on("input", "[data-field]", (input) => this.#take(input, () => this.#read(input)));
      on("input", "[data-source]", async (input) => {
        const text = input.files ? await input.files[0]?.text() : input.value;
        this.#take(input, () => sources[input.dataset.source].read(text ?? ""));
        if (input.files) this.#settled();
      });
      on("change", "[data-field], textarea[data-source]", () => this.#settled());
      const announce = (/** @type {any} */ { dataset, parentElement }, lit = true) =>
        announceTerm(parentElement.dataset.key, lit ? dataset.term : null);
      const piece = ".piece[data-term]";
      for (const type of ["pointerover", "focusin"]) on(type, piece, (part) => announce(part));
      on("click", piece, (part) => part.focus()); // a tap does not focus a button in every browser
      on("pointerout", piece, (part) => {
        const focused = root.querySelector(".piece:focus");
        announce(focused ?? part, Boolean(focused));
      });
      on("focusout", piece, (part) => announce(part, false));
      on("keydown", ".menu", (open, event) => {
        if (/** @type {KeyboardEvent} */ (event).key !== "Escape" || !open.open) return;
        open.open = false;
        open.querySelector("summary").focus();
      });
      on("focusout", ".menu", (open, event) => {
        const next = /** @type {FocusEvent} */ (event).relatedTarget;
        if (next && !open.contains(next)) open.open = false;
      });
      on("click", "summary", (summary) => {
        this.#closeMenus([summary.parentElement]);
        this.#offer();
      });
    }

    /** A link and a line to embed can be had only on a page. */
    #offer() {
      this.#find("[data-copy=link]").toggleAttribute("hidden", !this.id);
      this.#find("[data-copy=embed]").toggleAttribute("hidden", !scripts.length);
    }

    /** All but one among these. */
    #closeMenus(/** @type {EventTarget[]} */ kept) {
      for (const open of this.#root.querySelectorAll(".menu[open]"))
        if (!kept.includes(open)) open.removeAttribute("open");
    }

    /** Go to a state that the reader chose as a whole. */
    #choose(/** @type {State} */ state) {
      this.#place(state, "control");
      this.#settled();
    }

    /** A preset names what differs from the figure's own start; what is shown besides stays. @returns {State} */
    #preset(/** @type {string} */ name) {
      const { show } = this.#state;
      return { ...startOf(figure), ...(show !== undefined && { show }), ...figure.presets?.[name] };
    }

    /** What changes by a field's control. */
    #read(/** @type {HTMLInputElement} */ input) {
      const name = input.dataset.field ?? "";
      const part = controls.find(({ field }) => field === name);
      return {
        [name]: part?.place
          ? fields[name].check(name, part.place.from(Number(input.value)))
          : fields[name].parse(part?.rows ? part.label : name, input.value),
      };
    }

    /** Change what a control says, or say there why not. */
    #take(/** @type {HTMLInputElement} */ input, /** @type {() => State} */ read) {
      try {
        const patch = read();
        this.#complain(input, "");
        this.#change(patch, "control");
      } catch (error) {
        this.#complain(input, /** @type {Error} */ (error).message);
      }
    }

    /** Say at a control what is wrong: with what stands in it, or only beside other values. */
    #complain(
      /** @type {HTMLInputElement} */ input,
      /** @type {string} */ words,
      invalid = Boolean(words),
    ) {
      input.ariaInvalid = invalid ? "true" : null;
      const fault = input.parentElement?.querySelector(".gauss-fault");
      if (fault) setText(fault, words);
      return input;
    }

    #play() {
      if (!play) return;
      const { seconds, at, fraction } = play;
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      const from = fraction(this.#state) < 1 ? fraction(this.#state) : 0;
      const begin = performance.now() - from * 1000 * seconds;
      const step = (/** @type {number} */ now) => {
        const done = still ? 1 : Math.min(Math.max((now - begin) / (1000 * seconds), 0), 1);
        this.#change(at(done, this.#state), "animation");
        if (done < 1) this.#frame = requestAnimationFrame(step);
        else this.#stop();
      };
      this.#find(".play").setAttribute("aria-pressed", "true");
      this.#frame = requestAnimationFrame(step);
    }

    #stop() {
      if (!this.#frame) return;
      cancelAnimationFrame(this.#frame);
      this.#frame = 0;
      this.#find(".play").removeAttribute("aria-pressed");
      this.#settled();
    }

    async #copy(/** @type {string} */ what) {
      const text =
        what === "link"
          ? this.#address()
          : what === "python"
            ? figure.python(this.#state)
            : this.#embedding();
      // A page from an insecure address has no clipboard.
      const done = await navigator.clipboard?.writeText(text).then(
        () => true,
        () => false,
      );
      const area = /** @type {HTMLTextAreaElement} */ (this.#find(".sheet textarea"));
      area.value = text;
      area.hidden = false;
      if (!done) area.select();
      setText(this.#find(".copied"), done ? "Copied:" : "Copy this:");
    }

    #address() {
      return written(location.href, this.id, fields, this.#state, this.#start);
    }

    #embedding() {
      const attributes = names
        .map((name) => [name, fields[name].write(this.#state[name])])
        .filter(([, value]) => value !== "");
      const element = document.createElement(figure.tag);
      setAttributes(element, Object.fromEntries(attributes));
      const loaded = scripts.map((address) => {
        const script = document.createElement("script");
        setAttributes(script, { defer: "", charset: "utf-8", src: address });
        return script.outerHTML;
      });
      return loaded.join("") + element.outerHTML;
    }

    #note(/** @type {string} */ name, /** @type {string} */ words) {
      this.#notes[name] = words;
      const note = this.#find(".gauss-note");
      setText(note, Object.values(this.#notes).filter(Boolean).join(" "));
      note.toggleAttribute("hidden", !note.textContent);
    }

    /** Go to a state from outside; the window changes to fit it, though never under a moving finger. */
    #place(/** @type {State} */ patch, /** @type {string} */ source) {
      const differs = Object.entries(patch).some(
        ([name, value]) => fields[name].write(value) !== fields[name].write(this.#state[name]),
      );
      if (!differs) return this.#writeControls(patch);
      if (!this.#dragging()) {
        fit(figure, this.#plane, { ...this.#state, ...patch });
        if (this.#presence) this.#drawWindow();
      }
      this.#change(patch, source);
    }

    /** Make the window hold the state as it is. */
    #refit() {
      if (!figure.scene) return;
      fit(figure, this.#plane, this.#state);
      this.#drawWindow();
      this.#draw();
    }

    /** Every change of the state comes through here. */
    #change(/** @type {State} */ patch, /** @type {string} */ source) {
      this.#state = { ...this.#state, ...patch };
      this.#values = figure.values(this.#state);
      if (!this.#presence) return; // not in the page yet: nobody can see, and markup is no change
      this.#update(patch, source);
      if (
        this.#frame &&
        source !== "animation" &&
        play &&
        Object.keys(play.at(1, this.#state)).some((name) => name in patch)
      )
        this.#stop();
      if (source !== "link") share(this.#link, this.#member, patch);
      const state = Object.fromEntries(names.map((name) => [name, this.get(name)]));
      const detail = { source, ...state, values: this.values };
      this.dispatchEvent(new CustomEvent("change", { bubbles: true, composed: true, detail }));
    }

    #settled() {
      const lost = handles.some((part) => {
        const position = part.position(this.#state, this.#plane);
        return applies(part, this.#state) && `${this.#plane.clamped(position)}` !== `${position}`;
      });
      if (lost && this.#presence) this.#refit();
      settle(this.#link, this.#member);
      this.dispatchEvent(new CustomEvent("settle", { bubbles: true, composed: true }));
    }

    #light(/** @type {Lit} */ lit) {
      const shown = formulas.find(
        (part) => part.formula.key === lit?.formula && applies(part, this.#state),
      );
      this.#lit = shown && Object.hasOwn(shown.captions, lit?.term ?? "") ? lit : null;
      const inside = this.#find(".gauss-figure");
      if (this.#lit) inside.dataset.lit = this.#lit.term;
      else delete inside.dataset.lit;
      for (const part of this.#all(".piece[data-term]")) {
        const { dataset } = part;
        const key = /** @type {HTMLElement} */ (part.parentElement).dataset.key;
        part.classList.toggle(
          "is-lit",
          key === this.#lit?.formula && dataset.term === this.#lit?.term,
        );
      }
      this.#draw();
      this.#writeFormulas();
    }

    /** Write and draw everything that depends on the state, after this much of it has changed. */
    #update(patch = this.#state, source = "") {
      this.#showParts();
      if (this.#lit)
        this.#light(this.#lit); // its formula may have gone
      else this.#draw();
      this.#writeNumbers();
      this.#writeFormulas();
      this.#writeControls(patch, source);
    }

    /** What is there in this state, and what is not. */
    #showParts() {
      const parts = /** @type {[string, {when?: (state: State) => boolean}[]][]} */ ([
        [".gauss-readout > div", readout],
        [".handle", handles],
        [".gauss-panel", panels],
        [".gauss-control", [...sources, ...controls]],
        [".gauss-formula", formulas],
        [".play", play ? [play] : []],
        [".gauss-table", table ? [table] : []],
      ]);
      for (const [selector, list] of parts) {
        const elements = this.#all(selector);
        list.forEach(
          ({ when }, index) =>
            when && elements[index].toggleAttribute("hidden", !when(this.#state)),
        );
      }
      this.#find(".gauss-caption")?.toggleAttribute(
        "hidden",
        !formulas.some((part) => applies(part, this.#state)),
      );
    }

    #drawWindow() {
      const svg = this.#find(".gauss-plane");
      if (!svg) return;
      svg.setAttribute("viewBox", `0 0 ${this.#plane.width} ${this.#plane.height}`);
      if (!figure.bare) this.#find(".paper").innerHTML = grid(this.#plane, figure.line);
    }

    #draw() {
      const view = { plane: this.#plane, lit: this.#lit };
      if (figure.scene) this.#find(".scene").innerHTML = figure.scene(this.#state, view);
      if (figure.remark) setText(this.#find(".gauss-remark"), figure.remark(this.#state));
      const elements = this.#all(".handle");
      handles.forEach((part, index) => {
        if (!applies(part, this.#state)) return;
        setAttributes(elements[index], {
          transform: `translate(${this.#plane.toPixels(part.position(this.#state, this.#plane))})`,
          ...spoken(part, this.#state, this.#plane),
        });
      });
      const pictures = this.#all(".gauss-panel");
      panels.forEach((part, index) => {
        if (!applies(part, this.#state)) return;
        pictures[index].innerHTML = part.draw(this.#state, view);
        setAttributes(pictures[index], { "aria-label": labelOf(part, this.#state) });
      });
    }

    #writeNumbers() {
      for (const slot of this.#all("[data-value]"))
        setText(slot, formatted(this.#values[slot.dataset.value ?? ""]));
    }

    #writeFormulas() {
      const caption = this.#find(".gauss-caption");
      let words = REST;
      for (const {
        formula: { key },
        when,
        terms,
        whole,
        captions,
        rest,
      } of formulas) {
        if (when && !when(this.#state)) continue;
        const slots = /** @type {{[term: string]: number}} */ ({
          ...terms(this.#state),
          ...(whole && { "": whole(this.#state) }),
        });
        for (const slot of this.#all(`[data-key="${key}"] [data-slot]`))
          setText(slot, formatted(slots[slot.dataset.slot ?? ""]));
        if (this.#lit?.formula === key) words = captions[this.#lit.term]?.(this.#state) ?? REST;
        else if (rest && words === REST) words = rest(this.#state);
      }
      if (caption) setText(caption, words);
    }

    #writeControls(/** @type {State} */ patch, source = "") {
      const active = this.#root.activeElement;
      for (const { field, shown, place, rows, fault } of controls) {
        const input = /** @type {HTMLInputElement} */ (this.#find(`[data-field="${field}"]`));
        const words = (rows && shown?.(this.#state)) || fields[field].write(this.#state[field]);
        const value = place ? `${place.to(this.#state[field])}` : words;
        // Text that was typed stays until its value changes elsewhere: another spelling, or not legal yet.
        if (
          input.value !== value &&
          !(rows && ((input === active && source === "control") || !(field in patch)))
        )
          this.#complain(input, "").value = value;
        if (fault && !input.ariaInvalid) this.#complain(input, fault(this.#state), false);
        const output = input.parentElement?.querySelector("output");
        if (!output) continue;
        setText(output, shown?.(this.#state) ?? words);
        input.setAttribute("aria-valuetext", output.textContent ?? "");
      }
      if (!("show" in patch)) return;
      for (const box of /** @type {HTMLInputElement[]} */ (this.#all("[data-extra]")))
        box.checked = has(this.#state.show, box.dataset.extra ?? "");
    }
  }

  for (const name of names) {
    Object.defineProperty(FigureElement.prototype, name, {
      /** @this {FigureElement} */
      get() {
        return this.get(name);
      },
      /** @this {FigureElement} */
      set(value) {
        this.set(name, value);
      },
    });
  }
  return FigureElement;
}

/** The address of the runtime's own script on a page. */
const runtimeAddress = scriptAddress();

/**
 * Define the element of a figure. Pages, and notebooks for each of their widgets, may ask for that again.
 * @param {Definition} figure
 */
export function define(figure) {
  if (customElements.get(figure.tag)) return;
  const address = scriptAddress();
  customElements.define(figure.tag, elementOf(figure, address ? [runtimeAddress, address] : []));
}
