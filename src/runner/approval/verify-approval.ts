import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../environments/index.ts'

/** The namespace of our SSH signatures: one made for something else is worth nothing here. */
export const NAMESPACE = 'handbook'

/** Whose approval a signature is, or why it is nobody's. */
type Verdict = { readonly approver: string } | { readonly problem: string }

/** Verifies an SSH signature of a text against an environment's approvers; whoever runs the procedure cannot approve it. */
export async function verifyApproval(
  { approvers, name }: Pick<Environment, 'approvers' | 'name'>,
  runner: string,
  text: string,
  signature: string,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-approval-'))
  try {
    const signers = join(folder, 'signers')
    const file = join(folder, 'signature')
    writeFileSync(signers, listSigners(approvers))
    writeFileSync(file, signature)
    const found = await callKeygen(['-Y', 'find-principals', '-s', file, '-f', signers], '')
    if (found.code === 'missing') return { problem: 'ssh-keygen is not installed here (Debian: openssh-client)' }
    const known = found.stdout.split('\n').filter(Boolean)
    if (known.length === 0) return { problem: `it is not signed by an approver of ${name}` }
    for (const approver of known.filter(approver => approver !== runner)) {
      const args = ['-Y', 'verify', '-f', signers, '-I', approver, '-n', NAMESPACE, '-s', file]
      if ((await callKeygen(args, text)).code === 0) return { approver }
    }
    return known.every(approver => approver === runner)
      ? { problem: `${runner} runs this, and cannot approve it` }
      : { problem: `the signature of ${known.join(', ')} is not one of this request` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** The approvers as ssh-keygen knows them: a line for each key. */
function listSigners(approvers: Environment['approvers']): string {
  return Object.entries(approvers)
    .flatMap(([name, keys]) => keys.map(key => `${name} namespaces="${NAMESPACE}" ${key.trim()}\n`))
    .join('')
}

/** How a call of ssh-keygen ended. */
interface KeygenResult {
  readonly code: number | 'missing'
  readonly stdout: string
  readonly stderr: string
}

/** Calls ssh-keygen with something to read. Passphrases it asks for in the terminal itself. Never rejects. */
export function callKeygen(args: readonly string[], input: string): Promise<KeygenResult> {
  return new Promise(resolve => {
    const child = spawn('ssh-keygen', args, { stdio: ['pipe', 'pipe', 'pipe'] })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.stdin.on('error', () => {})
    child.on('error', error => resolve({ code: 'missing', stdout, stderr: error.message }))
    child.on('close', code => resolve({ code: code ?? 1, stdout, stderr }))
    child.stdin.end(input)
  })
}
