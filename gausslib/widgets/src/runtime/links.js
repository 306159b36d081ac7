/**
 * Figures with the same `link` on a page share their state: the fields of the same name and kind.
 *
 * @typedef {import("./fields.js").Field} Field
 * @typedef {import("./fields.js").State} State
 * @typedef {{fields: {[name: string]: Field}, follow: (state: State) => void, write: () => void}} Member
 */

/** @type {Map<string, {members: Set<Member>, shared: Map<string, any>}>} */
const stores = new Map();

const keyOf = (/** @type {Member} */ { fields }, /** @type {string} */ name) =>
  fields[name]?.kind && `${name} ${fields[name].kind}`;

/** The part of what is shared that a member has. */
function known(/** @type {Member} */ member, /** @type {Map<string, any>} */ shared) {
  const names = Object.keys(member.fields).filter((name) => shared.has(keyOf(member, name)));
  return Object.fromEntries(names.map((name) => [name, shared.get(keyOf(member, name))]));
}

/** Enter a store. The newcomer follows what the others share, and brings in the rest of its state. */
export function join(
  /** @type {string} */ link,
  /** @type {Member} */ member,
  /** @type {State} */ state,
) {
  const store = stores.get(link) ?? { members: new Set(), shared: new Map() };
  stores.set(link, store);
  member.follow(known(member, store.shared));
  store.members.add(member);
  for (const [name, value] of Object.entries(state)) {
    const key = keyOf(member, name);
    if (key && !store.shared.has(key)) store.shared.set(key, value);
  }
}

export function leave(/** @type {string} */ link, /** @type {Member} */ member) {
  const store = stores.get(link);
  store?.members.delete(member);
  if (!store?.members.size) stores.delete(link);
}

/** A member has changed: the others follow. */
export function share(
  /** @type {string} */ link,
  /** @type {Member} */ member,
  /** @type {State} */ state,
) {
  const store = stores.get(link);
  if (!store) return;
  const news = new Map();
  for (const [name, value] of Object.entries(state)) {
    const key = keyOf(member, name);
    if (key) news.set(key, value);
  }
  for (const [key, value] of news) store.shared.set(key, value);
  for (const other of store.members) if (other !== member) other.follow(known(other, news));
}

/** A gesture has ended: all write where they are, the one that was moved last. */
export function settle(/** @type {string} */ link, /** @type {Member} */ member) {
  for (const each of [...(stores.get(link)?.members ?? []), member]) each.write();
}
