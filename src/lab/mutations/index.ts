// Written by scripts/write-indexes.mjs: what is added to this folder is in it after npm run build:cli.
import type { Fault } from '../kit/fault.ts'
import * as auth from './auth.ts'
import * as bak from './bak.ts'
import * as conf from './conf.ts'
import * as doc from './doc.ts'
import * as health from './health.ts'
import * as log from './log.ts'
import * as ops from './ops.ts'
import * as perf from './perf.ts'
import * as sec from './sec.ts'

const areas: readonly Readonly<Record<string, () => Fault>>[] = [auth, bak, conf, doc, health, log, ops, perf, sec]

/** Each takes away a property of the deployment that a check of the readiness assessment guards. */
export const mutations: readonly Fault[] = areas.flatMap(area => Object.values(area).map(make => make()))
