import { defectiveRelease } from '../kit/defective-release.ts'

/** More is done before the first answer with every release. */
export const slowStart = defectiveRelease({
  name: 'slow-start',
  title: 'The API takes long to start',
  summary: 'A release spends 11 seconds before it listens',
  code: `Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 11_000)`,
})
