import type { Fault } from '../fault.ts'

/** Every fault that the lab can bring about. */
export const faults: readonly Fault[] = []
