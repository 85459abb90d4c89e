import type { CheckProof, TrialVerdict } from '../../src/readiness/index.ts'
import type { createHandbook } from './handbook.ts'

/** What a proof of checks gave. */
export interface Answer {
  readonly checks: readonly CheckProof[]
  readonly mutations: readonly TrialVerdict[]
  readonly exitCode: number | undefined
}

/** Proves checks of a handbook. */
export async function proveIn(
  handbook: Awaited<ReturnType<typeof createHandbook>>,
  ...args: readonly string[]
): Promise<Answer> {
  const { stdout, stderr, exitCode } = await handbook.run('assess', '--prove', '--json', ...args)
  if (stdout === '') throw new Error(stderr)
  return { ...JSON.parse(stdout), exitCode }
}

/** A check of an assessment page. */
export function check(id: string, meta: string, code: string): string {
  return `### It is so: ${id} <!-- #${id} -->\n\n\`\`\`bash ${meta}\n${code}\n\`\`\`\n`
}

/** An assessment page. */
export function page(area: string, ...checks: readonly string[]): string {
  return `---\ntitle: Page\narea: ${area}\nitems: {}\n---\n\n## Checks\n\n${checks.join('\n')}`
}
