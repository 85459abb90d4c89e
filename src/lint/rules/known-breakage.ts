import { describeUnknown } from '../describe-unknown.ts'
import { findArea } from '../references/assessed-area.ts'
import { type Rule, violation } from '../rule.ts'

/** That a check can fail can be proven. */
export const knownBreakage: Rule = {
  id: 'known-breakage',
  severity: 'error',
  summary: 'The lab knows each mutation that must make a check fail',
  hint: 'Give the lab that mutation, or correct the name',
  checkReferences(page, facts) {
    if (!findArea(page, facts)) return []
    const known = facts.readiness?.mutations ?? []
    const checks = page.procedure.phases.flatMap(({ steps }) => steps)
    return checks.flatMap(({ breaks, block }) =>
      breaks.flatMap(name =>
        known.includes(name)
          ? []
          : violation(block.fence, `The lab knows no mutation ${name}`, describeUnknown(name, known)),
      ),
    )
  },
}
