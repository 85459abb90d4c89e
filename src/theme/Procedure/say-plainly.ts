/** The summary of an alert without labels: only a firing alert has values for them. */
export function sayPlainly(summary: string): string {
  return summary.replaceAll(/\{\{.*?\}\} ?/g, '')
}
