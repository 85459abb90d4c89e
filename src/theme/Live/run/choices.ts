import type { OpenQuestion } from '../../../journal/index.ts'

/** An answer to a question, as a button. */
export interface Choice {
  readonly choice: string
  readonly label: string
  /** Where its button is: what goes on, what cannot be rolled back, or all else. They never share a place. */
  readonly place: 'main' | 'danger' | 'side'
  /** Whether it wants a reason. */
  readonly reasoned: boolean
}

const LABELS: Readonly<Record<string, string>> = {
  run: 'Run',
  retry: 'Retry',
  skip: 'Skip …',
  back: 'Back',
  'to-end': 'Run to the end …',
  'roll-back': 'Roll back',
}

/** The buttons of a question, in its order. Stop is not among them: it is always there, at a place of its own. */
export function listChoices({ choices, withReason }: OpenQuestion, risk: string | undefined): Choice[] {
  return choices
    .filter(choice => choice !== 'stop')
    .map(choice => ({
      choice,
      label: nameChoice(choice, choices, risk),
      place: placeOf(choice, risk),
      reasoned: withReason.includes(choice),
    }))
}

function nameChoice(choice: string, choices: readonly string[], risk: string | undefined): string {
  if (choice === 'run' && risk === 'danger') return 'Run: no way back'
  // After a diagnosis that failed the run goes on; after a change that failed it is over.
  if (choice === 'end') return choices.includes('roll-back') ? 'Give up' : 'Continue'
  return LABELS[choice] ?? choice
}

function placeOf(choice: string, risk: string | undefined): Choice['place'] {
  if (choice !== 'run' && choice !== 'retry') return 'side'
  return risk === 'danger' ? 'danger' : 'main'
}

/** Milliseconds for which a button does nothing after it appeared: nobody meant it who pressed before they could read it. */
export function armAfter({ place }: Choice): number {
  return place === 'danger' ? 1000 : 500
}
