import type { Procedure } from '../../procedure/index.ts'
import type { TriedStep } from './try-page.ts'

/** Why a page says that such a word of a step is right, if it does. */
export function findWaiver({ waivers }: Procedure, step: string, today: string): string | undefined {
  return waivers.find(
    ({ rule, step: waived, until }) => rule === RULE && waived === step && until !== undefined && until >= today,
  )?.reason
}

/** The rule of src/lint that a page waives. */
const RULE = 'false-word'

/** What is false about how a step ended, if anything. A step that asked nothing may say what it likes. */
export function judge({ status, phase, asked, reason }: TriedStep, { kind }: Procedure): string | undefined {
  if (asked === false) return undefined
  if (status === 'ruled-out') return `rules its cause out (“${reason ?? ''}”)`
  // What is not there cannot tell that it was asked.
  if (status !== 'passed' || asked === undefined) return undefined
  switch (phase) {
    case 'checks':
      return 'passes as a check'
    case 'verify':
      return 'passes as a verification'
    case 'mitigate':
      return 'passes as a mitigation'
    case 'roll-back':
      return 'passes as a roll-back'
    case 'procedure':
      return kind === 'guide' ? 'passes' : undefined
    case 'diagnose':
      return undefined
    default:
      return phase satisfies never
  }
}
