// The worker's program as it is installed: its bundle, loaded from what V8 made of it.
import { join } from 'node:path'
import { loadBundle } from './load-bundle.ts'

loadBundle(join(__dirname, 'worker-blocks.cjs'))
