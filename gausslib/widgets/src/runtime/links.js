/**
 * Figures with the same `link` on a page share their state: the fields of the same name and kind.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 *
 * @typedef {object} Member  a figure as its store knows it
 * @property {{[name: string]: Field}} fields
 * @property {(state: State) => void} follow  takes what another member has changed
 * @property {() => void} rest  keeps the state where it can be found again
 *
 * @typedef {object} Store
 * @property {Set<Member>} members
 * @property {Map<string, any>} shared  the values that the members share, by `keyOf`
 */

/** @type {Map<string, Store>} */
const stores = new Map();

/**
 * The name under which a member shares a field, or nothing if it does not.
 * @param {Member} member
 * @param {string} name
 */
function keyOf({ fields }, name) {
  const kind = fields[name]?.kind;
  return kind ? `${name} ${kind}` : undefined;
}

/**
 * The part of what is shared that a member has.
 * @param {Member} member
 * @param {Map<string | undefined, any>} shared
 */
function known(member, shared) {
  const names = Object.keys(member.fields).filter((name) => shared.has(keyOf(member, name)));
  return Object.fromEntries(names.map((name) => [name, shared.get(keyOf(member, name))]));
}

/**
 * The part of a member's state that it shares.
 * @param {Member} member
 * @param {State} state
 * @returns {Map<string, any>}
 */
function sharedPart(member, state) {
  const part = new Map();
  for (const [name, value] of Object.entries(state)) {
    const key = keyOf(member, name);
    if (key) part.set(key, value);
  }
  return part;
}

/**
 * Enters a store. The newcomer follows what the others share, and brings in the rest of its state.
 * @param {string} link
 * @param {Member} member
 * @param {State} state
 */
export function join(link, member, state) {
  const store = stores.get(link) ?? { members: new Set(), shared: new Map() };
  stores.set(link, store);
  member.follow(known(member, store.shared));
  store.members.add(member);
  for (const [key, value] of sharedPart(member, state))
    if (!store.shared.has(key)) store.shared.set(key, value);
}

/**
 * @param {string} link
 * @param {Member} member
 */
export function leave(link, member) {
  const store = stores.get(link);
  store?.members.delete(member);
  if (!store?.members.size) stores.delete(link);
}

/**
 * A member has changed: the others follow.
 * @param {string} link
 * @param {Member} member
 * @param {State} state  what has changed
 */
export function share(link, member, state) {
  const store = stores.get(link);
  if (!store) return;
  const news = sharedPart(member, state);
  for (const [key, value] of news) store.shared.set(key, value);
  for (const other of store.members) if (other !== member) other.follow(known(other, news));
}

/**
 * A gesture has ended: all keep where they are, the one that was moved last.
 * @param {string} link
 * @param {Member} member
 */
export function settle(link, member) {
  for (const each of [...(stores.get(link)?.members ?? []), member]) each.rest();
}
