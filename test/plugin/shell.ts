import { execa } from 'execa'

/** What an interactive shell printed, and whether it was still there after what was pasted. */
export interface Pasted {
  readonly stdout: string
  readonly stderr: string
  /** The exit code of what was pasted; none when the shell did not survive it. */
  readonly status?: number
}

/** Pastes a text into an interactive shell, as a person would: the shell reads it line by line and goes on afterwards. */
export async function paste(text: string, shell = 'bash', variables: Record<string, string> = {}): Promise<Pasted> {
  const quiet = { bash: ['--norc', '--noprofile', '-i'], zsh: ['-f', '-i'] }[shell] ?? ['-i']
  const { stdout, stderr } = await execa(shell, quiet, {
    input: `${text}\necho "survived with $?"\nexit 0\n`,
    env: { PATH: process.env.PATH ?? '', PS1: '', PS2: '', HISTFILE: '', ...variables },
    extendEnv: false,
    reject: false,
  })
  const status = /^survived with (\d+)$/m.exec(stdout)?.[1]
  return { stdout, stderr, ...(status === undefined ? {} : { status: Number(status) }) }
}
