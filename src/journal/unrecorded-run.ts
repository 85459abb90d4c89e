import { join } from 'node:path'
import { writeNoBlob } from './file-store/blobs.ts'
import { createChain } from './file-store/chain.ts'
import type { RunWriter } from './run-writer.ts'

/** Writes nothing of a run, for where nothing can be kept. What steps leave as evidence goes to a folder that does not last. */
export function openUnrecordedRun(folder: string, run: string, why: string, now: () => Date): RunWriter {
  const chain = createChain(run, { seq: 0, head: '' }, now, async (write, fact) => {
    write(fact)
  })
  return {
    run,
    keeping: { at: 'nowhere', why, from: 1 },
    append: chain.append,
    head: chain.head,
    close: async () => undefined,
    openBlob: () => writeNoBlob('this run is not recorded'),
    evidenceFolder: step => join(folder, 'evidence', step),
    nameEvidence: (step, file) => `evidence/${step}/${file}`,
    async requestApproval() {
      throw new Error('this run is not recorded')
    },
    readApprovalRequest: async () => undefined,
    readSignature: async () => undefined,
    ask: async () => ({ answered: async () => undefined, settle: async answer => answer }),
    async *notes() {},
    cancelRequested: async () => undefined,
  }
}
