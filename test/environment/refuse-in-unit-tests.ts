/** Throws in a test of the project `unit`: those build and start nothing of ours, so that all of them take seconds. */
export function refuseInUnitTests(): void {
  if (process.env.TEST_PROJECT === 'unit')
    throw new Error('A unit test builds no programs: name this one NAME.process.test.ts, or NAME.lab.test.ts')
}
