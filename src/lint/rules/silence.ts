import { formatDuration, parseDuration } from '../../base/index.ts'
import type { Step } from '../../procedure/index.ts'
import { describeUnknown, type Rule, type Violation, violation } from '../rule.ts'
import { placeInBlock } from '../shell/read-shell.ts'

/** What a step silences can be known, and ends. */
export const silenceEnds: Rule = {
  id: 'silence-ends',
  severity: 'error',
  summary: 'What a step silences are alerts that there are, and it says for how long at most',
  hint: 'Write temporary silences=30m behind the language, and a step with undoes=ID',
  checkPage: ({ procedure }, { alerts }) =>
    procedure.phases.flatMap(({ steps }) => steps.flatMap(step => judgeSilences(step, alerts))),
}

/** Calls of the verb in both languages, as far as they are written out: the names, and for how long. */
const CALLS = {
  bash: /\bhb\s+silence\s+--alert\s+(?<names>["']?[\w,]+["']?)\s+--for\s+(?<span>["']?[$\w{}]+["']?)/dg,
  ts: /(?<![.\w])silence\(\s*(?<names>\[[^\]]*\]|'[^']*'|"[^"]*")\s*,\s*(?<span>'\w+'|"\w+")?/dg,
} as const

function judgeSilences(step: Step, alerts: readonly string[] | undefined): Violation[] {
  const { block, risk, temporary, silences } = step
  if (silences !== undefined && (!temporary || risk === 'read'))
    return [violation(block.fence, 'silences= stands in a step that is not temporary', { expected: 'temporary' })]
  return [...block.code.matchAll(CALLS[block.language])].flatMap(({ groups, indices, index }) => {
    const place = placeInBlock(block, index)
    if (silences === undefined) {
      const message = `The step “${step.title}” does not say for how long it silences at most`
      return [violation(place, message, { expected: 'temporary silences=30m' })]
    }
    const span = parseDuration(groups?.span?.replace(/["']/g, '') ?? '') ?? 0
    const [from = index] = indices?.groups?.names ?? []
    const unknown = [...(groups?.names ?? '').matchAll(/\w+/g)].filter(([name]) => alerts && !alerts.includes(name))
    return [
      ...unknown.map(({ 0: name, index: at }) =>
        violation(
          placeInBlock(block, from + at),
          `No rule file has an alert ${name}`,
          describeUnknown(name, alerts ?? []),
        ),
      ),
      ...(span > silences
        ? [violation(place, `It silences for longer than ${formatDuration(silences)}, which the step says at most`)]
        : []),
    ]
  })
}
