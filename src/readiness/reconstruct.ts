import type { Assessment, CheckResult } from './assessment.ts'

/** What was broken on purpose, so that a deployment is what was claimed of it once. */
export type Reconstruction = NonNullable<Assessment['reconstruction']>

/** The checks that count in a reconstruction: those that guard what was broken. What nobody broke is not what was there then. */
export function chooseReconstructed(
  checks: readonly CheckResult[],
  { made }: Pick<Reconstruction, 'made'>,
): readonly CheckResult[] {
  return checks.filter(({ breaks }) => breaks.some(name => Object.hasOwn(made, name)))
}

/** Why an item is unknown in a reconstruction: nothing that its checks guard was broken. */
export function explainNotReconstructed(
  checks: readonly CheckResult[],
  { leftOut }: Pick<Reconstruction, 'leftOut'>,
): string {
  const names = new Set(checks.flatMap(({ breaks }) => breaks))
  const reasons = Object.entries(leftOut).flatMap(([name, why]) => (names.has(name) ? [`${name}: ${why}`] : []))
  return ['not reconstructed: nothing that its checks guard was broken', ...reasons].join('; ')
}
