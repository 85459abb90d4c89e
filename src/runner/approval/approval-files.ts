import { join } from 'node:path'

/** The namespace of our SSH signatures: one made for something else is worth nothing here. */
export const NAMESPACE = 'upload-bridge-handbook'

/** The folder, in a run's own, in which approvals are asked for and given. */
export function approvalsOf(folder: string): string {
  return join(folder, 'approvals')
}

/** What is to be signed. */
export function requestFile(folder: string, step: string): string {
  return join(approvalsOf(folder), `${step}.txt`)
}

/** Where `ssh-keygen -Y sign` puts its signature of that file. */
export function signatureFile(folder: string, step: string): string {
  return `${requestFile(folder, step)}.sig`
}
