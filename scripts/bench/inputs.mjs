// How long `handbook prove --inputs` takes for all pages of this handbook, which is part of `npm test`.
//
//   npm run bench -- inputs
//   npm run bench -- inputs --json
import { spawnSync } from 'node:child_process'
import { printRows } from './print-rows.mjs'
