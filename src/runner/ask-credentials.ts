import { formatDuration, parseDuration } from '../base/index.ts'
import type { StepResult } from '../journal/index.ts'
import type { Step } from '../procedure/index.ts'
import type { Run } from './run.ts'

/** What a credential is asked for: one try of one step, by one person. */
export interface CredentialAsk {
  /** The secret, by its name in the environment. */
  readonly secret: string
  /** Who runs it, as far as that is known, and the account that the runner has. */
  readonly person: string
  readonly account: string
  readonly run: string
  /** The page's path. */
  readonly page: string
  readonly step: string
  /** SHA-256 of the block that gets it. */
  readonly block: string
  readonly environment: string
  /** How long the step may take, in seconds. */
  readonly seconds: number
  /** What somebody approved for this step, and their signature of it. */
  readonly approval?: SignedApproval
}

/** What an approver signed, and the signature. */
export interface SignedApproval {
  readonly text: string
  readonly signature: string
}

/**
 * Asks for the credentials that are issued for one step, right before it begins. They are hidden from then on, and kept nowhere. A step that
 * only reads gets none. When one is refused, or ends before the step may, the step does not begin.
 */
export async function askCredentials(
  run: Run,
  step: Step,
): Promise<{ readonly credentials: Readonly<Record<string, string>> } | { readonly refused: StepResult }> {
  const { request, ports } = run
  const { environment, procedure, by, claims } = request
  const issued = Object.entries(environment.secrets).filter(([, { issue }]) => issue !== undefined)
  const credentials: Record<string, string> = {}
  if (step.risk === 'read') return { credentials }
  for (const [secret, { lifetime }] of issued) {
    const lasts = parseDuration(lifetime ?? '') ?? Number.POSITIVE_INFINITY
    if (step.timeout > lasts)
      return refuse(
        `it may take ${formatDuration(step.timeout)}, and its credential ${secret} lasts ${formatDuration(lasts)}`,
        'Give the step a shorter timeout, or the secret a longer lifetime',
      )
    const approval = run.approvals.get(step.id)
    try {
      const value = await ports.issue?.(
        {
          secret,
          person: run.person ?? claims ?? by.user,
          account: by.user,
          run: ports.writer.run,
          page: procedure.path,
          step: step.id,
          block: step.block.hash,
          environment: environment.name,
          seconds: step.timeout / 1000,
          ...(approval === undefined ? {} : { approval }),
        },
        ports.signal,
      )
      if (value === undefined) return refuse(`nothing here issues its credential ${secret}`)
      run.hide(value)
      credentials[secret] = value
    } catch (error) {
      if (ports.signal.aborted) return { refused: { status: 'cancelled', begun: false } }
      return refuse(`no credential was issued: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  return { credentials }
}

function refuse(message: string, hint?: string): { readonly refused: StepResult } {
  return { refused: { status: 'failed', begun: false, error: { message, ...(hint === undefined ? {} : { hint }) } } }
}
