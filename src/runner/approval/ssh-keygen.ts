import { spawn } from 'node:child_process'

/** How a call of ssh-keygen ended. */
export interface KeygenResult {
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
