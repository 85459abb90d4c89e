// The worker's program as it is installed. It loads the worker's bundle, which V8 compiled when it was built.
import { join } from 'node:path'
import { loadBundle } from './load-bundle.ts'

loadBundle(join(__dirname, 'worker-blocks.cjs'))
