// Written by scripts/write-indexes.mjs: what is added to this folder is in it after npm run build:cli.
import type { WorkspaceMutation } from '../../../lab-port/index.ts'
import * as doc from './doc.ts'
import * as gate from './gate.ts'
import * as ops from './ops.ts'
import * as sec from './sec.ts'

const areas: readonly Readonly<Record<string, () => WorkspaceMutation>>[] = [doc, gate, ops, sec]

/** Mutations of the repository itself, for checks of gates and of pages; they act on a copy. */
export const workspaceMutations: readonly WorkspaceMutation[] = areas.flatMap(area =>
  Object.values(area).map(make => make()),
)
