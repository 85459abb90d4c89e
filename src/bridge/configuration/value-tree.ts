/** The value at a path of nested objects; undefined when there is none. */
export function valueAt(tree: unknown, [name, ...rest]: readonly string[]): unknown {
  if (name === undefined) return tree
  return isRecord(tree) ? valueAt(tree[name], rest) : undefined
}

/** The tree with a new value at a path. `undefined` removes the value. A value on the way that is not an object is replaced by one. */
export function withValueAt(tree: unknown, [name, ...rest]: readonly string[], value: unknown): unknown {
  if (name === undefined) return value
  const record = isRecord(tree) ? tree : {}
  const { [name]: before, ...others } = record
  const after = withValueAt(before, rest, value)
  if (after === undefined) return others
  return { ...record, [name]: after }
}

/** Changes the value at a path of a tree that we own. The path's parent must exist. */
export function setValueAt(tree: object, path: readonly string[], value: unknown): void {
  const parent = valueAt(tree, path.slice(0, -1))
  const name = path.at(-1)
  if (isRecord(parent) && name !== undefined) parent[name] = value
}

/** Applies one tree to another: objects are joined, and any other value is replaced. */
export function layOver(below: unknown, above: unknown): unknown {
  if (above === undefined || above === null) return below
  if (!isRecord(below) || !isRecord(above)) return above
  const names = new Set([...Object.keys(below), ...Object.keys(above)])
  return Object.fromEntries([...names].map(name => [name, layOver(below[name], above[name])]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
