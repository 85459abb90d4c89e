/** Prints what was measured, and its goals: as a table, or as JSON. Every row is `{name, value, unit, goal}`, and is missed above its goal. */
export function printRows(rows, json) {
  if (json) {
    console.log(JSON.stringify({ rows }))
    return
  }
  for (const { name, value, unit, goal } of rows)
    console.log(`${name.padEnd(60)} ${String(value).padStart(8)} ${unit.padEnd(20)} goal ≤ ${goal}`)
}

/** The middle one of some numbers. */
export function medianOf(numbers) {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1]
}
