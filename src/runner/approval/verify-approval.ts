import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Environment } from '../../environments/index.ts'

/** The namespace of our SSH signatures: one made for something else is worth nothing here. */
export const NAMESPACE = 'handbook'

/** Whose approval a signature is, or why it is nobody's. */
type Verdict = { readonly approver: string } | { readonly problem: string }

/**
 * Verifies an SSH signature of a text against an environment's approvers. Whoever runs the procedure cannot approve it, under whatever
 * name: names that have a key in common are one person.
 */
export async function verifyApproval(
  { approvers, name }: Pick<Environment, 'approvers' | 'name'>,
  runner: readonly string[],
  text: string,
  signature: string,
): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), 'handbook-approval-'))
  try {
    const signers = join(folder, 'signers')
    const file = join(folder, 'signature')
    writeFileSync(signers, listSigners(approvers))
    writeFileSync(file, signature)
    const key = readSigningKey(signature)
    const known = Object.keys(approvers).filter(known => approvers[known]?.some(line => readKey(line) === key))
    const [approver] = known
    if (approver === undefined) return { problem: `it is not signed by an approver of ${name}` }
    const args = ['-Y', 'verify', '-f', signers, '-I', approver, '-n', NAMESPACE, '-s', file]
    const { code } = await callKeygen(args, text)
    if (code === 'missing') return { problem: 'ssh-keygen is not installed here (Debian: openssh-client)' }
    const person = findPerson(approvers, known)
    const own = person.find(name => isOneOf(name, runner))
    if (own !== undefined) {
      const others = person.filter(other => other !== own)
      const same = others.length > 0 ? `: one key makes ${own} and ${others.join(', ')} one person` : ''
      return { problem: `${own} runs this, and cannot approve it${same}` }
    }
    return code === 0 ? { approver } : { problem: `the signature of ${known.join(', ')} is not one of this request` }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Who may approve what somebody runs under these names: nobody whose key, or name, is theirs. */
export function listOthers(approvers: Environment['approvers'], runner: readonly string[]): string[] {
  return Object.keys(approvers).filter(name => !findPerson(approvers, [name]).some(one => isOneOf(one, runner)))
}

/** Whether a name is one of these, in whatever letters somebody wrote it. */
function isOneOf(name: string, names: readonly string[]): boolean {
  return names.some(one => one.toLowerCase() === name.toLowerCase())
}

/** All names of a person: those that share a key with one of these, and those that share one with them. */
function findPerson(approvers: Environment['approvers'], names: readonly string[]): string[] {
  const keys = new Set(names.flatMap(name => (approvers[name] ?? []).map(readKey)))
  const more = Object.keys(approvers).filter(name => approvers[name]?.some(line => keys.has(readKey(line))))
  return more.length > names.length ? findPerson(approvers, more) : more
}

/** The key itself, without what a line of `authorized_keys` says around it. */
function readKey(line: string): string {
  return line.trim().split(/\s+/)[1] ?? line
}

/** The key in an armoured SSH signature, as a line of `authorized_keys` has it. Source: PROTOCOL.sshsig of OpenSSH. */
function readSigningKey(signature: string): string | undefined {
  const [, armoured = ''] = /-----BEGIN SSH SIGNATURE-----([^-]+)-----END/.exec(signature) ?? []
  const bytes = Buffer.from(armoured, 'base64')
  const begin = 'SSHSIG'.length + 4
  if (bytes.length < begin + 4) return undefined
  return bytes.subarray(begin + 4, begin + 4 + bytes.readUInt32BE(begin)).toString('base64')
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
