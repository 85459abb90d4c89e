const SPACE = /[ \t\r\n]*/y
// biome-ignore lint/suspicious/noControlCharactersInRegex: a string in JSON may not hold them
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y
const SCALAR = /(?:-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.])/y
/** What is nested deeper is taken for a fault. */
const DEEPEST = 500

/** Where a text stops being JSON: an offset; nothing when it is JSON. What `JSON.parse` says of it often names no place. */
export function findJsonFault(text: string): number | undefined {
  let at = 0
  const take = (pattern: RegExp): boolean => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    at += found?.[0].length ?? 0
    return found !== null
  }
  const takeMark = (mark: string): boolean => {
    take(SPACE)
    if (!text.startsWith(mark, at)) return false
    at += mark.length
    return true
  }
  const takeList = (end: string, takeEntry: () => boolean): boolean => {
    if (takeMark(end)) return true
    do if (!takeEntry()) return false
    while (takeMark(','))
    return takeMark(end)
  }
  const takeKey = (): boolean => {
    take(SPACE)
    return take(STRING) && takeMark(':')
  }
  const takeValue = (depth: number): boolean => {
    if (depth > DEEPEST) return false
    if (takeMark('{')) return takeList('}', () => takeKey() && takeValue(depth + 1))
    if (takeMark('[')) return takeList(']', () => takeValue(depth + 1))
    return take(STRING) || take(SCALAR)
  }
  const whole = takeValue(0)
  take(SPACE)
  return whole && at === text.length ? undefined : at
}
