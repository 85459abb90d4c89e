import { giveOwnership, ownershipFor } from './ownership.ts'
import { resolveLinks } from './resolve-links.ts'
import type { Account } from './service-account.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

/**
 * Writes a small file of the deployment, whichever account does it: the file that is there keeps its owner, group and mode, and a new
 * one belongs to the owner of its folder. A link stays a link, and what it leads to is written. Throws an OwnershipError, and leaves the old one, when that cannot be.
 */
export async function replaceFile(path: string, content: string, mode = 0o666, account?: Account): Promise<void> {
  const file = resolveLinks(path)
  const wanted = ownershipFor(file, account)
  await writeFileAtomically(file, content, mode, ({ fd }) => giveOwnership(fd, file, wanted))
}
