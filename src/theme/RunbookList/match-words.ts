import type { ProcedureCard, SymptomCard } from '../../plugin/index.ts'

/** The procedures that contain every word that was typed. Those come first that have the words in their title or their alerts. */
export function matchWords(procedures: readonly ProcedureCard[], typed: string): readonly ProcedureCard[] {
  const words = split(typed)
  if (words.length === 0) return procedures
  return procedures
    .map(procedure => ({ procedure, score: rate(procedure, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ procedure }) => procedure)
}

/** The symptoms that contain every word that was typed. Those come first that have the words in their own sentence. */
export function matchSymptoms(symptoms: readonly SymptomCard[], typed: string): readonly SymptomCard[] {
  const words = split(typed)
  if (words.length === 0) return []
  return symptoms
    .map(symptom => {
      const title = normalize(symptom.title)
      const all = `${title} ${normalize(symptom.runbooks.map(runbook => runbook.title).join(' '))}`
      return {
        symptom,
        score: words.every(word => title.includes(word)) ? 2 : words.every(word => all.includes(word)) ? 1 : 0,
      }
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ symptom }) => symptom)
}

/** How well a procedure matches: 0 when a word is nowhere. A word counts most in the title or the alerts, and least in prose. */
function rate({ id, title, alerts, keywords, meaning, impact, drills }: ProcedureCard, words: string[]): number {
  const fields: [number, string][] = [
    [5, [id, title, ...alerts.map(({ name }) => name)].join(' ')],
    [3, [...keywords, ...alerts.map(({ summary }) => summary ?? ''), ...drills.map(({ fault }) => fault)].join(' ')],
    [1, `${meaning} ${impact}`],
  ]
  const weighted = fields.map(([weight, text]) => [weight, normalize(text)] as const)
  const scores = words.map(word => Math.max(0, ...weighted.map(([weight, text]) => (text.includes(word) ? weight : 0))))
  return scores.includes(0) ? 0 : scores.reduce((sum, score) => sum + score, 0)
}

function split(text: string): string[] {
  return normalize(text).split(/\s+/).filter(Boolean)
}

/** The text in lower case. An alert's name is added as single words, so that both `WebDiskFilling` and `disk filling` are found. */
function normalize(text: string): string {
  const plain = text.toLowerCase()
  const apart = text.replaceAll(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  return plain === apart ? plain : `${plain} ${apart}`
}
