import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'

/** Where environments stand in the text of `handbook.yaml`. */
export function readEnvironmentPlaces(
  text: string,
): (environment: string) => { readonly line: number; readonly column: number } {
  const counter = new LineCounter()
  const map = parseDocument(text, { lineCounter: counter }).getIn(['environments'], true)
  return environment => {
    const pair = isMap(map) ? map.items.find(({ key }) => isScalar(key) && key.value === environment) : undefined
    const { line, col } = counter.linePos((isScalar(pair?.key) ? pair.key.range?.[0] : undefined) ?? 0)
    return { line, column: col }
  }
}
