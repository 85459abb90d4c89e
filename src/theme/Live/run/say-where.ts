import { formatDuration } from '../../../base/pure.ts'
import { findStepNow, type RunView } from './fold-messages.ts'
import { canResume } from './judge-take-up.ts'

/** Where the run is, in a line that a screen reader says. */
export function sayWhere(
  view: RunView,
  why: { readonly reads: boolean; readonly shut: boolean; readonly waits: boolean },
): string {
  const { state, questions } = view
  const [question] = questions
  if (state.outcome !== undefined) return `${capitalize(state.outcome.replace('-', ' '))}: the run has ended.`
  if (view.broken !== undefined)
    return canResume(view) ? 'Nobody runs this any more. It can be resumed.' : 'Nothing more is heard of this run.'
  if (why.shut) return 'Shut until the server is heard again.'
  if (question) {
    if (why.waits) return 'Sent. Waiting for the run …'
    return why.reads ? `${question.message} You may read, not answer.` : question.message
  }
  const id = findStepNow(view)
  const at = state.steps.findIndex(step => step.id === id)
  const step = state.steps[at]
  if (!step) return 'The run begins …'
  return `${step.status === 'running' ? 'Runs' : 'Ran'}: ${step.title}`
}

/** How long the step has run, and how long it may. */
export function sayElapsed({ state, stepStarted, limits }: RunView, serverTime: number): string {
  const running = state.steps.find(({ status }) => status === 'running')
  if (!running || stepStarted === undefined) return ''
  const limit = limits.get(running.id)
  const elapsed = formatDuration(Math.floor(Math.max(0, serverTime - Date.parse(stepStarted)) / 1000) * 1000)
  return `${elapsed.replace(/^0 ms$/, '0 s')}${limit === undefined ? '' : ` of at most ${formatDuration(limit)}`}`
}

function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`
}
