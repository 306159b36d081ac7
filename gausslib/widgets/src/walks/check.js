/**
 * What a walk says, held against the numbers of its figure: each step from the one before it.
 *
 * @typedef {import("../runtime/figure.js").Definition} Definition
 * @typedef {import("../runtime/fields.js").State} State
 * @typedef {import("./claims.js").Claim} Claim
 *
 * @typedef {object} Step  a step as it is written
 * @property {{[field: string]: string} | null} state  what it sets, the rest as at the start; null
 *     if it leaves the figure as it is
 * @property {string[]} claims  what becomes so
 * @property {string[]} goals  what the reader shall bring about
 * @property {string[]} choices  what a reader may foresee: one is so
 *
 * @typedef {object} Answer
 * @property {string} formal
 * @property {string} numbers
 * @property {boolean} isSo
 *
 * @typedef {object} Checked
 * @property {string[]} faults
 * @property {Answer[]} claims
 * @property {Answer[]} goals
 * @property {Answer[]} choices
 */
import { claimOf, numbersOf } from "./claims.js";
import { vocabulary } from "./quantities.js";

/**
 * @param {Definition} figure
 * @param {State} start  the figure as it stands in the page
 * @param {Step[]} steps
 * @returns {Checked[]}
 */
export function checkWalk(figure, start, steps) {
  const states = [start];
  return steps.map((step, index) => {
    const earlier = states[index];
    states.push(earlier);
    /** @type {Checked} */
    const checked = { faults: [], claims: [], goals: [], choices: [] };
    try {
      if (step.state) states[index + 1] = { ...start, ...parsed(figure, step.state) };
      const state = states[index + 1];
      for (const kind of /** @type {const} */ (["claims", "goals", "choices"]))
        for (const words of step[kind])
          checked[kind].push(answer(claimOf(words, vocabulary(figure, state)), states));
      checked.faults = faultsOf(step, checked, states, figure);
    } catch (error) {
      checked.faults.push(/** @type {Error} */ (error).message);
    }
    return checked;
  });
}

/**
 * What a link says of a figure; what is not legal is an error.
 * @param {Definition} figure
 * @param {{[field: string]: string}} given
 */
export function parsed({ fields }, given) {
  const read = Object.entries(given).map(([name, text]) => {
    if (!Object.hasOwn(fields, name)) throw new RangeError(`the figure has no field ${name}`);
    return [name, fields[name].parse(name, text)];
  });
  return Object.fromEntries(read);
}

/**
 * @param {Claim} claim
 * @param {State[]} states  those of the steps up to this one, the start first
 * @returns {Answer}
 */
function answer(claim, states) {
  const last = states.length - 1;
  const since = claim.since ?? last - 1;
  if (since >= last) throw new RangeError(`there is no step ${since} before this one`);
  const [state, earlier] = [states[last], states[since]];
  return {
    formal: claim.formal,
    numbers: numbersOf(claim, state, earlier),
    isSo: claim.holds(state, earlier),
  };
}

/**
 * @param {Step} step
 * @param {Checked} checked
 * @param {State[]} states
 * @param {Definition} figure
 */
function faultsOf(step, { claims, goals, choices }, states, figure) {
  const faults = claims.flatMap(({ formal, numbers, isSo }, index) =>
    isSo ? [] : [`"${step.claims[index]}" is not so: ${formal}${numbers}`],
  );
  goals.forEach(({ formal, numbers, isSo }, index) => {
    const words = step.goals[index];
    const earlier = states[states.length - 2];
    if (!step.state) faults.push(`the goal "${words}" has no link to a state that reaches it`);
    if (!isSo) faults.push(`the goal "${words}" is not reached: ${formal}${numbers}`);
    if (claimOf(words, vocabulary(figure, earlier)).holds(earlier, earlier))
      faults.push(`the goal "${words}" is reached before anything is done`);
  });
  const count = choices.filter(({ isSo }) => isSo).length;
  if (choices.length && count !== 1)
    faults.push(`${count} of the choices are so: ${choices.map(({ numbers }) => numbers)}`);
  if (!claims.length && !goals.length && !choices.length)
    faults.push("it says nothing that can be checked");
  return faults;
}
