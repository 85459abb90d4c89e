import { giveOwnership, ownershipFor } from './ownership.ts'
import { writeFileAtomically } from './write-file-atomically.ts'

/**
 * Writes a small file of the deployment, whichever account does it: the file that is there keeps its owner, group and mode, and a new
 * one belongs to the owner of its folder. Throws an OwnershipError, and leaves the old one, when that cannot be.
 */
export async function replaceFile(path: string, content: string, mode = 0o666): Promise<void> {
  const wanted = ownershipFor(path)
  await writeFileAtomically(path, content, mode, file => giveOwnership(file.fd, path, wanted))
}
