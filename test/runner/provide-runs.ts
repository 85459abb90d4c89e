import { afterAll, beforeAll } from 'vitest'
import { bundleWorker } from '../execute/bundles.ts'
import { createRuns } from './run-page.ts'

type Runs = Pick<ReturnType<typeof createRuns>, 'root' | 'run'>

/** Runs with the worker as it is installed, made before the tests of a file and gone after them. */
export function provideRuns(): Runs {
  let bundles: Awaited<ReturnType<typeof bundleWorker>> | undefined
  let runs: ReturnType<typeof createRuns> | undefined
  beforeAll(async () => {
    bundles = await bundleWorker()
    runs = createRuns(bundles.folder)
  })
  afterAll(async () => {
    runs?.remove()
    await bundles?.remove()
  })
  const made = () => {
    if (!runs) throw new Error('Runs are there only while tests run')
    return runs
  }
  return {
    get root() {
      return made().root
    },
    run: (text, options) => made().run(text, options),
  }
}
